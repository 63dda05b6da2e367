"""Outcomes made by the edition's stylesheet (XSLT 1.0): signed request + decision → licence or refusal."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from egovdocs.schemas import wording
from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.editions import ServiceEdition
from egovdocs.schemas.problems import DocumentProblems, Problem
from egovdocs.schemas.text import LANGUAGES, Text
from egovdocs.schemas.xml_files import CommonFiles, parse, safe_parser


def make_outcome(
    edition: ServiceEdition, request: bytes, decision: bytes, former: bytes | None = None
) -> bytes:
    """Make the outcome, unsigned, from the request's signed content and a decision that grants it.

    :param former: the content of the outcome that this one replaces, in the codes of this edition
        (:func:`~egovdocs.schemas.renaming.rename_codes`).
    :raises DocumentProblems: the request, the decision or the result does not keep to its schema.
    """
    return _make(edition, edition.outcome_stylesheet, edition.outcome, request, decision, former)


def make_refusal(edition: ServiceEdition, request: bytes, decision: bytes) -> bytes:
    """Make the reasoned refusal, unsigned, from the request's signed content and a decision that refuses.

    :raises DocumentProblems: as :func:`make_outcome`.
    """
    common = edition.common
    return _make(edition, common.refusal_stylesheet, common.document_types["refusal"], request, decision)


def _make(
    edition: ServiceEdition,
    stylesheet: Path,
    made_type: DocumentType,
    request: bytes,
    decision: bytes,
    former: bytes | None = None,
) -> bytes:
    decision_type = edition.common.document_types["decision"]
    values = decision_type.read(decision)
    problems = [
        *edition.request.problems(request),
        *decision_type.problems(decision),
        *_against_service(edition, values, grants=made_type is edition.outcome),
    ]
    if problems:
        raise DocumentProblems(problems)
    case = case_of(edition, parse(request), parse(decision), parse(former) if former else None)
    made = compiled(stylesheet)(case).getroot()
    etree.cleanup_namespaces(made)
    etree.indent(made)
    content = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
    if problems := [*made_type.problems(content)]:
        raise DocumentProblems(problems)
    return content


def case_of(
    edition: ServiceEdition,
    request: etree._Element,
    decision: etree._Element,
    former: etree._Element | None,
) -> etree._Element:
    """Return ``case``, a stylesheet's input: request, decision, the service's words, the former outcome."""
    case = etree.Element("case")
    case.extend([request, decision, _service(edition)])
    if former is not None:
        etree.SubElement(case, "former").append(former)
    return case


@cache
def compiled(stylesheet: Path) -> etree.XSLT:
    """Return a stylesheet that can read and write nothing but its input and output."""
    parser = safe_parser()
    parser.resolvers.add(CommonFiles())
    access: Any = etree.XSLTAccessControl
    return etree.XSLT(etree.parse(str(stylesheet), parser), access_control=access.DENY_ALL)


def _against_service(edition: ServiceEdition, decision: dict[str, Any], *, grants: bool) -> list[Problem]:
    problems = []
    if decision["service"] != edition.service_id:
        problems.append(Problem("service", wording.ANOTHER_SERVICE))
    if (decision["outcome"] == "grant") is not grants:
        problems.append(Problem("outcome", wording.NOT_GRANTED if grants else wording.NOT_REFUSED))
    known = {ground.code for ground in edition.grounds}
    for index, code in enumerate(decision.get("grounds", {}).get("ground", []), 1):
        if code not in known:
            problems.append(Problem(f"grounds/ground[{index}]", wording.NO_SUCH_GROUND))
    return problems


def _service(edition: ServiceEdition) -> etree._Element:
    """Return the service's words, for the stylesheet to copy."""
    root = etree.Element("service", id=edition.service_id)
    _text(etree.SubElement(root, "title"), edition.title)
    provider = etree.SubElement(root, "provider", bin=edition.provider.bin)
    _text(etree.SubElement(provider, "title"), edition.provider.title)
    _text(etree.SubElement(provider, "place"), edition.provider.place)
    _text(etree.SubElement(provider, "position"), edition.provider.position)
    for ground in edition.grounds:
        _text(etree.SubElement(root, "ground", code=ground.code), ground.title)
    for field in edition.request.walk():
        for value, label in field.choices:
            _text(etree.SubElement(root, "choice", field=field.path, value=value), label)
    return root


def _text(parent: etree._Element, text: Text) -> None:
    for language in LANGUAGES:
        etree.SubElement(parent, language).text = text[language]
