import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.NodeSetData;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** What each ArchiveTimeStamp of a document must be over, as the JDK has it: SHA-256 in hex, a line each. */
public class Imprint {
    static final String DS = XMLSignature.XMLNS;
    static KeySelector key;
    static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";

    public static void main(String[] args) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(new File(args[0]));
        Element signature = (Element) document.getElementsByTagNameNS(DS, "Signature").item(0);
        for (Element stamp : children(one(signature, XADES, "UnsignedSignatureProperties"))) {
            if (stamp.getLocalName().equals("ArchiveTimeStamp")) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(imprint(signature, stamp));
                System.out.println(HexFormat.of().formatHex(digest));
            }
        }
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

    /** An element's nodes as XPath has them: every namespace in scope belongs to the element. */
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
