"""Register entries in CSV files: UTF-8, a line of column names, then one entry per line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from egovdocs.content import Entity, Person, PowerOfAttorney
from egovdocs.schemas.identifiers import is_bin, is_identifier, is_iin

Entry = TypeVar("Entry", Person, Entity, PowerOfAttorney)

ENTRY_TYPES: dict[str, type[Person] | type[Entity] | type[PowerOfAttorney]] = {
    "persons": Person,
    "entities": Entity,
    "powers": PowerOfAttorney,
}
"""The class of the entries by register; its fields are the columns of the file."""

_DATES = {"born", "registered", "issued", "expires", "revoked"}
_IDENTIFIERS = {
    "iin": is_iin,
    "bin": is_bin,
    "head": is_iin,
    "principal": is_identifier,
    "representative": is_iin,
}
_MAY_BE_EMPTY = {"patronymic", "revoked"}


class CsvError(ValueError):
    """A file of entries is wrong; the message names file, line and column, and contains no personal data."""


def read_entries(file: Path, entry_type: type[Entry]) -> Iterator[Entry]:
    """Yield the entries of a CSV file whose columns are the fields of ``entry_type``.

    :raises CsvError: a line is wrong.
    """
    columns = [field.name for field in fields(entry_type)]
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            if set(table.fieldnames or ()) != set(columns):
                names = ", ".join(sorted(columns))
                raise CsvError(f"{file.name}, line 1: the columns must be {names}, separated by commas")
            first_lines: dict[Any, int] = {}
            for row in table:
                try:
                    entry = entry_type(**_values(row))
                    key = getattr(entry, columns[0])
                    if (first := first_lines.setdefault(key, table.line_num)) != table.line_num:
                        raise ValueError(f"the same entry as in line {first}")
                    yield entry
                except ValueError as problem:
                    raise CsvError(f"{file.name}, line {table.line_num}: {problem}") from None
    except UnicodeDecodeError:
        raise CsvError(f"{file.name} is not in UTF-8") from None


def _values(row: dict[str, str | Any]) -> dict[str, Any]:
    """Return the values of a row by column.

    :raises ValueError: there are too many or too few columns, or a value is not allowed in its column.
    """
    if None in row or None in row.values():
        raise ValueError("the number of columns differs from line 1")
    return {name: _value(name, text.strip()) for name, text in row.items()}


def _value(name: str, text: str) -> str | date | None:
    if not text and name not in _MAY_BE_EMPTY:
        raise ValueError(f"{name} is empty")
    if name in _IDENTIFIERS and not _IDENTIFIERS[name](text):
        raise ValueError(f"{name} is not valid, or its check digit is wrong")
    if name not in _DATES:
        return text
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{name} is not a date such as 1968-05-03") from None
