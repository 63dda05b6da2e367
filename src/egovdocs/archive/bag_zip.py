"""Write packages into one zip file for download."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile


def zip_bags(bags: Iterable[Path], target: IO[bytes]) -> None:
    """Write packages into a zip file, each in a folder of its own name.

    :param target: a writable binary stream; it need not be seekable.
    """
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for bag in bags:
            for path in sorted(path for path in bag.rglob("*") if path.is_file()):
                entry = f"{bag.name}/{path.relative_to(bag).as_posix()}"
                with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as copy:
                    shutil.copyfileobj(source, copy)
