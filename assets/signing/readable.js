// Shows a document from the very bytes that are hashed and signed: every element, attribute, text and processing
// instruction stands in the list; what has no label is shown by its name.
import { Problem } from "./problem.js";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const XMLNS = "http://www.w3.org/2000/xmlns/";

// document: canonical XML; labels: {"applicant/name": "…", "applicant/kind=natural": "…"};
// words: { yes, no, "exact-xml", timeZone }
export function readable(document, labels, words) {
  const xml = new TextDecoder().decode(document);
  const parsed = new DOMParser().parseFromString(xml, "application/xml");
  if (parsed.querySelector("parsererror")) throw new Problem("failed");
  const outside = [...parsed.childNodes].filter((node) => node !== parsed.documentElement);
  return [
    ...group([...outside, ...partsOf(parsed.documentElement)], "", 2, labels, words),
    exactly(xml, words),
  ];
}

function group(nodes, path, level, labels, words) {
  const blocks = [];
  for (const node of nodes) {
    const name = path + nameOf(node);
    const label = labels[name] ?? nameOf(node);
    if (node.nodeType === Node.TEXT_NODE && !node.data.trim()) continue;
    if (isGroup(node)) {
      const heading = element(`h${Math.min(level, 6)}`, "govuk-heading-s", label);
      const inside = group(partsOf(node), `${name}/`, level + 1, labels, words);
      const section = element("section", "signing-group");
      section.append(heading, ...inside);
      blocks.push(section);
    } else {
      if (blocks.at(-1)?.tagName !== "DL") blocks.push(element("dl", "govuk-summary-list"));
      blocks.at(-1).append(row(label, valueOf(node, name, labels, words)));
    }
  }
  return blocks;
}

function isGroup(node) {
  return node.nodeType === Node.ELEMENT_NODE && partsOf(node).some(({ nodeType }) => nodeType !== Node.TEXT_NODE);
}

function partsOf(element) {
  const attributes = [...element.attributes].filter(({ namespaceURI }) => namespaceURI !== XMLNS);
  return [...attributes, ...element.childNodes];
}

function nameOf(node) {
  if (node.nodeType === Node.ATTRIBUTE_NODE) return `@${node.name}`;
  if (node.nodeType === Node.PROCESSING_INSTRUCTION_NODE) return `?${node.target}`;
  return node.localName ?? "";
}

function valueOf(node, name, labels, words) {
  const text = node.textContent;
  const choice = labels[`${name}=${text}`] ?? { true: words.yes, false: words.no }[text];
  if (choice) return choice;
  if (MOMENT.test(text)) return new Date(text).toLocaleString("ru", { dateStyle: "short", timeStyle: "long", timeZone: words.timeZone });
  return text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$3.$2.$1");
}

export function row(label, value) {
  const line = element("div", "govuk-summary-list__row");
  line.append(
    element("dt", "govuk-summary-list__key", label),
    element("dd", "govuk-summary-list__value signing-value", value),
  );
  return line;
}

function exactly(xml, words) {
  const details = element("details", "govuk-details");
  const summary = element("summary", "govuk-details__summary");
  summary.append(element("span", "govuk-details__summary-text", words["exact-xml"]));
  const text = element("div", "govuk-details__text");
  text.append(element("pre", "signing-xml", xml));
  details.append(summary, text);
  return details;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
