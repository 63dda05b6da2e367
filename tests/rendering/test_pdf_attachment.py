"""Strangers' PDFs: the one document inside, or nothing; never an exception."""

from __future__ import annotations

import random
import zlib
from io import BytesIO

import pytest
from pypdf import PdfWriter
from tests.rendering import samples

from egovdocs.rendering import embedded_xml, render_pdf


def pdf_with(*files: tuple[str, bytes]) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name, data in files:
        writer.add_attachment(name, data)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_one_xml_file_among_others() -> None:
    assert embedded_xml(pdf_with(("photo.png", b"\x89PNG"), ("licence.XML", b"<a/>"))) == b"<a/>"


@pytest.mark.parametrize(
    "pdf",
    [
        b"",
        b"<?xml version='1.0'?><a/>",
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n1 0 obj<</Names 1 0 R/EmbeddedFiles 1 0 R/Kids[1 0 R]>>endobj",
        pdf_with(),
        pdf_with(("photo.png", b"\x89PNG")),
        pdf_with(("a.xml", b"<a/>"), ("b.xml", b"<b/>")),
        pdf_with(("a.xml", b"<a/>"), ("a.xml", b"<b/>")),
    ],
)
def test_nothing(pdf: bytes) -> None:
    assert embedded_xml(pdf) is None


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(300_000_000), 9)
    pdf = pdf_with(("a.xml", b"<a/>")).replace(b"<a/>", bomb)
    pdf = pdf.replace(b"/Length 4", b"/Filter /FlateDecode\n/Length %d" % len(bomb))
    assert embedded_xml(pdf) is None


def test_damaged_papers_never_raise() -> None:
    document_type, content = samples.receipt()
    paper = render_pdf(document_type, content, content, signatures=(), verify_url=None, language="ru")
    chance = random.Random(2)
    for _ in range(60):
        damaged = bytearray(paper)
        for _ in range(chance.choice([1, 5, 200])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        embedded_xml(
            bytes(damaged[: chance.randrange(len(damaged))]) if chance.random() < 0.3 else bytes(damaged)
        )
