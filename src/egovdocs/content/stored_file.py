"""What documents and attachments have in common."""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any

from persistent import Persistent

from egovdocs.content.stored_bytes import StoredBytes


class StoredFile(Persistent):
    """A small mutable state that refers to bytes which never change.

    :param kind: the code of the kind of document.
    :param name: the file's name.
    """

    __parent__: Any = None
    __name__: str | None = None

    def __init__(
        self, kind: str, name: str, media_type: str, created_at: datetime, stored: StoredBytes
    ) -> None:
        self.kind = kind
        self.name = name
        self.media_type = media_type
        self.created_at = created_at
        self.stored = stored
        self.size = stored.size
        self.sha256 = stored.sha256

    @property
    def data(self) -> bytes:
        """The bytes exactly as they were received."""
        return self.stored.data

    def open(self) -> IO[bytes]:
        """Open the bytes as a readable, seekable file."""
        return self.stored.open()
