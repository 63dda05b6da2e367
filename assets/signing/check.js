// The honest check before a signature: the site prepares what is signed, the browser writes down for itself what it
// must be and compares. The templates are those of src/egovdocs/signing/xmldsig/making.py, in canonical form.
import { toBase64 } from "./encoding.js";
import { Problem } from "./problem.js";

const DS = "http://www.w3.org/2000/09/xmldsig#";
const XADES = "http://uri.etsi.org/01903/v1.3.2#";
const C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const METHODS = {
  "RSASSA-PKCS1-v1_5": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  ECDSA: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
};
const TEN_MINUTES = 10 * 60 * 1000;

// document: the canonical bytes shown to the person; certificate: DER; algorithm: the key's WebCrypto name.
export async function check({ document, signedInfo, signedProperties }, certificate, algorithm, now = Date.now()) {
  const properties = text(signedProperties);
  const id = properties.match(/ Id="(signature-[0-9a-f]{16})-properties">/)?.[1];
  const time = properties.match(/<xades:SigningTime>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)</)?.[1];
  const honest =
    properties === signedPropertiesOf(id, time, await digest(certificate)) &&
    text(signedInfo) === signedInfoOf(id, METHODS[algorithm], await digest(document), await digest(signedProperties));
  if (!honest) throw new Problem("mismatch");
  if (!(Math.abs(Date.parse(time) - now) <= TEN_MINUTES)) throw new Problem("clock");
}

function signedPropertiesOf(id, time, certificateDigest) {
  return (
    `<xades:SignedProperties xmlns:xades="${XADES}" Id="${id}-properties"><xades:SignedSignatureProperties>` +
    `<xades:SigningTime>${time}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>` +
    `<ds:DigestMethod xmlns:ds="${DS}" Algorithm="${SHA256}"></ds:DigestMethod>` +
    `<ds:DigestValue xmlns:ds="${DS}">${certificateDigest}</ds:DigestValue>` +
    `</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>` +
    `<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#${id}-content">` +
    `<xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>` +
    `</xades:SignedProperties>`
  );
}

function signedInfoOf(id, method, documentDigest, propertiesDigest) {
  return (
    `<ds:SignedInfo xmlns:ds="${DS}"><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>` +
    `<ds:Reference Id="${id}-content" URI=""><ds:Transforms>` +
    `<ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform>` +
    `<ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod>` +
    `<ds:DigestValue>${documentDigest}</ds:DigestValue></ds:Reference>` +
    `<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#${id}-properties"><ds:Transforms>` +
    `<ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod>` +
    `<ds:DigestValue>${propertiesDigest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  );
}

async function digest(bytes) {
  return toBase64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

function text(bytes) {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
