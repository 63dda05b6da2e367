// Verifies each file's signature with xmldsigjs and prints true or false, a line each.
import { readFile } from "node:fs/promises";
import { webcrypto } from "node:crypto";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { setNodeDependencies } from "xml-core";
import { Application, Parse, SignedXml } from "xmldsigjs";
import xpath from "xpath";

setNodeDependencies({ DOMParser, XMLSerializer, xpath });
Application.setEngine("node", webcrypto);

for (const file of process.argv.slice(2)) {
  const document = Parse(await readFile(file, "utf-8"));
  const signature = document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature")[0];
  const signed = new SignedXml(document);
  signed.LoadXml(signature);
  console.log(await signed.Verify().catch((error) => error.message));
}
