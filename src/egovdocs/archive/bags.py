"""Write BagIt packages (RFC 8493), whole or not at all.

The ``bagit`` library is not used for writing, because it changes the working folder of the whole process; it
checks the bags, so that two programs agree on each.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from egovdocs.content import sync

_CHUNK = 1024 * 1024
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class BagWriter:
    """Writer of one bag, file by file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest: dict[str, str] = {}
        self._bytes = 0

    @property
    def files(self) -> Mapping[str, str]:
        """SHA-256 of each payload file by its path below ``data/``."""
        return dict(self._manifest)

    def add(self, path: str, source: bytes | IO[bytes]) -> str:
        """Add a payload file.

        :param path: below ``data/``; its names come from :func:`.file_names.safe_name` or from the program.
        :returns: the file's SHA-256, in hexadecimal.
        :raises ValueError: the path is absolute, leaves the folder, or was added before.
        """
        parts = PurePosixPath(path).parts
        if path in self._manifest or ".." in parts or path.startswith("/"):
            raise ValueError(f"the path is not a new one inside the bag: {path!r}")
        digest = self._write(self._folder / "data" / path, _chunks(source))
        self._manifest[path] = digest
        return digest

    def close(self, info: Iterable[tuple[str, str]]) -> None:
        """Write the bag's declaration, information and manifests.

        :param info: the tags of ``bag-info.txt`` (RFC 8493, 2.2.2); Payload-Oxum is added.
        """
        oxum = f"{self._bytes}.{len(self._manifest)}"
        tags = [*info, ("Payload-Oxum", oxum)]
        manifest = "".join(f"{digest}  data/{path}\n" for path, digest in sorted(self._manifest.items()))
        files = {
            "bagit.txt": _DECLARATION,
            "bag-info.txt": "".join(f"{tag}: {' '.join(value.split())}\n" for tag, value in tags).encode(),
            "manifest-sha256.txt": manifest.encode(),
        }
        digests = {name: self._write(self._folder / name, [data]) for name, data in files.items()}
        listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
        self._write(self._folder / "tagmanifest-sha256.txt", [listing.encode()])

    def _write(self, path: Path, chunks: Iterable[bytes]) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with path.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            self._bytes += file.tell()
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest()


@contextmanager
def new_bag(target: Path) -> Iterator[BagWriter]:
    """Make a bag at a path where nothing exists yet.

    It is written under another name in the same folder and renamed when all of it is on the disk. After an
    exception nothing of it remains.

    :raises FileExistsError: the path exists already.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(target)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=target.parent))
    try:
        (making / "data").mkdir()
        yield BagWriter(making)
        making.chmod(0o755)
        _sync_folders(making)
        making.rename(target)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    sync(target.parent)


def _sync_folders(folder: Path) -> None:
    for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        sync(path)


def _chunks(source: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    while chunk := source.read(_CHUNK):
        yield chunk
