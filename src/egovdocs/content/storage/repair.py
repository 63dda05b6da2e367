"""Repair of a database file after a power loss."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from zc.lockfile import LockError, LockFile
from ZODB.FileStorage.format import TRANS_HDR_LEN
from ZODB.utils import u64

from egovdocs.content.storage.contract import DatabaseError
from egovdocs.content.storage.file_backend import DATA, MAGIC


def mend(folder: Path) -> int:
    """Cut off a last transaction that a power loss left half written and filled up with zeros.

    It was not acknowledged, and the database can't be opened with it. The bytes that are cut off are written
    to ``data.fs.cut`` in the same folder.

    :param folder: the FOLDER of ``file://FOLDER``; no process may have it open.
    :returns: the number of bytes cut off; 0 if there was nothing to mend.
    :raises DatabaseError: the file is in use, or damaged in another way.
    """
    file_name = folder / DATA
    lock = _lock(file_name)
    try:
        with file_name.open("r+b") as file:
            length = file.seek(0, os.SEEK_END)
            whole_end = _end_of_whole_transactions(file, length)
            if whole_end < length:
                _cut(file, whole_end, length)
            return length - whole_end
    finally:
        lock.close()


def _lock(file_name: Path) -> LockFile:
    try:
        return LockFile(f"{file_name}.lock")
    except LockError:
        raise DatabaseError(f"{file_name} is in use by another process") from None


def _end_of_whole_transactions(file: BinaryIO, length: int) -> int:
    """Return where the last whole transaction ends. Each has its length in its header and at its end."""
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        raise DatabaseError("this is not a database file")
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
            raise DatabaseError(f"damaged at byte {position}, but not by a power loss: restore a copy")
    return position


def _cut(file: BinaryIO, start: int, length: int) -> None:
    with Path(f"{file.name}.cut").open("wb") as cut:
        file.seek(start)
        shutil.copyfileobj(file, cut)
        os.fsync(cut.fileno())
    file.truncate(start)
    os.fsync(file.fileno())
