// Signs documents with xml-crypto, xmldsigjs and xadesjs: node sign.mjs KEY.pem CERTIFICATE.pem FOLDER
import { webcrypto } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { setNodeDependencies } from "xml-core";
import * as xades from "xadesjs";
import * as xmldsig from "xmldsigjs";
import xmlCrypto from "xml-crypto";
import xpath from "xpath";

const [keyFile, certificateFile, folder] = process.argv.slice(2);
const privateKey = readFileSync(keyFile, "utf-8");
const certificate = readFileSync(certificateFile, "utf-8");
const base64 = (pem) => pem.replace(/-----[^-]+-----|\s/g, "");

const INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>'
  + '<өтініш xmlns="urn:doc" xmlns:q="urn:q" xml:lang="kk"><q:бөлім q:а="в">Қазақ тілі &lt;</q:бөлім></өтініш>';

// In inclusive form these libraries lose what the root declares, and xmlsec1 refuses what they sign.
const BARE = '<?xml version="1.0" encoding="UTF-8"?><өтініш><бөлім а="в">Қазақ тілі &lt;</бөлім></өтініш>';

const save = (name, text) => writeFileSync(join(folder, `${name}.xml`), text);

function withXmlCrypto(name, { canonicalization = EXCLUSIVE, bits = 256, xpath = "/*", transforms, isEmptyUri, prefix, document = DOCUMENT }) {
  const signer = new xmlCrypto.SignedXml({
    privateKey,
    publicCert: certificate,
    canonicalizationAlgorithm: canonicalization,
    signatureAlgorithm: `http://www.w3.org/2001/04/xmldsig-more#rsa-sha${bits}`,
  });
  signer.addReference({
    xpath, transforms, isEmptyUri, digestAlgorithm: `http://www.w3.org/2001/04/xmlenc#sha${bits}`,
  });
  signer.computeSignature(document, { prefix });
  save(name, signer.getSignedXml());
}

const enveloped = (last) => [ENVELOPED, last];
withXmlCrypto("xml-crypto-empty-uri", { transforms: enveloped(EXCLUSIVE), isEmptyUri: true });
withXmlCrypto("xml-crypto-prefixed", { transforms: enveloped(EXCLUSIVE), isEmptyUri: true, prefix: "ds" });
withXmlCrypto("xml-crypto-root-id", { transforms: enveloped(EXCLUSIVE), bits: 512 });
withXmlCrypto("xml-crypto-inclusive", {
  transforms: enveloped(INCLUSIVE), canonicalization: INCLUSIVE, isEmptyUri: true, document: BARE,
});
withXmlCrypto("xml-crypto-part", { transforms: [EXCLUSIVE], xpath: "//*[local-name(.)='бөлім']" });

setNodeDependencies({ DOMParser, XMLSerializer, xpath });
xmldsig.Application.setEngine("node", webcrypto);
xades.Application.setEngine("node", webcrypto);

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

async function withPeculiar(name, library, algorithm, transforms, options = {}) {
  const key = await webcrypto.subtle.importKey(
    "pkcs8", Buffer.from(base64(privateKey), "base64"), algorithm, false, ["sign"]);
  const document = library.Parse(BARE);
  const signer = new library.SignedXml();
  const signature = await signer.Sign(algorithm, key, document, {
    x509: [base64(certificate)],
    references: [{ uri: "", hash: "SHA-256", transforms }],
    ...options,
  });
  document.documentElement.appendChild(signature.GetXml());
  save(name, new XMLSerializer().serializeToString(document));
}

const v1 = { signingCertificate: base64(certificate) };
const v2 = { signingCertificateV2: base64(certificate), signerRole: { claimed: ["Директор"] } };
await withPeculiar("xmldsigjs-exclusive", xmldsig, RSA, ["enveloped", "exc-c14n"]);
await withPeculiar("xmldsigjs-inclusive", xmldsig, RSA, ["enveloped", "c14n"]);
await withPeculiar("xmldsigjs-no-c14n", xmldsig, RSA, ["enveloped"]);
await withPeculiar("xadesjs-v1", xades, RSA, ["enveloped", "exc-c14n"], v1);
await withPeculiar("xadesjs-v2", xades, RSA, ["enveloped", "exc-c14n"], v2);
