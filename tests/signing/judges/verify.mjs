// Verifies signatures with xmldsigjs: reads file names from standard input and answers each with a line, true, false
// or the error.
import { readFile } from "node:fs/promises";
import { webcrypto } from "node:crypto";
import { createInterface } from "node:readline";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { setNodeDependencies } from "xml-core";
import { Application, Parse, SignedXml } from "xmldsigjs";
import xpath from "xpath";

setNodeDependencies({ DOMParser, XMLSerializer, xpath });
Application.setEngine("node", webcrypto);

async function verify(file) {
  const document = Parse(await readFile(file, "utf-8"));
  const signature = document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature")[0];
  const signed = new SignedXml(document);
  signed.LoadXml(signature);
  return signed.Verify();
}

for await (const file of createInterface({ input: process.stdin })) {
  console.log(await verify(file).catch((error) => error.message));
}
