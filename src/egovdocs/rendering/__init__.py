"""What people look at: the readable view of a document and its PDF."""

from .bars import draw_bar
from .fonts import FontMissingError
from .papers import NotValidError, render_paper
from .pdf import render_pdf
from .readable import Section, readable, titles_of
from .reading import embedded_xml

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
