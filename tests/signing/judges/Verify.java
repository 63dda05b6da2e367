import java.io.File;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Verifies each file's last signature with the JDK's XML signature API and prints true or false, a line each. */
class Verify {
    public static void main(String[] files) throws Exception {
        DocumentBuilderFactory documents = DocumentBuilderFactory.newInstance();
        documents.setNamespaceAware(true);
        XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");
        for (String file : files) {
            Document document = documents.newDocumentBuilder().parse(new File(file));
            NodeList found = document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature");
            DOMValidateContext context = new DOMValidateContext(new FirstCertificate(), found.item(found.getLength() - 1));
            NodeList properties = document.getElementsByTagNameNS("http://uri.etsi.org/01903/v1.3.2#", "SignedProperties");
            context.setIdAttributeNS((Element) properties.item(0), null, "Id");
            System.out.println(signatures.unmarshalXMLSignature(context).validate(context));
        }
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
