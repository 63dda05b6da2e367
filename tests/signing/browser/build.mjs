// Bundles the page, the worker and the parts of them that the tests call, into the folder given.
import { build } from "esbuild";

const assets = new URL("../../../assets/signing/", import.meta.url).pathname;
const here = new URL("./", import.meta.url).pathname;

await build({
  entryPoints: { page: `${assets}page.js`, worker: `${assets}worker.js`, parts: `${here}parts.js` },
  outdir: process.argv[2],
  bundle: true,
  format: "esm",
  logLevel: "warning",
});
