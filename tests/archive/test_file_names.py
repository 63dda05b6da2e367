"""Attachment names are a stranger's; file names in packages are harmless."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egovdocs.archive.file_names import safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Диплом врача.pdf", "01-Диплом_врача.pdf"),
        ("../../etc/passwd", "01-etc_passwd"),
        ("..\\..\\boot.ini", "01-boot.ini"),
        ("CON", "01-CON"),
        ("", "01-file"),
        ("...", "01-file"),
        (".bashrc", "01-file.bashrc"),
        ("и\u0306.pdf", "01-й.pdf"),
        ("invoice\u202efdp.exe", "01-invoicefdp.exe"),
        ("a\x00b\nc%0A~.png", "01-ab_c_0A.png"),
        ("ж" * 200 + ".tiff", "01-" + "ж" * 58 + ".tiff"),
    ],
)
def test_names(name: str, safe: str) -> None:
    assert safe_name(1, name) == safe


@given(st.text(max_size=300))
def test_any_name_is_one_harmless_file(name: str) -> None:
    safe = safe_name(7, name)
    assert PurePosixPath(safe).parts == PureWindowsPath(safe).parts == (safe,)
    assert safe.startswith("07-")
    assert safe == unicodedata.normalize("NFC", safe)
    assert len(safe.encode()) <= 140
    assert not {unicodedata.category(letter)[0] for letter in safe} & {"C", "Z"}
    assert not safe.endswith((".", " "))
