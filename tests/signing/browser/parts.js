import { check } from "../../../assets/signing/check.js";
import { fromBase64, toBase64 } from "../../../assets/signing/encoding.js";
import { openKeyFile } from "../../../assets/signing/keyfile.js";

// → null, or the code of the problem
window.check = ({ document, signedInfo, signedProperties, certificate, algorithm }) =>
  check(
    {
      document: fromBase64(document),
      signedInfo: fromBase64(signedInfo),
      signedProperties: fromBase64(signedProperties),
    },
    fromBase64(certificate),
    algorithm,
  ).then(
    () => null,
    (problem) => problem.code,
  );

// → what was opened and a signature over "data", or the code of the problem
window.openKey = async ({ file, password }) => {
  try {
    const { key, certificate, der, chain } = await openKeyFile(fromBase64(file), password);
    const algorithm = { name: key.algorithm.name, hash: "SHA-256" };
    const value = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode("data"));
    return {
      der: toBase64(der),
      chain: chain.map(toBase64),
      value: toBase64(new Uint8Array(value)),
      extractable: key.extractable,
      name: certificate.name,
      iin: certificate.iin,
      bin: certificate.bin,
      organisation: certificate.organisation,
      issuer: certificate.issuer,
      notAfter: certificate.notAfter,
    };
  } catch (problem) {
    return problem.code ?? `${problem.stack}`;
  }
};
