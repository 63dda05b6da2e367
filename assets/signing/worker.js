// Opening a key file takes seconds of arithmetic: it is done here, beside the page. The key leaves as a CryptoKey
// that can sign and cannot be read.
import { openKeyFile } from "./keyfile.js";
import { Problem } from "./problem.js";

self.onmessage = async ({ data: { file, password } }) => {
  try {
    self.postMessage({ opened: await openKeyFile(new Uint8Array(file), password) });
  } catch (error) {
    const { code } = error instanceof Problem ? error : new Problem("failed");
    self.postMessage({ problem: { code } });
  }
};
