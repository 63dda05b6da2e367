// Bundles the front end into src/egovdocs/static: a style sheet, a script for each page that needs one, the fonts.
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileAsync } from "sass";

const assets = dirname(fileURLToPath(import.meta.url));
const project = dirname(assets);
const packages = join(project, "node_modules");
const target = join(project, "src/egovdocs/static");
const out = `${target}.new`;  // swapped when complete, so that an error leaves the site unchanged

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "fonts"), { recursive: true });

const golos = join(packages, "@expo-google-fonts/golos-text");
for (const [folder, name] of [["400Regular", "Regular"], ["600SemiBold", "SemiBold"], ["700Bold", "Bold"]]) {
  await cp(join(golos, folder, `GolosText_${folder}.ttf`), join(out, `fonts/GolosText-${name}.ttf`));
}
await cp(join(golos, "LICENSE_FONT"), join(out, "fonts/LICENSE"));

for (const image of ["favicon.svg", "sun.svg"]) {
  await cp(join(assets, image), join(out, image));
}

const sheet = await compileAsync(join(assets, "site.scss"), {
  loadPaths: [packages],
  style: "compressed",
  quietDeps: true,
});
await writeFile(join(out, "site.css"), sheet.css);

const scripts = { site: "site.js", signing: "signing/page.js", "signing-worker": "signing/worker.js" };
await build({
  entryPoints: Object.fromEntries(Object.entries(scripts).map(([name, file]) => [name, join(assets, file)])),
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "linked",
  logLevel: "warning",
});

await rm(target, { recursive: true, force: true });
await rename(out, target);
