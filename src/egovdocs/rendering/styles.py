"""Paragraph styles of every paper, and the small helpers that its blocks share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from egovdocs.rendering.fonts import BOLD, REGULAR
from egovdocs.rendering.ornament import INK, QUIET, TEAL
from egovdocs.rendering.readable import Section


def _style(size: float, font: str = REGULAR, colour: Any = INK, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font}-{size}",
        fontName=font,
        fontSize=size,
        leading=more.pop("leading", size * 1.32),
        textColor=colour,
        splitLongWords=True,
        **more,
    )


VALUE = _style(9.5)
STRONG = _style(9.5, BOLD)
CELL = _style(8, leading=10)
LABEL = _style(7.4, colour=QUIET)
SMALL = _style(7.4, leading=9.6)
SMALLEST = _style(6.6, colour=QUIET, leading=8.4)
TITLE = _style(19, BOLD, TEAL, leading=23)
TITLE_CENTRED = _style(17, BOLD, TEAL, leading=21, alignment=TA_CENTER)
HEADING = _style(11.5, BOLD, TEAL, spaceBefore=6, spaceAfter=2, keepWithNext=True)
SUBHEADING = _style(9.5, BOLD, INK, spaceBefore=5, spaceAfter=1, keepWithNext=True)
PROVIDER = _style(9.5, BOLD, INK, alignment=TA_CENTER)
LABEL_BESIDE = _style(8.6, colour=QUIET, leading=12.5)
CHECKSUM = _style(6.6, leading=10)
LINK = _style(7.4, BOLD, TEAL, leading=9.6)
KEY_LABEL = _style(7.4, colour=QUIET, alignment=TA_CENTER)
HOLDER = _style(15, BOLD, INK, alignment=TA_CENTER, spaceAfter=2)
CENTRED = _style(9, alignment=TA_CENTER)
KEY_VALUE = _style(12.5, BOLD, INK, alignment=TA_CENTER)


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """Return text as a paragraph: no markup, line ends kept."""
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def numbered_label(section: Section) -> str:
    return f"{section.label} {section.number}" if section.number else section.label


def join_distinct(texts: Iterable[str]) -> str:
    return " / ".join(distinct(texts))


def distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def cell_padding(top: float, bottom: float) -> Iterator[tuple[Any, ...]]:
    """The beginning of every table's style; reportlab's default font is not embedded."""
    yield "FONTNAME", (0, 0), (-1, -1), REGULAR
    yield "TOPPADDING", (0, 0), (-1, -1), top
    yield "BOTTOMPADDING", (0, 0), (-1, -1), bottom
