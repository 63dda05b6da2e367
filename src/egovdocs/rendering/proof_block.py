"""The signature block of a paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from egovdocs.i18n import say_moment
from egovdocs.rendering.drawing_context import DrawingContext, SignatureLine
from egovdocs.rendering.layouts import Block, wording
from egovdocs.rendering.ornament import TEAL
from egovdocs.rendering.styles import (
    LABEL,
    LINK,
    SMALL,
    STRONG,
    VALUE,
    cell_padding,
    distinct,
    join_distinct,
    paragraph,
)


def draw_proof(block: Block, context: DrawingContext) -> Iterator[Flowable]:
    """The signature block: who signed and when, the code that leads to the verification page."""
    proof, phrases = context.proof, wording()
    left: list[Flowable] = []
    if not proof.signatures:
        left += [paragraph(join_distinct(context.words(phrases["not_signed"])), STRONG)]
    for signature in proof.signatures:
        left += _signature(signature, context)
    left += [paragraph(text, SMALL) for text in context.words(phrases["embedded"], name=proof.file_name)]
    if proof.verify_url:
        left += [Spacer(0, 3)]
        left += [paragraph(join_distinct(context.words(phrases["verify"])), SMALL)]
        left += [paragraph(proof.verify_url, LINK)]
    code = 33 * mm if proof.verify_url else 0
    cells: list[Any] = [left]
    if proof.verify_url:
        cells.append(QrCode(proof.verify_url, width=code, height=code, qrBorder=2, qrLevel="M"))
    widths = [context.width - code - 3 * mm, code + 3 * mm] if code else [context.width]
    style = [
        ("BOX", (0, 0), (-1, -1), 0.8, TEAL),
        ("LINEBEFORE", (0, 0), (0, -1), 3, TEAL),
        ("VALIGN", (0, 0), (0, -1), "TOP"),
        ("VALIGN", (-1, 0), (-1, -1), "MIDDLE"),
        *cell_padding(6, 6),
        ("LEFTPADDING", (0, 0), (0, -1), 9),
    ]
    yield KeepTogether([Spacer(0, 3 * mm), Table([cells], widths, style=style)])


def _signature(signature: SignatureLine, context: DrawingContext) -> Iterator[Flowable]:
    phrases = wording()

    def line(phrase: str, texts: Sequence[str]) -> Paragraph:
        label = join_distinct(context.words(phrases[phrase]))
        return Paragraph(f"{escape(label)}: <b>{escape(' / '.join(distinct(texts)))}</b>", SMALL)

    yield paragraph(join_distinct(context.words(phrases["signed"])), LABEL)
    yield paragraph(signature.name, STRONG)
    if signature.organisation:
        yield paragraph(signature.organisation, VALUE)
    if signature.identifier:
        yield line("identifier", [signature.identifier])
    if moment := signature.moment:
        yield line("signed_at", [say_moment(moment, lang, context.proof.zone) for lang in context.languages])
    if signature.serial:
        yield line("serial", [signature.serial])
    if signature.issuer:
        yield line("issuer", [signature.issuer])
    yield Spacer(0, 4)
