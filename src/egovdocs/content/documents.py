"""The documents of a case or a licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from persistent.mapping import PersistentMapping

from egovdocs.content.document import Document
from egovdocs.content.stored_bytes import store


class Documents(PersistentMapping[str, Document]):
    """The documents of a case by kind, or the orders on a licence by number."""

    def __init__(self, parent: Any) -> None:
        super().__init__()
        self.__parent__ = parent
        self.__name__ = "documents"

    def add(
        self,
        kind: str,
        name: str,
        source: bytes | Path,
        created_at: datetime,
        *,
        media_type: str = "application/xml",
        report: Mapping[str, Any] | None = None,
    ) -> Document:
        """Store a document. It replaces the one of the same kind, if there is one.

        :param kind: see :class:`~egovdocs.content.document.Document`, as for ``report``.
        :param name: the file's name for downloads.
        :param source: the bytes as they were received, or a file of them, which is copied.
        :raises OSError: as :func:`~egovdocs.content.stored_bytes.store`.
        """
        document = Document(kind, name, media_type, created_at, store(source, self), report)
        document.__parent__ = self
        document.__name__ = kind
        self[kind] = document
        return document
