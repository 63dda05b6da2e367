"""A natural person in the persons register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A natural person, as the persons register (ГБД ФЛ) has them."""

    iin: str
    surname: str
    name: str
    patronymic: str
    born: date
    address_ru: str
    address_kk: str

    @property
    def identifier(self) -> str:
        """The IIN."""
        return self.iin

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic, as documents state them."""
        return " ".join(part for part in (self.surname, self.name, self.patronymic) if part)
