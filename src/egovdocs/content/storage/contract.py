"""What every storage back end provides.

A back end is a module that opens a ZODB storage (``ZODB.interfaces.IStorage`` with ``IBlobStorage``) for an
address, and guarantees that

- a transaction that was acknowledged survives a power loss, blobs included;
- a record is checked by the guard before it is written, so nothing is stored that could not be loaded;
- no class is imported that a record names, in conflict resolution and in index files either;
- ``record_iternext`` iterates over the current records by object id, which the evolution of schemas needs;
- :func:`~egovdocs.content.storage.locks.exclusive` excludes every other process that has the database open.

``tests/content/storage`` holds the tests of the contract.
"""

from __future__ import annotations

from typing import Any, Protocol

from egovdocs.content.storage.guard import Guard


class DatabaseError(Exception):
    """The database can't be opened; the message gives the reason and the remedy."""


class BackEnd(Protocol):
    """Opens storages of one kind of address."""

    def __call__(self, place: str, guard: Guard) -> Any:
        """Open the storage, created if there is none.

        :param place: the address after ``://``.
        :param guard: of the records.
        :raises DatabaseError: it is in use, damaged or not readable.
        """
