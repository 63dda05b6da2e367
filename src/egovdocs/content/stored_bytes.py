"""The one place where bytes of documents and attachments are stored, exactly as they were received.

Up to 64 KB they are part of the database's own file; above, each is a blob: a file of its own.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from persistent import Persistent
from ZODB.blob import Blob

MAX_INLINE = 64 * 1024
CHUNK = 1024 * 1024


class StoredBytes(Persistent):
    """Bytes that never change. They are a persistent object of their own, so no other change rewrites them.

    :ivar sha256: in hexadecimal digits.
    """

    def __init__(self, data: bytes | None, blob: Blob | None, size: int, sha256: str) -> None:
        self._data = data
        self._blob = blob
        self.size = size
        self.sha256 = sha256

    @property
    def data(self) -> bytes:
        """All bytes; for large ones prefer :meth:`open`."""
        if self._data is not None:
            return self._data
        with self.open() as file:
            return file.read()

    def open(self) -> IO[bytes]:
        """Open the bytes as a readable, seekable file."""
        if self._blob is None:
            return _open(cast(bytes, self._data))
        return self._blob.open("r")


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A large file on the disk that no object refers to yet."""

    file: Path
    size: int
    sha256: str


@contextmanager
def stage(source: bytes | Path, near: Any) -> Iterator[bytes | Path | StagedFile]:
    """Write a large source to the disk before the transaction that stores it. Yields a small one as it is.

    The transaction then only renames the file, and holds its lock for a shorter time. A staged file that was
    not stored when the block ends is removed.

    :param near: as for :func:`store`.
    :raises OSError: as :func:`store`.
    """
    if _is_small(source):
        yield source
        return
    staged = _write(source, connection_of(near))
    try:
        yield staged
    finally:
        staged.file.unlink(missing_ok=True)


def store(source: bytes | Path | StagedFile, near: Any) -> StoredBytes:
    """Store bytes, a copy of a file, or a staged file, which is moved.

    A large source is fsynced when this returns; the commit that follows only renames the file.

    :param near: an object of the tree that the bytes will belong to, which identifies the database; None if
        it is in no database yet.
    :raises OSError: the file can't be read, or the database's folder can't be written.
    """
    if isinstance(source, StagedFile):
        return _store_large(source, connection_of(near))
    if _is_small(source):
        data = source.read_bytes() if isinstance(source, Path) else source
        return StoredBytes(data, None, len(data), hashlib.sha256(data).hexdigest())
    with stage(source, near) as staged:
        assert isinstance(staged, StagedFile), "a large source is staged"
        return _store_large(staged, connection_of(near))


def connection_of(item: Any) -> Any:
    """Return the ZODB connection of an object or of its nearest parent that has one, else None."""
    while item is not None:
        if (connection := getattr(item, "_p_jar", None)) is not None:
            return connection
        item = getattr(item, "__parent__", None)
    return None


def _is_small(source: bytes | Path) -> bool:
    return (source.stat().st_size if isinstance(source, Path) else len(source)) <= MAX_INLINE


def _write(source: bytes | Path, connection: Any) -> StagedFile:
    # On the file system of the database's blobs, so that storing moves no bytes.
    folder = None if connection is None else connection.db().storage.temporaryDirectory()
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as target, _open(source) as origin:
            while chunk := origin.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return StagedFile(Path(name), size, digest.hexdigest())


def _store_large(staged: StagedFile, connection: Any) -> StoredBytes:
    blob = Blob()
    if connection is not None:
        connection.add(blob)  # before the file: ZODB then moves it within the database's file system
    blob.consumeFile(str(staged.file))
    return StoredBytes(None, blob, staged.size, staged.sha256)


def _open(source: bytes | Path) -> IO[bytes]:
    if isinstance(source, Path):
        return source.open("rb")
    return BytesIO(source)
