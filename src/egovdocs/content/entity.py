"""A legal entity in the entities register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A legal entity, as the entities register (ГБД ЮЛ) has it.

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
        """The BIN."""
        return self.bin
