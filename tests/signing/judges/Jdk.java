import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.NodeSetData;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.crypto.dsig.spec.RSAPSSParameterSpec;
import javax.xml.crypto.dsig.spec.SignatureMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.crypto.dsig.spec.XPathFilter2ParameterSpec;
import javax.xml.crypto.dsig.spec.XPathFilterParameterSpec;
import javax.xml.crypto.dsig.spec.XPathType;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Verifies and makes XML signatures with the JDK, in one process: reads commands from standard input, a line each, its
 * words separated by tabs, and answers each with a line: "ok" and the results, or "error" and the reason.
 *
 *     verify FILE                            true or false: the file's last signature
 *     imprint FILE                           SHA-256 (hex) of what each ArchiveTimeStamp must be over
 *     sign KEY.p12 PASSWORD FOLDER (rsa|ec)  documents written to the folder
 */
public class Jdk {
    public static void main(String[] arguments) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(answer(line.split("\t")));
        }
    }

    static String answer(String[] words) {
        try {
            List<String> results = switch (words[0]) {
                case "verify" -> List.of(String.valueOf(Verify.verify(new File(words[1]))));
                case "imprint" -> Imprint.imprints(new File(words[1]));
                case "sign" -> Sign.sign(words[1], words[2], Path.of(words[3]), words[4]);
                default -> throw new IllegalArgumentException("unknown command");
            };
            return String.join("\t", "ok", String.join(" ", results));
        } catch (Exception problem) {
            return String.join("\t", "error", problem.toString().replace('\n', ' '));
        }
    }
}

/** Verifies a file's last signature with the key of its first certificate. */
class Verify {
    static boolean verify(File file) throws Exception {
        DocumentBuilderFactory documents = DocumentBuilderFactory.newInstance();
        documents.setNamespaceAware(true);
        Document document = documents.newDocumentBuilder().parse(file);
        NodeList found = document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature");
        DOMValidateContext context = new DOMValidateContext(new FirstCertificate(), found.item(found.getLength() - 1));
        NodeList properties = document.getElementsByTagNameNS("http://uri.etsi.org/01903/v1.3.2#", "SignedProperties");
        context.setIdAttributeNS((Element) properties.item(0), null, "Id");
        return XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context).validate(context);
    }

    static class FirstCertificate extends KeySelector {
        @Override
        public KeySelectorResult select(KeyInfo info, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context) {
            X509Data data = (X509Data) info.getContent().get(0);
            PublicKey key = ((X509Certificate) data.getContent().get(0)).getPublicKey();
            return () -> key;
        }
    }
}

/** What each ArchiveTimeStamp of a document must be over, as the JDK computes it. */
class Imprint {
    static final String DS = XMLSignature.XMLNS;
    static KeySelector key;
    static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";

