"""Check a document's values against the fields of its XSD, with a sentence for each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from egovdocs.schemas import identifiers, wording
from egovdocs.schemas.fields import Field
from egovdocs.schemas.problems import Problem
from egovdocs.schemas.text import Text
from egovdocs.schemas.values import given_values, is_xml_text, lexical

CHECKS: Mapping[str, Callable[[str], bool]] = {
    "identifier": identifiers.is_identifier,
    "iin": identifiers.is_iin,
    "bin": identifiers.is_bin,
    "licence-number": identifiers.is_licence_number,
    "request-number": identifiers.is_request_number,
}
"""What ``form:check`` in an XSD may name."""


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """Checks values against fields.

    :ivar document: what conditions look at.
    :ivar asked_only: pass over what no form asks.
    :ivar typed: check each value's type; not needed once libxml2 has done so.
    """

    document: Mapping[str, Any]
    asked_only: bool = False
    typed: bool = True

    def group(self, fields: Iterable[Field], values: Mapping[str, Any], above: str) -> Iterator[Problem]:
        for field in fields:
            if self.asked_only and not field.asked:
                continue
            path = f"{above}{field.name}"
            value = values.get(field.name)
            given = given_values(field, value)
            if field.when is not None and not field.when.holds(self.document):
                if given:
                    yield _problem(path, wording.NOT_ASKED, field)
            elif not given:
                if field.required:
                    yield from self._missing(field, path)
            elif isinstance(value, list) is not field.repeats:
                yield _problem(path, wording.ANOTHER_STRUCTURE, field)
            else:
                yield from self._values(field, given, path)

    def _missing(self, field: Field, path: str) -> Iterator[Problem]:
        if field.kind == "group" and not field.repeats:
            # Each field that is missing is named, so that a form can point at it.
            yield from self.group(field.children, {}, f"{path}/")
        elif field.kind == "group":
            yield _problem(path, wording.NONE_GIVEN, field)
        elif field.choices:
            yield _problem(path, wording.MISSING_CHOICE, field)
        elif field.kind == "boolean" and field.problem is not None:
            yield Problem(path, field.problem)
        else:
            yield _problem(path, wording.MISSING, field)

    def _values(self, field: Field, given: list[Any], path: str) -> Iterator[Problem]:
        if field.most is not None and len(given) > field.most:
            yield _problem(path, wording.TOO_MANY, field, most=field.most)
            return
        if field.choices and len(set(map(str, given))) < len(given):
            yield _problem(path, wording.TWICE, field)
        for index, value in enumerate(given, 1):
            here = f"{path}[{index}]" if field.repeats else path
            if field.kind != "group":
                yield from self._value(field, value, here)
            elif isinstance(value, Mapping):
                yield from self.group(field.children, value, f"{here}/")
            else:
                yield _problem(here, wording.ANOTHER_STRUCTURE, field)

    def _value(self, field: Field, value: Any, path: str) -> Iterator[Problem]:
        if isinstance(value, Mapping | list):
            yield _problem(path, wording.ANOTHER_STRUCTURE, field)
            return
        text = lexical(value)
        if not is_xml_text(text):
            yield _problem(path, wording.BAD_CHARACTERS, field)
        elif (self.typed and not field.type.is_valid(text)) or not _keeps_check(field, text):
            yield _explain(field, text, path)


def _explain(field: Field, text: str, path: str) -> Problem:
    """Return what is wrong with a value that its type refuses."""
    if field.choices:
        return _problem(path, wording.NOT_A_CHOICE, field)
    if field.max_length is not None and len(text) > field.max_length:
        return _problem(path, wording.TOO_LONG, field, most=field.max_length)
    if field.problem is not None:
        return Problem(path, field.problem)
    if field.kind in ("date", "datetime"):
        return _problem(path, wording.NOT_A_DATE, field)
    if field.kind in ("integer", "decimal"):
        return _problem(path, wording.NOT_A_NUMBER, field)
    return _problem(path, wording.WRONG, field)


def _keeps_check(field: Field, text: str) -> bool:
    return field.check is None or CHECKS[field.check](field.type.normalize(text))


def unknown_values(fields: Iterable[Field], values: Mapping[str, Any], above: str) -> Iterator[Problem]:
    """Return the values that belong to no field."""
    known = {field.name: field for field in fields}
    for name, value in values.items():
        path = f"{above}{name}"
        field = known.get(name)
        if field is None:
            yield Problem(path, wording.NOT_ASKED.with_values(label=name[:60]))
        elif field.kind == "group":
            for index, item in enumerate(given_values(field, value), 1):
                if isinstance(item, Mapping):
                    here = f"{path}[{index}]" if field.repeats else path
                    yield from unknown_values(field.children, item, f"{here}/")


def _problem(path: str, message: Text, field: Field, **values: int) -> Problem:
    return Problem(path, message.with_values(label=field.label, **values))
