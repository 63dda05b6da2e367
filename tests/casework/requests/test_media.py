import io
import warnings
from pathlib import Path

import pytest
from PIL import Image

from egovdocs.casework.requests.media import clean_name, media_type

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


def image(kind: str, size: tuple[int, int] = (9, 9)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 50).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PDF, "application/pdf"),
        (image("PNG"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("GIF"), None),
        (b"", None),
        (b"hello", None),
        (b"<html><script>alert(1)</script></html>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ" + bytes(100), None),
        (PDF[:20], None),
        (b"junk" + PDF, None),
        (image("PNG", (300, 300))[:2000], None),
        (image("JPEG", (300, 300))[:2000], None),
        (image("PNG")[:8] + b"<script>", None),
    ],
    ids=[
        "pdf",
        "png",
        "jpeg",
        "gif",
        "empty",
        "text",
        "html",
        "svg",
        "exe",
        "cut-pdf",
        "junk-pdf",
        "cut-png",
        "cut-jpeg",
        "false-png",
    ],
)
def test_content_alone_says_what_a_file_is(data: bytes, expected: str | None, tmp_path: Path) -> None:
    assert media_type(data) == expected
    (tmp_path / "photo.jpg").write_bytes(data)
    assert media_type(tmp_path / "photo.jpg") == expected


def test_a_decompression_bomb_is_no_image() -> None:
    out = io.BytesIO()
    Image.new("1", (15_000, 15_000)).save(out, "PNG")
    assert media_type(out.getvalue()) is None


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("диплом.pdf", "диплом.pdf"),
        ("SCAN.PDF", "SCAN.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\диплом.pdf", "диплом.pdf"),
        ("invoice.pdf.exe", "invoice.pdf.exe.pdf"),
        ("a\r\nSet-Cookie: x\u202e.pdf", "a Set-Cookie: x .pdf"),
        ("", "file.pdf"),
    ],
)
def test_clean_names(given: str, clean: str) -> None:
    assert clean_name(given, "application/pdf") == clean


def test_long_names_keep_their_end() -> None:
    assert clean_name("ж" * 500 + ".jpeg", "image/jpeg") == "ж" * 115 + ".jpeg"


def test_looking_at_a_picture_changes_nothing_for_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Filters of warnings are everybody's: two threads that set them aside may leave them changed."""
    opened, seen = Image.open, []

    def look(*args: object, **more: object) -> Image.Image:
        seen.append(list(warnings.filters))
        return opened(*args, **more)

    monkeypatch.setattr(Image, "open", look)
    assert media_type(image("PNG")) == "image/png"
    assert seen == [warnings.filters]
