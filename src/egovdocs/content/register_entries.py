"""The embedded copy of a state register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from persistent import Persistent

from egovdocs.content.entity import Entity
from egovdocs.content.packed_trees import ByName
from egovdocs.content.person import Person
from egovdocs.content.power_of_attorney import PowerOfAttorney

E = TypeVar("E", Person, Entity, PowerOfAttorney)


class Entries(Persistent, Generic[E]):
    """The entries of a register by IIN, BIN or number."""

    def __init__(self, parent: Any, name: str) -> None:
        self.__parent__ = parent
        self.__name__ = name
        self._entries = ByName()

    def get(self, identifier: str) -> E | None:
        """Return the entry of an IIN, BIN or number, or None."""
        entry: E | None = self._entries.get(identifier)
        return entry

    def update(self, entries: Iterable[E]) -> int:
        """Add or replace entries.

        :returns: their count.
        """
        count = 0
        for entry in entries:
            self._entries[entry.identifier] = entry
            count += 1
        return count
