"""The embedded registers of natural persons, of legal entities and of powers of attorney."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from persistent import Persistent

from egovdocs.content.trees import ByName


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A natural person, as the persons register (ГБД ФЛ) knows them."""

    iin: str
    surname: str
    name: str
    patronymic: str
    born: date
    address_ru: str
    address_kk: str

    @property
    def identifier(self) -> str:
        return self.iin

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic, as a document has them."""
        return " ".join(part for part in (self.surname, self.name, self.patronymic) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A legal entity, as the entities register (ГБД ЮЛ) knows it.

    :param head: the IIN of its first head.
    """

    bin: str
    name_ru: str
    name_kk: str
    address_ru: str
    address_kk: str
    registered: date
    head: str

    @property
    def identifier(self) -> str:
        return self.bin


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOfAttorney:
    """A power of attorney, as the notary register (ЕНИС) knows it.

    :param principal: the IIN or BIN of whom the representative acts for.
    :param representative: an IIN.
    :param revoked: the day it was revoked, if it was.
    """

    number: str
    principal: str
    representative: str
    issued: date
    expires: date
    revoked: date | None
    notary: str
    subject_ru: str
    subject_kk: str

    @property
    def identifier(self) -> str:
        return self.number

    def in_force(self, day: date) -> bool:
        """May the representative act on this day?"""
        return self.issued <= day <= self.expires and (self.revoked is None or day < self.revoked)


E = TypeVar("E", Person, Entity, PowerOfAttorney)


class Entries(Persistent, Generic[E]):
    """Entries of a register by IIN, BIN or number."""

    def __init__(self, parent: Any, name: str) -> None:
        self.__parent__ = parent
        self.__name__ = name
        self._entries = ByName()

    def get(self, identifier: str) -> E | None:
        entry: E | None = self._entries.get(identifier)
        return entry

    def update(self, entries: Iterable[E]) -> int:
        """Enter or replace entries.

        :returns: how many.
        """
        count = 0
        for entry in entries:
            self._entries[entry.identifier] = entry
            count += 1
        return count
