// Opens a PKCS#12 key file (RFC 7292): node-forge decrypts it, WebCrypto takes the key and never gives it out again.
import forge from "node-forge/lib/forge.js";
import "node-forge/lib/pkcs12.js";
import { readCertificate, toBytes } from "./certificate.js";
import { Problem } from "./problem.js";

const { asn1, pki, pkcs12 } = forge;
const LARGEST_FILE = 1024 * 1024;
// node-forge derives a wrong MAC key with these (RFC 7292, B.2 has blocks of 128 bytes), and would blame the password.
const LONG_BLOCKS = [pki.oids.sha384, pki.oids.sha512];
const ALGORITHMS = {
  "RSASSA-PKCS1-v1_5": { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ECDSA: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
};

// PBES2 takes the password in UTF-8 (RFC 8018), the MAC and the older ciphers as BMPString (RFC 7292, B.1): node-forge
// makes the second alone.
const { getCipherForPBES2 } = pki.pbe;
pki.pbe.getCipherForPBES2 = (oid, parameters, password) =>
  getCipherForPBES2(oid, parameters, forge.util.encodeUtf8(password));

// Keys and certificates of every algorithm are taken as they lie in the file; node-forge reads RSA alone.
pki.privateKeyFromAsn1 = pki.certificateFromAsn1 = () => {
  throw new Error("left in ASN.1");
};

// → { key: CryptoKey, certificate (see certificate.js), der, chain: [DER, …] without the root }
export async function openKeyFile(file, password) {
  const { keys, certificates } = decrypt(file, password);
  const pairs = await pair(keys, certificates);
  if (!pairs.length) throw new Problem(whyNone(certificates));
  const signing = pairs.filter(({ certificate }) => certificate.maySign);
  if (!signing.length) throw new Problem("no-key");
  const [best] = signing.sort((one, other) => other.certificate.notAfter - one.certificate.notAfter);
  return { ...best, chain: issuersOf(best.certificate, certificates) };
}

function decrypt(file, password) {
  const bags = readFile(file, password).safeContents.flatMap(({ safeBags }) => safeBags);
  const ofType = (...types) => bags.filter(({ type }) => types.includes(type)).map((bag) => toBytes(bag.asn1));
  return {
    keys: ofType(pki.oids.pkcs8ShroudedKeyBag, pki.oids.keyBag),
    certificates: ofType(pki.oids.certBag).map((der) => ({ der, certificate: readCertificate(der) })),
  };
}

function readFile(file, password) {
  let structure;
  try {
    if (file.byteLength > LARGEST_FILE) throw new Problem("not-a-key-file");
    structure = asn1.fromDer(forge.util.createBuffer(file), { parseAllBytes: false });
  } catch {
    throw new Problem("not-a-key-file");
  }
  try {
    return pkcs12.pkcs12FromAsn1(structure, false, password);
  } catch (error) {
    const words = `${error.message} ${error.oid}`;
    if (/1\.2\.(398|643)\./.test(words)) throw new Problem("gost");
    if (/PKCS#12 PFX|authSafe/.test(words)) throw new Problem("not-a-key-file");
    const unsupported = /unsupported/i.test(words) || LONG_BLOCKS.includes(macAlgorithmOf(structure));
    if (unsupported) throw new Problem("unsupported-file");
    throw new Problem("wrong-password");
  }
}

// PFX ::= { version, authSafe, macData { mac { digestAlgorithm { algorithm … } … } … } OPTIONAL }
function macAlgorithmOf(structure) {
  const algorithm = structure.value[2]?.value[0]?.value[0]?.value[0];
  return algorithm && asn1.derToOid(algorithm.value);
}

// A key belongs to the certificate that verifies what it signs; names and identifiers in the file are hearsay.
async function pair(keys, certificates) {
  const pairs = [];
  for (const { der, certificate } of certificates) {
    const algorithm = ALGORITHMS[certificate.key];
    if (!algorithm) continue;
    const publicKey = await crypto.subtle.importKey("spki", certificate.publicKeyDer, algorithm, false, ["verify"]);
    for (const pkcs8 of keys) {
      const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]).catch(() => null);
      if (!key) continue;
      const value = await crypto.subtle.sign(algorithm, key, certificate.publicKeyDer);
      if (await crypto.subtle.verify(algorithm, publicKey, value, certificate.publicKeyDer)) {
        pairs.push({ key, certificate, der });
      }
    }
  }
  return pairs;
}

function whyNone(certificates) {
  const kinds = certificates.map(({ certificate }) => certificate.key);
  if (kinds.includes("gost")) return "gost";
  return kinds.includes("unsupported") ? "unsupported-key" : "no-key";
}

function issuersOf(certificate, certificates) {
  const chain = [];
  let current = certificate;
  for (;;) {
    const found = certificates.find(
      ({ certificate: { subjectDer, issuerDer } }) => subjectDer === current.issuerDer && issuerDer !== subjectDer,
    );
    if (!found || chain.includes(found.der)) return chain;
    chain.push(found.der);
    current = found.certificate;
  }
}
