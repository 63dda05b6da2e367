// Reads an X.509 certificate (RFC 5280) as the National Certification Authority writes it. node-forge's own reader
// knows RSA alone.
import forge from "node-forge/lib/forge.js";
import "node-forge/lib/asn1.js";

const { asn1 } = forge;
const NAMES = { "2.5.4.3": "commonName", "2.5.4.42": "patronymic", "2.5.4.10": "organisation" };
const SERIAL_NUMBER = "2.5.4.5";
const UNIT = "2.5.4.11";
const KEY_USAGE = "2.5.29.15";
const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
const P256 = "1.2.840.10045.3.1.7";
const GOST = /^1\.2\.(398|643)\./;

// der: Uint8Array → what the page shows, and what choosing and importing the key need.
export function readCertificate(der) {
  const [toBeSigned] = asn1.fromDer(forge.util.createBuffer(der)).value;
  const hasVersion = toBeSigned.value[0].tagClass === asn1.Class.CONTEXT_SPECIFIC;
  const fields = hasVersion ? toBeSigned.value.slice(1) : toBeSigned.value;
  const [, , issuer, validity, subject, publicKey] = fields;
  const holder = readName(subject);
  const [notBefore, notAfter] = validity.value.map(readTime);
  return {
    name: [holder.commonName, holder.patronymic].filter(Boolean).join(" "),
    iin: holder.iin,
    bin: holder.bin,
    organisation: holder.organisation,
    issuer: readName(issuer).commonName,
    notBefore,
    notAfter,
    key: keyKind(publicKey),
    publicKeyDer: toBytes(publicKey),
    maySign: maySign(fields),
    subjectDer: asn1.toDer(subject).getBytes(),
    issuerDer: asn1.toDer(issuer).getBytes(),
  };
}

function readName(name) {
  const found = {};
  for (const set of name.value) {
    for (const { value: [type, value] } of set.value) {
      const oid = asn1.derToOid(type.value);
      const text = readText(value);
      if (NAMES[oid]) found[NAMES[oid]] ??= text;
      if (oid === SERIAL_NUMBER) found.iin ??= text.match(/^IIN(\d{12})$/)?.[1];
      if (oid === SERIAL_NUMBER || oid === UNIT) found.bin ??= text.match(/^BIN(\d{12})$/)?.[1];
    }
  }
  return found;
}

function readText({ type, value }) {
  return type === asn1.Type.UTF8 ? forge.util.decodeUtf8(value) : value;
}

function readTime({ type, value }) {
  const date = type === asn1.Type.UTCTIME ? asn1.utcTimeToDate(value) : asn1.generalizedTimeToDate(value);
  return date.getTime();
}

function keyKind(publicKey) {
  const [algorithm, key] = publicKey.value;
  const oid = asn1.derToOid(algorithm.value[0].value);
  if (GOST.test(oid)) return "gost";
  if (oid === EC) return asn1.derToOid(algorithm.value[1].value) === P256 ? "ECDSA" : "unsupported";
  if (oid !== RSA) return "unsupported";
  const [modulus] = asn1.fromDer(key.bitStringContents.slice(1)).value;
  return modulus.value.replace(/^\0/, "").length * 8 >= 2048 ? "RSASSA-PKCS1-v1_5" : "unsupported";
}

// A signing key has nonRepudiation; the same person's authentication key has not.
function maySign(fields) {
  const extensions = fields.find((field) => field.tagClass === asn1.Class.CONTEXT_SPECIFIC && field.type === 3);
  const usage = extensions?.value[0].value.find(({ value }) => asn1.derToOid(value[0].value) === KEY_USAGE);
  if (!usage) return true;
  const bits = asn1.fromDer(usage.value.at(-1).value);
  return Boolean(bits.bitStringContents.charCodeAt(1) & 0x40);
}

export function toBytes(node) {
  return Uint8Array.from(asn1.toDer(node).getBytes(), (character) => character.charCodeAt(0));
}
