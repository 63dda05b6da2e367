"""Look for mistakes in the XSDs and the stylesheet of an edition."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from lxml import etree
from xmlschema import XMLSchemaException

from egovdocs.schemas.checks import CHECKS
from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.fields import FORM, FieldKind, unlabelled
from egovdocs.schemas.fingerprints import files_of
from egovdocs.schemas.outcomes import compiled
from egovdocs.schemas.toml import Mistake
from egovdocs.schemas.xml_files import COMMON

_KNOWN: Mapping[str, Collection[str] | None] = MappingProxyType(
    {"by": ("system",), "kind": get_args(FieldKind), "check": tuple(CHECKS), "when": None}
)
_NAMED = re.compile(r"name='(?:[\w.-]+:)?([\w.-]+)'")


def schema_mistakes(
    document_type: DocumentType,
    roots: set[str],
    required: set[str],
    codes: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Mistake]:
    """Check a schema: one of the roots, the required elements, labels in every language, names that
    every signing library takes, and sensible conditions?

    :param codes: what may stand at a path, where the schema does not restrict it.
    """
    file = document_type.schema_path
    try:
        document_type.load()
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError, XMLSchemaException) as problem:
        line = _line_of_problem(problem)
        if line == 1 and (named := _NAMED.search(str(problem))):
            line = _line_of_name(file, named[1])
        return [Mistake(file, line, f"not a schema: {_first_line(problem)}")]
    except ValueError:
        return [Mistake(file, 1, "exactly one global element, the document's root, is required")]
    found = [
        Mistake(at.file, _line_of_name(at.file, at.name), f"“{at.name}”: {at.rule}")
        for at in unlabelled(document_type.root)
    ]
    if document_type.tag not in roots:
        rule = f"the root element is {document_type.tag}, not {' or '.join(sorted(roots))}"
        found.append(Mistake(file, _line_of_name(file, document_type.name), rule))
    for name in sorted(required - {field.name for field in document_type.fields}):
        found.append(Mistake(file, 1, f"the document needs an element “{name}”"))
    for top in document_type.fields:
        if top.asked and not top.children and "applicant" in required:
            rule = f"“{top.name}”: the fields of a form are in groups, one for each page"
            found.append(Mistake(file, _line_of_name(file, top.name), rule))
    for field in document_type.walk():
        line = _line_of_name(file, field.name)
        if not field.name.isascii():
            found.append(Mistake(file, line, f"“{field.name}”: names are in ASCII"))
        if field.when is None:
            continue
        path = field.when.path
        if not _makes_sense(document_type, path):
            rule = f"“{field.name}”: form:when names “{path}”, no field of the document"
            found.append(Mistake(file, line, rule))
            continue
        possible = codes.get(path) or dict(document_type.field(path).choices) or field.when.values
        for value in sorted(field.when.values - {*possible}):
            rule = f"“{field.name}”: form:when waits for “{value}”, which “{path}” never is"
            found.append(Mistake(file, line, rule))
    return list(dict.fromkeys(found))


def _makes_sense(document_type: DocumentType, path: str) -> bool:
    try:
        return not document_type.field(path).children
    except KeyError:
        return False


def form_mistakes(folder: Path) -> Iterator[Mistake]:
    """Check that the schemas use only known form attributes, and no ``xs:any``."""
    for file in sorted(folder.glob("*.xsd")):
        try:
            elements: Iterable[Any] = etree.parse(str(file)).iter("{*}*")
        except etree.XMLSyntaxError:
            continue  # reported where the schema is loaded
        for element in elements:
            line = element.sourceline or 1
            if etree.QName(element).localname in ("any", "anyAttribute"):
                yield Mistake(file, line, "every element of a document has a name and labels: no xs:any")
            for attribute, value in element.attrib.items():
                if not attribute.startswith(FORM):
                    continue
                name = attribute.removeprefix(FORM)
                known = _KNOWN.get(name)
                if name not in _KNOWN:
                    yield Mistake(file, line, f"form:{name} is none of {', '.join(_KNOWN)}")
                elif known is not None and value not in known:
                    yield Mistake(file, line, f"form:{name}: “{value}” is none of {', '.join(known)}")


def reference_mistakes(folder: Path, common: str | None) -> Iterator[Mistake]:
    """Check that schemas and stylesheets refer only to the edition's own files and its common edition.

    So nothing that the edition's fingerprint does not cover can change it.

    :param common: the id of the common edition; None for the files of a common edition itself.
    """
    own = {file.name for file in files_of(folder)}
    for file in files_of(folder):
        if file.suffix == ".toml":
            continue
        try:
            elements: Iterable[Any] = etree.parse(str(file)).iter("{*}include", "{*}import", "{*}redefine")
        except etree.XMLSyntaxError:
            continue  # reported where the file is loaded
        for element in elements:
            location = element.get("schemaLocation") or element.get("href") or ""
            if location in own or (common and location.startswith(f"../../{COMMON}/{common}/")):
                continue
            rule = f"“{location}” is no file of this edition"
            if common:
                rule += f" or of {COMMON}/{common}"
            yield Mistake(file, element.sourceline or 1, rule)


def stylesheet_mistakes(file: Path) -> list[Mistake]:
    """Check that it is a stylesheet."""
    try:
        compiled(file)
    except (OSError, etree.XMLSyntaxError, etree.XSLTParseError) as problem:
        return [Mistake(file, _line_of_problem(problem), f"not a stylesheet: {_first_line(problem)}")]
    return []


def _line_of_problem(problem: Exception) -> int:
    log = getattr(problem, "error_log", None)
    last = log.last_error if log is not None else None
    return last.line if last is not None and last.line > 0 else 1


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def _line_of_name(file: Path, name: str) -> int:
    """Return the line where a schema defines an element or a choice."""
    elements: Iterable[Any] = etree.parse(str(file)).iter("{*}element", "{*}enumeration")
    for found in elements:
        if name in (found.get("name"), found.get("value")):
            return found.sourceline or 1
    return 1
