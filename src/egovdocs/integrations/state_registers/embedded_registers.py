"""The embedded default: registers in the site's database, loaded from CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from egovdocs.content import Entity, Person, PowerOfAttorney, Site
from egovdocs.integrations.state_registers.csv_entries import ENTRY_TYPES, read_entries


class EmbeddedRegisters:
    """The state registers, stored in the site itself."""

    def __init__(self, site: Site) -> None:
        self._registers = site.registers

    def person(self, iin: str) -> Person | None:
        found: Person | None = self._find("persons", iin)
        return found

    def entity(self, bin: str) -> Entity | None:
        found: Entity | None = self._find("entities", bin)
        return found

    def power_of_attorney(self, number: str, principal: str, representative: str) -> PowerOfAttorney | None:
        found: PowerOfAttorney | None = self._find("powers", number)
        if found is None or (found.principal, found.representative) != (principal, representative):
            return None
        return found

    def load(self, register: str, file: Path) -> int:
        """Add or replace entries from a CSV file.

        :param register: "persons", "entities" or "powers".
        :returns: the number of entries.
        :raises CsvError: a line is wrong; the caller then aborts the transaction.
        """
        return self._registers.entries(register).update(read_entries(file, ENTRY_TYPES[register]))

    def _find(self, register: str, identifier: str) -> Any:
        entries = self._registers.get(register)
        return None if entries is None else entries.get(identifier)
