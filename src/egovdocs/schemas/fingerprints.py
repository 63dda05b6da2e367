"""The fingerprint of an edition: it shows whether a file of it was changed, added or removed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

SUFFIXES = frozenset({".toml", ".xsd", ".xsl"})


def files_of(folder: Path) -> list[Path]:
    """Return the files that an edition consists of, in order of their names."""
    return sorted(
        file for file in folder.iterdir() if file.suffix in SUFFIXES and not file.name.startswith(".")
    )


def fingerprint(folder: Path, common: Path | None = None) -> str:
    """Return the SHA-256 over the names and bytes of an edition's files, in hexadecimal.

    It is the checksum of the list that ``sha256sum`` prints for the files: one line each, in order of names.

    :param folder: the edition's folder.
    :param common: the folder of the common edition that it uses.
    """
    listed = [(file.name, file) for file in files_of(folder)]
    if common is not None:
        listed += [(f"common/{common.name}/{file.name}", file) for file in files_of(common)]
    lines = (f"{sha256(file.read_bytes()).hexdigest()}  {name}\n" for name, file in listed)
    return sha256("".join(lines).encode()).hexdigest()
