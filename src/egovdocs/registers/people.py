"""The registers of natural persons (ГБД ФЛ) and of legal entities (ГБД ЮЛ)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from egovdocs.content import Entity, Person, Site
from egovdocs.schemas.identifiers import is_bin, is_iin


class CsvError(ValueError):
    """A file of entries is wrong; the message names file, line and column."""


class PersonsRegister(Protocol):
    """Who knows natural persons."""

    def person(self, iin: str) -> Person | None:
        """The person of an IIN; None when there is no such person."""


class EntitiesRegister(Protocol):
    """Who knows legal entities."""

    def entity(self, bin: str) -> Entity | None:
        """The entity of a BIN; None when there is no such entity."""


class EmbeddedRegisters:
    """Both registers, kept in the site itself.

    :param site: the root of the object tree.
    """

    def __init__(self, site: Site) -> None:
        self._registers = site.registers

    def person(self, iin: str) -> Person | None:
        found: Person | None = self._registers["persons"].get(iin)
        return found

    def entity(self, bin: str) -> Entity | None:
        found: Entity | None = self._registers["entities"].get(bin)
        return found

    def load_persons(self, file: Path) -> int:
        """Enter or replace persons from a CSV file with the columns of :class:`~egovdocs.content.Person`.

        :returns: how many.
        :raises CsvError: a line is wrong; the transaction should then be aborted.
        """
        count: int = self._registers["persons"].update(_read(file, Person, is_iin))
        return count

    def load_entities(self, file: Path) -> int:
        """Enter or replace entities from a CSV file with the columns of :class:`~egovdocs.content.Entity`.

        :returns: how many.
        :raises CsvError: a line is wrong; the transaction should then be aborted.
        """
        count: int = self._registers["entities"].update(_read(file, Entity, is_bin))
        return count


T = TypeVar("T", Person, Entity)


def _read(file: Path, kind: type[T], is_valid: Callable[[str], bool]) -> Iterator[T]:
    columns = {field.name for field in fields(kind)}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        if set(table.fieldnames or ()) != columns:
            raise CsvError(f"{file.name}, line 1: the columns wanted are {', '.join(sorted(columns))}")
        for row in table:
            try:
                entry = _entry(row, kind)
                if not is_valid(entry.identifier):
                    raise ValueError(f"{entry.identifier} has a wrong check digit")
            except ValueError as problem:
                raise CsvError(f"{file.name}, line {table.line_num}: {problem}") from None
            yield entry


def _entry(row: dict[str, str | Any], kind: type[T]) -> T:
    """:raises ValueError: too many or too few columns, or what should be a date is none."""
    if None in row or None in row.values():
        raise ValueError("another number of columns than in line 1")
    values: dict[str, Any] = {name: value.strip() for name, value in row.items()}
    for name in values.keys() & {"born", "registered"}:
        values[name] = date.fromisoformat(values[name])
    return kind(**values)
