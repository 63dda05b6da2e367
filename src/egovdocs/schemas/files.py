"""Looking for mistakes in the XSDs and the stylesheet of a service's folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree
from xmlschema import XMLSchemaException

from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.fields import unlabelled
from egovdocs.schemas.outcomes import compiled
from egovdocs.schemas.toml import Mistake


def schema_mistakes(document_type: DocumentType, roots: set[str], wanted: set[str]) -> list[Mistake]:
    """Is it a schema with one of the roots and the elements wanted, labels in every language, names that
    every signing library takes, and sensible conditions?"""
    file = document_type.schema_path
    try:
        document_type.load()
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError, XMLSchemaException) as problem:
        return [Mistake(file, _line_of_problem(problem), f"not a schema: {_first_line(problem)}")]
    except ValueError:
        return [Mistake(file, 1, "exactly one global element, the document's root, is wanted")]
    found = [
        Mistake(at.file, _line_of_name(at.file, at.name), f"“{at.name}”: {at.rule}")
        for at in unlabelled(document_type.root)
    ]
    if document_type.tag not in roots:
        rule = f"the root element is {document_type.tag}, not {' or '.join(sorted(roots))}"
        found.append(Mistake(file, _line_of_name(file, document_type.name), rule))
    for name in sorted(wanted - {field.name for field in document_type.fields}):
        found.append(Mistake(file, 1, f"the document needs an element “{name}”"))
    for top in document_type.fields:
        if top.asked and not top.children and "applicant" in wanted:
            rule = f"“{top.name}”: what a form asks for stands in a group, which is its page"
            found.append(Mistake(file, _line_of_name(file, top.name), rule))
    for field in document_type.walk():
        if not field.name.isascii():
            rule = f"“{field.name}”: names are in ASCII"
            found.append(Mistake(file, _line_of_name(file, field.name), rule))
        if field.when is not None and not _makes_sense(document_type, field.when.path):
            rule = f"“{field.name}”: form:when names “{field.when.path}”, no field of the document"
            found.append(Mistake(file, _line_of_name(file, field.name), rule))
    return list(dict.fromkeys(found))


def _makes_sense(document_type: DocumentType, path: str) -> bool:
    try:
        return not document_type.field(path).children
    except KeyError:
        return False


def stylesheet_mistakes(file: Path) -> list[Mistake]:
    """Is it a stylesheet?"""
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
    """The line where a schema defines an element or a choice."""
    elements: Iterable[Any] = etree.parse(str(file)).iter("{*}element", "{*}enumeration")
    for found in elements:
        if name in (found.get("name"), found.get("value")):
            return found.sourceline or 1
    return 1
