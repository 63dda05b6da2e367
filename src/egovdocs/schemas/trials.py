"""Try the stylesheets of a service when the program starts: they must make what their schemas require.

Each edition is tried with a sample request of each action and channel, and with a sample outcome of each
edition up to it as the one that is replaced. The samples have every element that they may have; their texts
are not looked at. The refusal is tried with every ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from lxml import etree

from egovdocs.schemas.documents import PREFIXES, DocumentType
from egovdocs.schemas.editions import Service, ServiceEdition
from egovdocs.schemas.fields import Field
from egovdocs.schemas.outcomes import case_of, compiled
from egovdocs.schemas.renaming import rename_codes, renamings
from egovdocs.schemas.toml import Mistake

_TEXTS = {"boolean": "true", "date": "2026-03-02", "datetime": "2026-03-02T09:00:00+05:00"}
_NUMBER = {"number": "2026-000001-16", "sha256": "0" * 64}


def trial_mistakes(service: Service) -> list[Mistake]:
    """Return what is wrong with what a service's stylesheets make, each mistake with its actions."""
    mistakes: list[Mistake] = []
    samples: list[tuple[ServiceEdition, etree._Element]] = []  # of the first action, which the others replace
    for edition in service:
        trial = _Trial(edition)
        first, *others = edition.actions
        for channel in edition.channels:
            made = trial.make_outcome(first, channel, None)
        if made is not None:
            samples.append((edition, made))
        formers = _formers(service, edition, samples)
        for action, channel in product(others, edition.channels):
            for former in formers:
                trial.make_outcome(action, channel, former)
        for action, channel in product(edition.actions, edition.channels):
            trial.make_refusal(action, channel)
        mistakes += trial.mistakes()
    return mistakes


def _formers(
    service: Service, edition: ServiceEdition, samples: Iterable[tuple[ServiceEdition, etree._Element]]
) -> list[bytes]:
    """Return outcomes that one of this edition may replace, in its codes."""
    return [
        rename_codes(etree.tostring(made), other.outcome, renamings(service, other, edition))
        for other, made in samples
    ]


class _Trial:
    """One edition's samples, and what was found wrong with what was made of them."""

    def __init__(self, edition: ServiceEdition) -> None:
        self.edition = edition
        self.found: dict[tuple[Path, int, str], list[str]] = {}

    def mistakes(self) -> list[Mistake]:
        return [
            Mistake(stylesheet, line, f"{rule} ({', '.join(dict.fromkeys(of))})")
            for (stylesheet, line, rule), of in self.found.items()
        ]

    def make_outcome(self, action: str, channel: str, former: bytes | None) -> etree._Element | None:
        replaced = None if former is None else etree.fromstring(former)
        values = {"outcome": "grant", "firstIssuedOn": _TEXTS["date"], "conditions": "—"}
        stylesheet, expected = self.edition.outcome_stylesheet, self.edition.outcome
        return self._make(stylesheet, expected, action, channel, values, replaced)

    def make_refusal(self, action: str, channel: str) -> None:
        grounds = [ground.code for ground in self.edition.grounds]
        values = {"outcome": "refuse", "grounds": {"ground": grounds}, "reason": "—"}
        common = self.edition.common
        expected = common.document_types["refusal"]
        self._make(common.refusal_stylesheet, expected, action, channel, values, None)

    def _make(
        self,
        stylesheet: Path,
        expected: DocumentType,
        action: str,
        channel: str,
        values: Mapping[str, Any],
        former: etree._Element | None,
    ) -> etree._Element | None:
        request, decision = _request(self.edition, action, channel), _decision(self.edition, values)
        try:
            made = compiled(stylesheet)(case_of(self.edition, request, decision, former)).getroot()
        except etree.XSLTApplyError as problem:
            self._note(stylesheet, _line_of(stylesheet, problem), str(problem), action)
            return None
        for rule in _wrong_document(made, expected):
            self._note(stylesheet, 1, rule, action)
        return made

    def _note(self, stylesheet: Path, line: int, rule: str, action: str) -> None:
        self.found.setdefault((stylesheet, line, rule), []).append(action)


def _line_of(stylesheet: Path, problem: etree.XSLTApplyError) -> int:
    """Return the line of a problem, or of the name it has in quotes."""
    last = problem.error_log.last_error
    if last is not None and last.line > 0:
        return int(last.line)
    name = str(problem).partition("'")[2].partition("'")[0]
    lines = stylesheet.read_text("utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if f'"{name}"' in line), 1)


def _wrong_document(made: etree._Element | None, expected: DocumentType) -> Iterator[str]:
    if made is None or made.tag != expected.tag:
        yield f"it makes no {expected.tag}"
    else:
        yield from _wrong(made, expected.fields, expected.namespace)


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
            yield f"it makes no “{field.path}”, which the schema requires"


def _request(edition: ServiceEdition, action: str, channel: str) -> etree._Element:
    namespace = edition.request.namespace
    root = etree.Element(edition.request.tag, nsmap={PREFIXES[namespace]: namespace})
    own = {"service": edition.service_id, "action": action, "channel": channel}
    _fill(root, edition.request.fields, namespace, own, {})
    return root


def _fill(
    parent: etree._Element,
    fields: Iterable[Field],
    namespace: str,
    own: Mapping[str, str],
    document: dict[str, Any],
) -> None:
    """Fill an element with all its fields; those under a condition where the elements before them meet it.

    :param own: texts by path; ``document`` receives what is filled in.
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


def _decision(edition: ServiceEdition, values: Mapping[str, Any]) -> etree._Element:
    common: dict[str, Any] = {
        "service": edition.service_id,
        "number": "2026-000001-16",
        "date": _TEXTS["date"],
        "request": _NUMBER,
        "signatory": {"name": "—"},
    }
    return etree.fromstring(edition.common.document_types["decision"].build(common | dict(values)))