    static List<String> imprints(File file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(file);
        Element signature = (Element) document.getElementsByTagNameNS(DS, "Signature").item(0);
        List<String> found = new ArrayList<>();
        for (Element stamp : children(one(signature, XADES, "UnsignedSignatureProperties"))) {
            if (stamp.getLocalName().equals("ArchiveTimeStamp")) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(imprint(signature, stamp));
                found.add(HexFormat.of().formatHex(digest));
            }
        }
        return found;
    }

    static byte[] imprint(Element signature, Element stamp) throws Exception {
        String method = CanonicalizationMethod.INCLUSIVE;
        for (Element child : children(stamp)) {
            if (child.getLocalName().equals("CanonicalizationMethod")) {
                method = child.getAttribute("Algorithm");
            }
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        key = KeySelector.singletonKeySelector(certificate(signature).getPublicKey());
        DOMValidateContext context = new DOMValidateContext(key, signature);
        context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
        context.setProperty("org.jcp.xml.dsig.secureValidation", false);
        context.setIdAttributeNS(one(signature, XADES, "SignedProperties"), null, "Id");
        for (Element part : children(signature)) {
            if (part.hasAttribute("Id")) {
                context.setIdAttributeNS(part, null, "Id");
            }
        }
        XMLSignature read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        if (!read.validate(context)) {
            throw new IllegalStateException("the signature does not verify");
        }
        List<String> referenced = new ArrayList<>();
        for (Object reference : read.getSignedInfo().getReferences()) {
            referenced.add(((Reference) reference).getURI());
            try (InputStream digested = ((Reference) reference).getDigestInputStream()) {
                digested.transferTo(octets);
            }
        }
        List<Element> held = new ArrayList<>();
        boolean old = XADES.equals(stamp.getNamespaceURI());
        for (Element part : children(signature)) {
            if (part.getLocalName().equals("Object")) {
                boolean left = old && referenced.contains("#" + part.getAttribute("Id"));
                if (!left && part.getElementsByTagNameNS(XADES, "QualifyingProperties").getLength() == 0) {
                    held.add(part);
                }
            } else {
                octets.write(canonical(part, method));
            }
        }
        for (Element property : children((Element) stamp.getParentNode())) {
            if (property == stamp) {
                break;
            }
            octets.write(canonical(property, method));
        }
        for (Element object : held) {
            octets.write(canonical(object, method));
        }
        return octets.toByteArray();
    }

    static byte[] canonical(Element element, String method) throws Exception {
        CanonicalizationMethod canonicalization =
            XMLSignatureFactory.getInstance("DOM")
                .newCanonicalizationMethod(method, (C14NMethodParameterSpec) null);
        List<Node> nodes = new ArrayList<>();
        gather(element, nodes);
        NodeSetData<Node> data = new NodeSetData<Node>() {
            public Iterator<Node> iterator() {
                return nodes.iterator();
            }
        };
        DOMValidateContext context = new DOMValidateContext(key, element);
        OctetStreamData result = (OctetStreamData) canonicalization.transform(data, context);
        return result.getOctetStream().readAllBytes();
    }

    /** Gathers an element's nodes as XPath defines them: every namespace in scope belongs to the element. */
    static void gather(Node node, List<Node> nodes) {
        nodes.add(node);
        NamedNodeMap attributes = node.getAttributes();
        for (int i = 0; attributes != null && i < attributes.getLength(); i++) {
            nodes.add(attributes.item(i));
        }
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            gather(child, nodes);
        }
    }

    static java.security.cert.Certificate certificate(Element signature) throws Exception {
        String text = one(signature, DS, "X509Certificate").getTextContent();
        byte[] der = java.util.Base64.getMimeDecoder().decode(text);
        return java.security.cert.CertificateFactory.getInstance("X.509")
            .generateCertificate(new java.io.ByteArrayInputStream(der));
    }

    static Element one(Element within, String namespace, String name) {
        return (Element) within.getElementsByTagNameNS(namespace, name).item(0);
    }

    static List<Element> children(Element parent) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                found.add(element);
            }
        }
        return found;
    }
}

/** Signs documents in many forms. */
class Sign {
    static final String SHA256 = DigestMethod.SHA256;
    static final String DOCUMENT = "<?xml version=\"1.0\"?><!-- before --><?before it?>"
        + "<doc xmlns=\"urn:doc\" xmlns:q=\"urn:q\" xml:lang=\"kk\"><!-- in --><q:ат Id=\"part\" q:б=\"в\">Қазақ тілі"
        + "<plain xmlns=\"\">&lt;&#13;</plain></q:ат></doc><?after it?>";

    static XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
    static PrivateKey key;
    static X509Certificate certificate;
    static Path folder;

