"""Determine the media type of a file from its content alone."""

from __future__ import annotations

import io
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

import puremagic
from PIL import Image, UnidentifiedImageError

SUFFIXES = {"application/pdf": (".pdf",), "image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
IMAGE_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
PDF_START = re.compile(rb"%PDF-[12]\.\d")
PDF_TAIL = 1024  # a reader looks for %%EOF in the last kilobyte (PDF 1.7, appendix H, note 18)
MAX_NAME_LENGTH = 120
MAX_PIXELS = 89_478_485  # where Pillow begins to warn of a decompression bomb


def media_type(source: Path | bytes) -> str | None:
    """Return the media type of a complete, readable PDF, PNG or JPEG file; None for anything else."""
    try:
        named = (
            puremagic.from_string(source, mime=True)
            if isinstance(source, bytes)
            else puremagic.from_file(source, mime=True)
        )
    except (puremagic.PureError, ValueError):
        return None
    if named in IMAGE_FORMATS:
        return named if _opens_as_image(source, IMAGE_FORMATS[named]) else None
    if named == "application/pdf":
        return named if _opens_as_pdf(source) else None
    return None


def clean_name(name: str, media_type: str) -> str:
    """Return a file name without folders and control characters, with the suffix of the media type."""
    name = PureWindowsPath(PurePosixPath(name).name).name
    name = " ".join("".join(" " if not c.isprintable() else c for c in name).split()) or "file"
    suffixes = SUFFIXES[media_type]
    stem, suffix = name, suffixes[0]
    for known in suffixes:
        if name.lower().endswith(known):
            stem, suffix = name[: -len(known)], name[-len(known) :]
    return stem[: MAX_NAME_LENGTH - len(suffix)] + suffix


def _opens_as_image(source: Path | bytes, kind: str) -> bool:
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                return False
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return False
    return True


def _opens_as_pdf(source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        head, tail = source[:16], source[-PDF_TAIL:]
    else:
        with source.open("rb") as file:
            head = file.read(16)
            file.seek(max(0, source.stat().st_size - PDF_TAIL))
            tail = file.read()
    return bool(PDF_START.match(head)) and b"%%EOF" in tail
