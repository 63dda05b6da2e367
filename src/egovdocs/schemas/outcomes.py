"""Outcomes made by the service's stylesheet (XSLT 1.0): signed request + decision → licence or refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from egovdocs.schemas import wording
from egovdocs.schemas.documents import (
    COMMON,
    DocumentProblems,
    DocumentType,
    Problem,
    SharedFiles,
    parse,
    safe_parser,
)
from egovdocs.schemas.text import LANGUAGES, Text

if TYPE_CHECKING:
    from egovdocs.schemas.model import Service

Maker = Callable[["Service", bytes, bytes, bytes | None], bytes]

DECISION = DocumentType(COMMON / "decision.xsd")
REFUSAL = DocumentType(COMMON / "refusal.xsd")


def maker(stylesheet: Path, outcome: DocumentType, *, grants: bool) -> Maker:
    """What makes an outcome by a stylesheet.

    The stylesheet's input is a ``case`` element with the request, the decision, the service's wording, and
    the outcome that is to be replaced, if there is one (see ``docs/services.md``).
    """

    def make(service: Service, request: bytes, decision: bytes, former: bytes | None) -> bytes:
        values = DECISION.read(decision)
        problems = [
            *service.request.problems(request),
            *DECISION.problems(decision),
            *_against_service(service, values, grants=grants),
        ]
        if problems:
            raise DocumentProblems(problems)
        case = case_of(service, parse(request), parse(decision), parse(former) if former else None)
        made = compiled(stylesheet)(case).getroot()
        etree.cleanup_namespaces(made)
        etree.indent(made)
        content = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
        problems = [*outcome.problems(content)]
        if problems:
            raise DocumentProblems(problems)
        return content

    return make


def case_of(
    service: Service, request: etree._Element, decision: etree._Element, former: etree._Element | None
) -> etree._Element:
    """What a stylesheet is given."""
    case = etree.Element("case")
    case.extend([request, decision, _service(service)])
    if former is not None:
        etree.SubElement(case, "former").append(former)
    return case


@cache
def compiled(stylesheet: Path) -> etree.XSLT:
    """A stylesheet that can read and write nothing but its input and output."""
    parser = safe_parser()
    parser.resolvers.add(SharedFiles())
    access: Any = etree.XSLTAccessControl
    return etree.XSLT(etree.parse(str(stylesheet), parser), access_control=access.DENY_ALL)


def _against_service(service: Service, decision: dict[str, Any], *, grants: bool) -> list[Problem]:
    problems = []
    if decision["service"] != service.id:
        problems.append(Problem("service", wording.ANOTHER_SERVICE))
    if (decision["outcome"] == "grant") is not grants:
        problems.append(Problem("outcome", wording.NOT_GRANTED if grants else wording.NOT_REFUSED))
    known = {ground.code for ground in service.grounds}
    for index, code in enumerate(decision.get("grounds", {}).get("ground", []), 1):
        if code not in known:
            problems.append(Problem(f"grounds/ground[{index}]", wording.NO_SUCH_GROUND))
    return problems


def _service(service: Service) -> etree._Element:
    """The service's wording, for the stylesheet to copy."""
    root = etree.Element("service", id=service.id)
    _text(etree.SubElement(root, "title"), service.title)
    provider = etree.SubElement(root, "provider", bin=service.provider.bin)
    _text(etree.SubElement(provider, "title"), service.provider.title)
    _text(etree.SubElement(provider, "place"), service.provider.place)
    _text(etree.SubElement(provider, "position"), service.provider.position)
    for ground in service.grounds:
        _text(etree.SubElement(root, "ground", code=ground.code), ground.title)
    for field in service.request.walk():
        for value, label in field.choices:
            _text(etree.SubElement(root, "choice", field=field.path, value=value), label)
    return root


def _text(parent: etree._Element, text: Text) -> None:
    for language in LANGUAGES:
        etree.SubElement(parent, language).text = text[language]
