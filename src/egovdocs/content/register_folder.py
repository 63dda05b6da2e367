"""The embedded copies of the state registers of persons, of entities and of powers of attorney."""

from __future__ import annotations

from typing import Any

from persistent.mapping import PersistentMapping

from egovdocs.content.register_entries import Entries


class RegisterFolder(PersistentMapping[str, Entries[Any]]):
    """The embedded registers by name, such as ``persons``. Each is created when it is first loaded."""

    def __init__(self, parent: Any) -> None:
        super().__init__()
        self.__parent__ = parent
        self.__name__ = "registers"

    def entries(self, name: str) -> Entries[Any]:
        """Return the register of a name, created if there is none."""
        if name not in self:
            self[name] = Entries(self, name)
        return self[name]
