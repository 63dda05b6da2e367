"""Opening, packing and mending a database."""

from __future__ import annotations

import logging
import os
import shutil
import time
from pathlib import Path
from typing import BinaryIO

from zc.lockfile import LockError, LockFile
from ZODB import DB
from ZODB._compat import Unpickler
from ZODB.FileStorage import FileStorage
from ZODB.FileStorage.format import TRANS_HDR_LEN
from ZODB.POSException import StorageError
from ZODB.utils import u64

from egovdocs.content.stored import check_record, find_class

log = logging.getLogger(__name__)

DATA = "data.fs"
BLOBS = "blobs"
MAGIC = b"FS30"
OBJECTS_CACHED = 20_000
INDEX_SAVED_EVERY = 300.0  # seconds; without its index a file of a million cases takes a minute to open


class DatabaseError(Exception):
    """The database can't be opened; the message says why and what to do."""


def open_database(uri: str) -> DB:
    """Open the database, making it if there is none.

    :param uri: ``file://FOLDER``: for one process, on one machine; the folder gets ``data.fs`` and ``blobs``.
    :returns: a ZODB database that loads only the classes of :mod:`egovdocs.content.stored`.
    :raises DatabaseError: another kind of address; or the database is in use, damaged or not ours to read.
    """
    kind, _, place = uri.partition("://")
    if kind == "postgresql":
        raise DatabaseError("postgresql:// is not supported yet; use file://FOLDER")
    if kind != "file" or not place:
        raise DatabaseError(f"a database's address is file://FOLDER, not {uri!r}")
    return DB(
        _open_file(Path(place)),
        cache_size=OBJECTS_CACHED,
        class_factory=lambda connection, module, name: find_class(module, name),
    )


def pack_database(database: DB, days: float) -> None:
    """Drop the states of objects replaced so many days ago, and objects that nothing refers to since."""
    database.pack(days=days)


def mend(folder: Path) -> int:
    """Cut off a last transaction that a power loss left half written and filled up with zeros.

    Nobody was told that it was kept, and the database can't be opened with it. What is cut goes to
    ``data.fs.cut`` beside it.

    :param folder: the FOLDER of ``file://FOLDER``; nobody may have it open.
    :returns: how many bytes were cut; 0 when there was nothing to mend.
    :raises DatabaseError: it is in use, or damaged in another way.
    """
    file_name = folder / DATA
    lock = _lock(file_name)
    try:
        with file_name.open("r+b") as file:
            length = file.seek(0, os.SEEK_END)
            good = _end_of_good(file, length)
            if good < length:
                _cut(file, good, length)
            return length - good
    finally:
        lock.close()


class _DurableFile(FileStorage):
    """A FileStorage that loses nothing it acknowledged, and trusts no file."""

    _index_saved = 0.0

    def __init__(self, folder: Path) -> None:
        try:
            super().__init__(str(folder / DATA), blob_dir=str(folder / BLOBS))
        except BaseException:
            # ZODB leaves what it opened open, the lock too.
            for name in ("_file", "_tfile", "_lock_file"):
                if (file := getattr(self, name, None)) is not None:
                    file.close()
            raise

    def store(self, oid: bytes, serial: bytes, data: bytes, version: str, transaction: object) -> None:
        check_record(data)  # what could not be read back must not be kept
        super().store(oid, serial, data, version, transaction)

    def tpc_finish(self, transaction: object, f: object = None) -> bytes:
        tid: bytes = super().tpc_finish(transaction, f)
        # ZODB saves the index on closing only, which a crash leaves out.
        if time.monotonic() - self._index_saved > INDEX_SAVED_EVERY:
            with self._lock:
                self._save_index()
        return tid

    def _save_index(self) -> None:
        super()._save_index()
        self._index_saved = time.monotonic()

    def _restore_index(self) -> object:
        # ZODB reads it with a plain unpickler, which would run what a stranger's file says.
        file_name = Path(f"{self.__name__}.index")
        try:
            _check_index(file_name)
        except Exception:
            log.warning("%s is not used: it can't be read or holds more than an index", file_name)
            return None
        return super()._restore_index()

    def tryToResolveConflict(  # noqa: N802 - ZODB's name
        self, oid: bytes, committed: bytes, old: bytes, new: bytes, data: bytes = b""
    ) -> bytes:
        # ZODB's conflict resolution imports whatever the records name.
        data = data or self.loadSerial(oid, committed)
        check_record(data)
        check_record(self.loadSerial(oid, old))
        resolved: bytes = super().tryToResolveConflict(oid, committed, old, new, data)
        return resolved

    def _blob_storeblob(self, oid: bytes, serial: bytes, file_name: str) -> None:
        super()._blob_storeblob(oid, serial, file_name)
        # ZODB makes its own file durable, and neither a blob nor its folders.
        stored = Path(self.fshelper.getBlobFilename(oid, serial))
        sync(stored)
        for folder in stored.parents:
            sync(folder)
            if folder == Path(self.blob_dir):
                break


def _open_file(folder: Path) -> FileStorage:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _ends_in_zeros(folder / DATA):
        # ZODB would cut them itself, at times, and then find no root in what it just opened.
        raise DatabaseError(f"{folder / DATA} ends in zeros, as after a power loss: mend it")
    try:
        storage = _DurableFile(folder)
    except LockError:
        raise DatabaseError(f"{folder} is in use by another process") from None
    except StorageError as problem:
        raise DatabaseError(f"{folder / DATA} is damaged ({problem}): mend it or restore a copy") from problem
    sync(folder)
    return storage


def _ends_in_zeros(file_name: Path) -> bool:
    """Each transaction ends in its length, which is not 0."""
    if not file_name.exists() or file_name.stat().st_size < len(MAGIC) + 8:
        return False
    with file_name.open("rb") as file:
        file.seek(-8, os.SEEK_END)
        return file.read() == bytes(8)


def _check_index(file_name: Path) -> None:
    if file_name.exists():
        with file_name.open("rb") as file:
            unpickler = Unpickler(file)
            unpickler.find_global = find_class
            try:
                while unpickler.load():
                    pass
            except EOFError:
                pass


def _lock(file_name: Path) -> LockFile:
    try:
        return LockFile(f"{file_name}.lock")
    except LockError:
        raise DatabaseError(f"{file_name} is in use by another process") from None


def _end_of_good(file: BinaryIO, length: int) -> int:
    """Where the last whole transaction ends. Each has its length in its header and again at its end."""
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        raise DatabaseError("this is no database file")
    position = len(MAGIC)
    while position < length:
        file.seek(position)
        size = u64(file.read(TRANS_HDR_LEN)[8:16].rjust(8, b"\0"))
        file.seek(position + size)
        if size < TRANS_HDR_LEN or u64(file.read(8).rjust(8, b"\0")) != size:
            break
        position += size + 8
    if position < length:
        file.seek(max(position, length - 8))
        if file.read().strip(b"\0"):
            raise DatabaseError(f"damaged at byte {position}, and not by a power loss: restore a copy")
    return position


def _cut(file: BinaryIO, good: int, length: int) -> None:
    with Path(f"{file.name}.cut").open("wb") as cut:
        file.seek(good)
        shutil.copyfileobj(file, cut)
        os.fsync(cut.fileno())
    file.truncate(good)
    os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Have a file or folder on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
