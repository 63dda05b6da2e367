"""The bytes of documents and attachments, kept as they came.

Up to 64 KB they stand in the database's own file, above it in a blob: a file of its own beside the database.
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

INLINE = 64 * 1024
CHUNK = 1024 * 1024


class Body(Persistent):
    """Bytes that never change, in an object of their own, so that no change beside them writes them again."""

    def __init__(self, data: bytes | None, blob: Blob | None, size: int, sha256: str) -> None:
        self._data = data
        self._blob = blob
        self.size = size
        self.sha256 = sha256

    @property
    def data(self) -> bytes:
        """All of it; for a large one prefer :meth:`open`."""
        if self._data is not None:
            return self._data
        with self.open() as file:
            return file.read()

    def open(self) -> IO[bytes]:
        """A readable, seekable file."""
        if self._blob is None:
            return _reading(cast(bytes, self._data))
        return self._blob.open("r")


@dataclass(frozen=True, slots=True)
class Aside:
    """A large body's file, which is on the disk and belongs to nobody yet."""

    file: Path
    size: int
    sha256: str


@contextmanager
def set_aside(source: bytes | Path, near: Any) -> Iterator[bytes | Path | Aside]:
    """Put a large body on the disk, so that the transaction that takes it in has only to give it its name.

    What is not taken in while the block lasts is removed. A small body stays what it is.

    :param near: as for :func:`take_in`.
    :raises OSError: as :func:`take_in`.
    """
    if _is_small(source):
        yield source
        return
    aside = _write_aside(source, connection_of(near))
    try:
        yield aside
    finally:
        aside.file.unlink(missing_ok=True)


def take_in(source: bytes | Path | Aside, near: Any) -> Body:
    """Make a body of bytes or of a file, which stays where it is, or of what was set aside, which does not.

    A large one is on the disk when this returns; the commit that follows only gives it its name.

    :param near: an object of the tree the body will belong to, which tells the database; None for none yet.
    :raises OSError: the file can't be read, or the database's folder not be written.
    """
    if isinstance(source, Aside):
        return _take_in_large(source, connection_of(near))
    if _is_small(source):
        data = source.read_bytes() if isinstance(source, Path) else source
        return Body(data, None, len(data), hashlib.sha256(data).hexdigest())
    with set_aside(source, near) as aside:
        assert isinstance(aside, Aside), "a large body is set aside"
        return _take_in_large(aside, connection_of(near))


def connection_of(item: Any) -> Any:
    """The ZODB connection of an object, or of what it stands in; None when it is in no database yet."""
    while item is not None:
        if (connection := getattr(item, "_p_jar", None)) is not None:
            return connection
        item = getattr(item, "__parent__", None)
    return None


def _is_small(source: bytes | Path) -> bool:
    return (source.stat().st_size if isinstance(source, Path) else len(source)) <= INLINE


def _write_aside(source: bytes | Path, connection: Any) -> Aside:
    # Beside the database's own blobs, so that taking it in moves no bytes.
    folder = None if connection is None else connection.db().storage.temporaryDirectory()
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as target, _reading(source) as origin:
            while chunk := origin.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Aside(Path(name), size, digest.hexdigest())


def _take_in_large(aside: Aside, connection: Any) -> Body:
    blob = Blob()
    if connection is not None:
        connection.add(blob)  # before the file: it then lands on the database's own file system
    blob.consumeFile(str(aside.file))
    return Body(None, blob, aside.size, aside.sha256)


def _reading(source: bytes | Path) -> IO[bytes]:
    if isinstance(source, Path):
        return source.open("rb")
    return BytesIO(source)
