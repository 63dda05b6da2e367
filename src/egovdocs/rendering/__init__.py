"""What people look at: the readable view of a document and its PDF."""

from egovdocs.rendering.bars import draw_bar
from egovdocs.rendering.fonts import FontMissingError
from egovdocs.rendering.papers import NotValidError, render_paper
from egovdocs.rendering.pdf import render_pdf
from egovdocs.rendering.readable import Section, readable, titles_of
from egovdocs.rendering.reading import embedded_xml

__all__ = [
    "FontMissingError",
    "NotValidError",
    "Section",
    "draw_bar",
    "embedded_xml",
    "readable",
    "render_paper",
    "render_pdf",
    "titles_of",
]
