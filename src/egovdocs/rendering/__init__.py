"""What people look at: the readable view of a document, its PDF, diagrams and charts."""

from egovdocs.rendering.bars import draw_bar
from egovdocs.rendering.fonts import FontMissingError
from egovdocs.rendering.papers import NotValidError, render_paper
from egovdocs.rendering.pdf import render_pdf
from egovdocs.rendering.pdf_attachment import embedded_xml
from egovdocs.rendering.readable import Section, readable, titles_of

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
