"""File names that are safe on every file system, made from untrusted names."""

from __future__ import annotations

import unicodedata

_MAX_BYTES = 120  # with the folders above it a path stays below the limits of Windows and tar
_FORBIDDEN = frozenset('<>:"/\\|?*%~')


def safe_name(number: int, name: str) -> str:
    """Return a safe file name that resembles the given one, such as ``01-name.pdf``.

    The number makes it unique in its folder, whatever the file system does with case and Unicode, and
    prevents leading dots and Windows device names. Separators, control and format characters, and characters
    that BagIt has to encode (RFC 8493, 2.1.3) are removed or replaced.

    :param number: the file's place among its kind, from 1.
    :param name: any text.
    """
    kept = (
        "_" if letter in _FORBIDDEN or letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", name)
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    stem, dot, ending = "".join(kept).rpartition(".")
    if not dot or not ending.isalnum() or len(ending.encode()) > 12:
        stem, ending = f"{stem}{dot}{ending}", ""
    stem = _shortened(stem, _MAX_BYTES - len(ending.encode())).strip("._") or "file"
    return f"{number:02d}-{stem}.{ending}" if ending else f"{number:02d}-{stem}"


def _shortened(text: str, max_bytes: int) -> str:
    return text.encode()[:max_bytes].decode(errors="ignore")
