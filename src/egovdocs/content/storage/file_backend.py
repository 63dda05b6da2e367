"""The file back end: a ZODB FileStorage with blobs, for one process on one machine."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

from zc.lockfile import LockError
from ZODB._compat import Unpickler
from ZODB.FileStorage import FileStorage
from ZODB.POSException import StorageError

from egovdocs.content.storage.contract import DatabaseError
from egovdocs.content.storage.durability import sync
from egovdocs.content.storage.guard import Guard

log = logging.getLogger(__name__)

DATA = "data.fs"
BLOBS = "blobs"
MAGIC = b"FS30"
INDEX_SAVED_EVERY = 300.0  # seconds; without its index a file of a million cases takes a minute to open


class DurableFileStorage(FileStorage):
    """A FileStorage that keeps what it acknowledged through a power loss, and trusts no file.

    :param folder: has ``data.fs`` and ``blobs``.
    :param guard: of the records.
    """

    _index_saved = 0.0

    def __init__(self, folder: Path, guard: Guard) -> None:
        self._guard = guard
        try:
            super().__init__(str(folder / DATA), blob_dir=str(folder / BLOBS))
        except BaseException:
            # ZODB leaves the files that it opened open, and the lock taken.
            for name in ("_file", "_tfile", "_lock_file"):
                if (file := getattr(self, name, None)) is not None:
                    file.close()
            raise

    def store(self, oid: bytes, serial: bytes, data: bytes, version: str, transaction: object) -> None:
        self._guard.check(data)  # a record that can't be loaded must not be stored
        super().store(oid, serial, data, version, transaction)

    def tpc_finish(self, transaction: object, f: object = None) -> bytes:
        tid: bytes = super().tpc_finish(transaction, f)
        # ZODB saves the index only when it closes, which does not happen in a crash.
        if time.monotonic() - self._index_saved > INDEX_SAVED_EVERY:
            with self._lock:
                self._save_index()
        return tid

    def _save_index(self) -> None:
        super()._save_index()
        self._index_saved = time.monotonic()

    def _restore_index(self) -> object:
        # ZODB loads it with a plain unpickler, which would run code that a file from elsewhere names.
        file_name = Path(f"{self.__name__}.index")
        try:
            _check_index(file_name, self._guard)
        except Exception:
            log.warning("%s is not used: it can't be read, or contains more than an index", file_name)
            return None
        return super()._restore_index()

    def tryToResolveConflict(  # noqa: N802 - ZODB's name
        self, oid: bytes, committed: bytes, old: bytes, new: bytes, data: bytes = b""
    ) -> bytes:
        # ZODB's conflict resolution imports every class that the records name.
        data = data or self.loadSerial(oid, committed)
        for record in (data, self.loadSerial(oid, old)):
            self._guard.check(record)
        resolved: bytes = super().tryToResolveConflict(oid, committed, old, new, data)
        return resolved

    def _blob_storeblob(self, oid: bytes, serial: bytes, file_name: str) -> None:
        super()._blob_storeblob(oid, serial, file_name)
        # ZODB fsyncs its own file, but neither blobs nor their folders.
        stored = Path(self.fshelper.getBlobFilename(oid, serial))
        sync(stored)
        for folder in stored.parents:
            sync(folder)
            if folder == Path(self.blob_dir):
                break


def open_storage(place: str, guard: Guard) -> FileStorage:
    """Open the storage of a folder (:class:`~egovdocs.content.storage.contract.BackEnd`)."""
    folder = Path(place)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _ends_in_zeros(folder / DATA):
        # ZODB would sometimes cut them off itself, and then find no root in what it opened.
        raise DatabaseError(f"{folder / DATA} ends in zeros, as after a power loss: mend it")
    try:
        storage = DurableFileStorage(folder, guard)
    except LockError:
        raise DatabaseError(f"{folder} is in use by another process") from None
    except StorageError as problem:
        raise DatabaseError(f"{folder / DATA} is damaged ({problem}): mend it or restore a copy") from problem
    sync(folder)
    return storage


def _ends_in_zeros(file_name: Path) -> bool:
    """Whether the file ends in zeros. A whole transaction ends in its length, which is not 0."""
    if not file_name.exists() or file_name.stat().st_size < len(MAGIC) + 8:
        return False
    with file_name.open("rb") as file:
        file.seek(-8, os.SEEK_END)
        return file.read() == bytes(8)


def _check_index(file_name: Path, guard: Guard) -> None:
    if file_name.exists():
        with file_name.open("rb") as file:
            unpickler = Unpickler(file)
            unpickler.find_global = guard.find
            try:
                while unpickler.load():
                    pass
            except EOFError:
                pass
