"""The values that evidence consists of."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from persistent import Persistent

from egovdocs.content.packed_trees import ByName
from egovdocs.content.stored_bytes import StoredBytes, store


class EvidenceValues(Persistent):
    """Certificates, revocation lists and time-stamps by their SHA-256.

    Documents of one day share most of them, and a revocation list may be megabytes: each is stored once.
    """

    def __init__(self, parent: Any) -> None:
        self.__parent__ = parent
        self._values = ByName()

    def store(self, value: bytes) -> StoredBytes:
        """Store a value, or return the equal one that is stored already."""
        name = sha256(value).hexdigest()
        if name not in self._values:
            self._values[name] = store(value, self)
        stored: StoredBytes = self._values[name]
        return stored
