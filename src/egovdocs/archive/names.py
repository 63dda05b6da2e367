"""File names that are safe wherever a package is unpacked, made from names a stranger chose."""

from __future__ import annotations

import unicodedata

_LONGEST = 120  # bytes: with the folders above it a path stays below what Windows and tar allow
_FORBIDDEN = frozenset('<>:"/\\|?*%~')


def safe_name(number: int, name: str) -> str:
    """``01-name.pdf``: readable like the given name and harmless.

    The number in front makes it unique in its folder, whatever the file system thinks of case and of Unicode,
    and keeps it from beginning with a dot or being a device of Windows. No separators, no controls (nor the
    invisible marks that turn text around), nothing BagIt would have to encode (RFC 8493, 2.1.3).

    :param number: the file's place among its kind, from 1.
    :param name: any text at all.
    """
    kept = (
        "_" if letter in _FORBIDDEN or letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", name)
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    stem, dot, ending = "".join(kept).rpartition(".")
    if not dot or not ending.isalnum() or len(ending.encode()) > 12:
        stem, ending = f"{stem}{dot}{ending}", ""
    stem = _shortened(stem, _LONGEST - len(ending.encode())).strip("._") or "file"
    return f"{number:02d}-{stem}.{ending}" if ending else f"{number:02d}-{stem}"


def _shortened(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
