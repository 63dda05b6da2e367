"""The typeface of every paper, embedded: Golos Text has every Russian and Kazakh letter."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

REGULAR, BOLD = "GolosText-Regular", "GolosText-Bold"


class FontMissingError(RuntimeError):
    """The fonts are not in ``static/fonts``, where ``make setup`` puts them."""


@cache
def load_fonts() -> None:
    """Register the typeface with reportlab, once.

    :raises FontMissingError: the front end was not built.
    """
    folder = files("egovdocs").joinpath("static/fonts")
    for name in (REGULAR, BOLD):
        try:
            pdfmetrics.registerFont(TTFont(name, str(folder.joinpath(f"{name}.ttf"))))
        except (TTFError, OSError) as problem:
            raise FontMissingError(
                f"{name}.ttf is not in egovdocs/static/fonts; run `make setup`"
            ) from problem
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
