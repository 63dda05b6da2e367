"""What people look at: the readable view of a document and its PDF."""

from .pdf import render_pdf
from .readable import Section, readable
from .reading import embedded_xml

__all__ = ["Section", "embedded_xml", "readable", "render_pdf"]