    static List<String> sign(String file, String password, Path into, String kind) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = new FileInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        String alias = store.aliases().nextElement();
        key = (PrivateKey) store.getKey(alias, password.toCharArray());
        certificate = (X509Certificate) store.getCertificate(alias);
        folder = into;
        String more = "http://www.w3.org/2001/04/xmldsig-more#";
        String[] canonical = {CanonicalizationMethod.INCLUSIVE, CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS,
            CanonicalizationMethod.EXCLUSIVE, CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS,
            "http://www.w3.org/2006/12/xml-c14n11", "http://www.w3.org/2006/12/xml-c14n11#WithComments"};
        if (kind.equals("ec")) {
            for (int i = 0; i < canonical.length; i++) {
                enveloped("c14n-" + i, more + "ecdsa-sha256", null, canonical[i], transform(canonical[i], null));
            }
            part("detached", more + "ecdsa-sha256", "#part");
            part("detached-xpointer", more + "ecdsa-sha256", "#xpointer(id('part'))");
            enveloping("enveloping", more + "ecdsa-sha256");
            Map<String, String> ds = Map.of("ds", "http://www.w3.org/2000/09/xmldsig#");
            enveloped("xpath", more + "ecdsa-sha256", null, canonical[0],
                transform(Transform.XPATH, new XPathFilterParameterSpec("not(ancestor-or-self::ds:Signature)", ds)));
            enveloped("filter2", more + "ecdsa-sha256", null, canonical[2],
                transform(Transform.XPATH2, new XPathFilter2ParameterSpec(List.of(
                    new XPathType("/descendant::ds:Signature", XPathType.Filter.SUBTRACT, ds)))));
            enveloped("prefix-list", more + "ecdsa-sha256", null, canonical[2],
                transform(canonical[2], new ExcC14NParameterSpec(List.of("q", "#default"))));
            whole("xpointer-comments", more + "ecdsa-sha256", canonical[1]);
        } else {
            for (String bits : List.of("256", "384", "512")) {
                enveloped("rsa-" + bits, more + "rsa-sha" + bits, null, canonical[2], transform(canonical[2], null));
                enveloped("mgf1-" + bits, "http://www.w3.org/2007/05/xmldsig-more#sha" + bits + "-rsa-MGF1", null,
                    canonical[2], transform(canonical[2], null));
            }
            enveloped("pss-parameters", "http://www.w3.org/2007/05/xmldsig-more#rsa-pss",
                new RSAPSSParameterSpec(
                    new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 40, 1)),
                canonical[2], transform(canonical[2], null));
            enveloped("pss-defaults", "http://www.w3.org/2007/05/xmldsig-more#rsa-pss", null, canonical[2],
                transform(canonical[2], null));
        }
        return List.of();
    }

    static Transform transform(String algorithm, TransformParameterSpec parameters) throws Exception {
        return factory.newTransform(algorithm, parameters);
    }

    static void enveloped(String name, String method, SignatureMethodParameterSpec parameters, String canonical,
            Transform second) throws Exception {
        List<Transform> transforms = new ArrayList<>();
        transforms.add(factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null));
        transforms.add(second);
        Reference reference = factory.newReference("", factory.newDigestMethod(SHA256, null), transforms, null, null);
        Document document = parse();
        sign(name, document, document.getDocumentElement(), method, parameters, canonical, reference, null);
    }

    static void whole(String name, String method, String canonical) throws Exception {
        List<Transform> transforms = List.of(
            factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null), transform(canonical, null));
        Reference reference = factory.newReference(
            "#xpointer(/)", factory.newDigestMethod(SHA256, null), transforms, null, null);
        Document document = parse();
        sign(name, document, document.getDocumentElement(), method, null, canonical, reference, null);
    }

    static void part(String name, String method, String uri) throws Exception {
        Document document = parse();
        Element root = document.getDocumentElement();
        for (org.w3c.dom.Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                element.setIdAttribute("Id", true);
            }
        }
        Reference reference = factory.newReference(uri, factory.newDigestMethod(SHA256, null));
        sign(name, document, root, method, null, CanonicalizationMethod.INCLUSIVE, reference, null);
    }

    static void enveloping(String name, String method) throws Exception {
        Document content = parse();
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
        org.w3c.dom.Node held = document.importNode(content.getDocumentElement(), true);
        XMLObject object = factory.newXMLObject(List.of(new DOMStructure(held)), "object", null, null);
        Reference reference = factory.newReference("#object", factory.newDigestMethod(SHA256, null));
        sign(name, document, document, method, null, CanonicalizationMethod.EXCLUSIVE, reference, object);
    }

    static Document parse() throws Exception {
        DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
        builders.setNamespaceAware(true);
        return builders.newDocumentBuilder().parse(new ByteArrayInputStream(DOCUMENT.getBytes("UTF-8")));
    }

    static void sign(String name, Document document, org.w3c.dom.Node parent, String method,
            SignatureMethodParameterSpec parameters, String canonical, Reference reference, XMLObject object)
            throws Exception {
        SignedInfo info = factory.newSignedInfo(
            factory.newCanonicalizationMethod(canonical, (C14NMethodParameterSpec) null),
            factory.newSignatureMethod(method, parameters), List.of(reference));
        KeyInfoFactory infos = factory.getKeyInfoFactory();
        KeyInfo keyInfo = infos.newKeyInfo(List.of(
            infos.newKeyValue(certificate.getPublicKey()), infos.newX509Data(List.of(certificate))));
        DOMSignContext context = new DOMSignContext(key, parent);
        factory.newXMLSignature(info, keyInfo, object == null ? null : List.of(object), null, null).sign(context);
        try (var out = Files.newOutputStream(folder.resolve(name + ".xml"))) {
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        }
    }
}
