"""The base of every enumeration that is stored."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class StoredEnum(StrEnum):
    """An enumeration whose members pickle as their class and value, with every Python.

    The ``enum`` module pickles them differently from version to version: Python 3.11.2 writes ``getattr``,
    which a database does not accept.
    """

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return type(self), (self.value,)
