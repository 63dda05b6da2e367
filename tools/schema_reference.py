"""Write the reference of the XSDs, a page each, from their own labels and comments.

python tools/schema_reference.py [OUT]     # build/docs/schemas when left out
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from lxml import etree

SCHEMAS = Path(__file__).parents[1] / "src" / "egovdocs" / "schemas"
XS = "{http://www.w3.org/2001/XMLSchema}"
FORM = "{urn:egovdocs:form:1}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGES = ("en", "ru", "kk")
DECLARED = ("element", "group", "complexType", "simpleType")
KINDS = {"element": "element", "group": "group", "complexType": "type", "simpleType": "simple type"}
PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100%; margin: 1rem 0 }}
th, td {{ border: 1px solid #bbb; padding: .3rem .5rem; text-align: left; vertical-align: top }}
code {{ font: 14px monospace }} .hint {{ color: #555 }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def main(out: Path) -> None:
    files = sorted(SCHEMAS.rglob("*.xsd"))
    for file in files:
        write_page(target_of(file, out), relative(file), "\n".join(describe_schema(file, out)))
    rows = [
        f"<tr><td><a href='{relative(file)[:-4]}.html'><code>{relative(file)}</code></a>"
        f"<td>{escape(comment_of(etree.parse(file)))}"
        for file in files
    ]
    write_page(out / "index.html", "Schemas", table(["schema", "what it is"], rows))
    print(f"{len(files)} schemas: {out / 'index.html'}")


def write_page(target: Path, title: str, body: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(PAGE.format(title=escape(title), body=body), "utf-8")


def relative(file: Path) -> str:
    return file.relative_to(SCHEMAS).as_posix()


def target_of(file: Path, out: Path) -> Path:
    return out / f"{relative(file)[:-4]}.html"


def comment_of(tree: etree._ElementTree) -> str:
    """Return the comment before the root element, which says what the schema is for."""
    before = tree.getroot().getprevious()
    return " ".join((before.text or "").split()) if isinstance(before, etree._Comment) else ""


def describe_schema(file: Path, out: Path) -> Iterator[str]:
    tree = etree.parse(file)
    root = tree.getroot()
    yield f"<p>{escape(comment_of(tree))}</p>"
    namespace = root.get("targetNamespace") or "that of the schema that includes it"
    yield f"<p>Namespace: <code>{escape(namespace)}</code></p>"
    links = linked_names(file, target_of(file, out).parent, out)
    for declared in root:
        if isinstance(declared.tag, str) and etree.QName(declared).localname in DECLARED:
            yield from describe_declaration(declared, links)


def linked_names(file: Path, folder: Path, out: Path) -> dict[str, str]:
    """Return the address of each type and group that a schema may refer to, by local name."""
    links: dict[str, str] = {}
    pending, seen = [file.resolve()], set()
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        root = etree.parse(current).getroot()
        page = os.path.relpath(target_of(current, out), folder)
        for name in (child.get("name") for child in root if isinstance(child.tag, str)):
            if name:
                links.setdefault(name, f"{page}#{name}")
        pending += [
            (current.parent / str(each.get("schemaLocation"))).resolve()
            for each in root.iter(f"{XS}include", f"{XS}import")
            if each.get("schemaLocation")
        ]
    return links


def describe_declaration(declared: etree._Element, links: dict[str, str]) -> Iterator[str]:
    name = declared.get("name") or ""
    kind = KINDS[etree.QName(declared).localname]
    yield f"<h2 id='{escape(name)}'><code>{escape(name)}</code>, {kind}</h2>"
    yield labels(declared, "p")
    members = [child for child in declared.iter(f"{XS}element", f"{XS}group") if child is not declared]
    if members:
        rows = [member_row(member, links) for member in members]
        yield table(["name", "type", "occurs", "label", "form"], rows)
    if (restriction := own_restriction(declared)) is not None:
        yield f"<p>Based on {describe_restriction(restriction, links)}</p>"
        values = restriction.findall(f"{XS}enumeration")
        rows = [
            f"<tr><td><code>{escape(value.get('value') or '')}</code><td>{labels(value)}" for value in values
        ]
        if rows:
            yield table(["value", "label"], rows)


def own_restriction(declared: etree._Element) -> etree._Element | None:
    """Return the restriction of a simple type, or of the unnamed simple type of an element."""
    found = declared.find(f"{XS}restriction")
    return found if found is not None else declared.find(f"{XS}simpleType/{XS}restriction")


def describe_restriction(restriction: etree._Element, links: dict[str, str]) -> str:
    facets = [
        f"{etree.QName(child).localname} <code>{escape(child.get('value') or '')}</code>"
        for child in restriction
        if child.get("value") is not None and child.tag != f"{XS}enumeration"
    ]
    return ": ".join(filter(None, [type_link(restriction.get("base"), links), ", ".join(facets)]))


def member_row(member: etree._Element, links: dict[str, str]) -> str:
    steps = [member, *member.iterancestors(f"{XS}element")]
    inner = steps[:-1] if steps[-1].getparent().tag == f"{XS}schema" and len(steps) > 1 else steps
    names = [step.get("name") or f"group {local(step.get('ref'))}" for step in reversed(inner)]
    name = "/".join(names)
    reference = member.get("type") or member.get("ref")
    restriction = own_restriction(member)
    kind = type_link(reference, links) if restriction is None else describe_restriction(restriction, links)
    least, most = member.get("minOccurs", "1"), member.get("maxOccurs", "1")
    occurs = least if least == most else f"{least}–{'∞' if most == 'unbounded' else most}"
    form = [
        f"{key.removeprefix(FORM)}: {value}" for key, value in member.attrib.items() if key.startswith(FORM)
    ]
    cells = [f"<code>{escape(name)}</code>", kind, occurs, labels(member), escape("; ".join(form))]
    return "<tr>" + "".join(f"<td>{cell}" for cell in cells)


def local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]


def type_link(name: str | None, links: dict[str, str]) -> str:
    if name is None:
        return "its own"
    target = None if name.startswith("xs:") else links.get(local(name))
    return (
        f"<a href='{escape(target)}'>{escape(local(name))}</a>" if target else f"<code>{escape(name)}</code>"
    )


def labels(declared: etree._Element, tag: str = "div") -> str:
    """Return the labels and hints of an element itself, in each language."""
    texts: dict[str, list[str]] = {"": [], "hint": []}
    for text in declared.findall(f"{XS}annotation/{XS}documentation"):
        if text.get(LANG) in LANGUAGES:
            row = f"<span lang='{text.get(LANG)}'>{escape(' '.join((text.text or '').split()))}</span>"
            texts.setdefault(text.get("source", ""), []).append(row)
    parts = [f"<{tag}>{' · '.join(texts[''])}</{tag}>" if texts[""] else ""]
    parts += [
        f"<div class='hint'>{' · '.join(rows)}</div>" for source, rows in texts.items() if source and rows
    ]
    return "".join(parts)


def table(heads: list[str], rows: list[str]) -> str:
    return f"<table><tr>{''.join(f'<th>{head}' for head in heads)}\n" + "\n".join(rows) + "\n</table>"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs/schemas"))
