import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
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

/** Signs documents with the JDK's XML signature API: java Sign.java KEY.p12 PASSWORD FOLDER (rsa|ec). */
public class Sign {
    static final String SHA256 = DigestMethod.SHA256;
    static final String DOCUMENT = "<?xml version=\"1.0\"?><!-- before --><?before it?>"
        + "<doc xmlns=\"urn:doc\" xmlns:q=\"urn:q\" xml:lang=\"kk\"><!-- in --><q:ат Id=\"part\" q:б=\"в\">Қазақ тілі"
        + "<plain xmlns=\"\">&lt;&#13;</plain></q:ат></doc><?after it?>";

    static XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
    static PrivateKey key;
    static X509Certificate certificate;
    static Path folder;

    public static void main(String[] args) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream(args[0]), args[1].toCharArray());
        String alias = store.aliases().nextElement();
        key = (PrivateKey) store.getKey(alias, args[1].toCharArray());
        certificate = (X509Certificate) store.getCertificate(alias);
        folder = Path.of(args[2]);
        String more = "http://www.w3.org/2001/04/xmldsig-more#";
        String[] canonical = {CanonicalizationMethod.INCLUSIVE, CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS,
            CanonicalizationMethod.EXCLUSIVE, CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS,
            "http://www.w3.org/2006/12/xml-c14n11", "http://www.w3.org/2006/12/xml-c14n11#WithComments"};
        if (args[3].equals("ec")) {
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
