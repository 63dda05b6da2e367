"""Trying a service's stylesheet at start: does it make, of a sample of each action, what the outcome wants?

The sample has every element that the request may have; what stands in them is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from egovdocs.schemas.documents import PREFIXES
from egovdocs.schemas.fields import Field
from egovdocs.schemas.model import Service
from egovdocs.schemas.outcomes import DECISION, case_of, compiled
from egovdocs.schemas.toml import Mistake

_TEXTS = {"boolean": "true", "date": "2026-03-02", "datetime": "2026-03-02T09:00:00+05:00"}
_NUMBER = {"number": "2026-000001-16", "sha256": "0" * 64}


def trial_mistakes(service: Service, stylesheet: Path) -> list[Mistake]:
    """What is wrong with what a stylesheet makes, each mistake with the actions it is made for."""
    found: dict[tuple[int, str], list[str]] = {}
    former: etree._Element | None = None  # of the first action, whose place the others take
    for action in service.actions:
        case = case_of(service, _request(service, action), _decision(service), former)
        try:
            made = compiled(stylesheet)(case).getroot()
        except etree.XSLTApplyError as problem:
            found.setdefault((_line_of(stylesheet, problem), str(problem)), []).append(action)
            continue
        for rule in _wrong_document(made, service):
            found.setdefault((1, rule), []).append(action)
        former = made if former is None else former
    return [Mistake(stylesheet, line, f"{rule} ({', '.join(of)})") for (line, rule), of in found.items()]


def _line_of(stylesheet: Path, problem: etree.XSLTApplyError) -> int:
    """Where it stands, or where what it names in quotes does."""
    last = problem.error_log.last_error
    if last is not None and last.line > 0:
        return int(last.line)
    name = str(problem).partition("'")[2].partition("'")[0]
    lines = stylesheet.read_text("utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if f'"{name}"' in line), 1)


def _wrong_document(made: etree._Element | None, service: Service) -> Iterator[str]:
    if made is None or made.tag != service.outcome.tag:
        yield f"it makes no {service.outcome.tag}"
    else:
        yield from _wrong(made, service.outcome.fields, service.outcome.namespace)


def _wrong(made: etree._Element, fields: Iterable[Field], namespace: str) -> Iterator[str]:
    known = {f"{{{namespace}}}{field.name}": field for field in fields}
    for child in made:
        field = known.get(child.tag)
        if field is None:
            yield f"it makes “{child.tag}” in “{etree.QName(made).localname}”, where the schema knows none"
        elif field.children:
            yield from _wrong(child, field.children, namespace)
    for tag, field in known.items():
        if field.required and field.when is None and made.find(tag) is None:
            yield f"it makes no “{field.path}”, which the schema wants"


def _request(service: Service, action: str) -> etree._Element:
    namespace = service.request.namespace
    root = etree.Element(service.request.tag, nsmap={PREFIXES[namespace]: namespace})
    own = {"service": service.id, "action": action}
    _fill(root, service.request.fields, namespace, own, {})
    return root


def _fill(
    parent: etree._Element,
    fields: Iterable[Field],
    namespace: str,
    own: Mapping[str, str],
    document: dict[str, Any],
) -> None:
    """Below an element, all its fields; those under a condition where the elements before them meet it.

    :param own: texts by path; ``document`` is told what is filled in.
    """
    for field in fields:
        if field.when is not None and not field.when.holds(document):
            continue
        child = etree.SubElement(parent, f"{{{namespace}}}{field.name}")
        if field.children:
            _fill(child, field.children, namespace, own, document.setdefault(field.name, {}))
        else:
            first = field.choices[0][0] if field.choices else _TEXTS.get(field.kind, "1")
            child.text = document[field.name] = own.get(field.path, first)


def _decision(service: Service) -> etree._Element:
    day = _TEXTS["date"]
    return etree.fromstring(
        DECISION.build(
            {
                "service": service.id,
                "outcome": "grant",
                "number": "2026-000001-16",
                "date": day,
                "firstIssuedOn": day,
                "request": _NUMBER,
                "conditions": "—",
                "signatory": {"name": "—"},
            }
        )
    )
