"""Licence numbers as people type them."""

from __future__ import annotations

from translationstring import TranslationString

from egovdocs.content import (
    Licences,
)
from egovdocs.i18n import _
from egovdocs.schemas.identifiers import is_licence_number


def clean_number(text: str) -> str:
    """Return a typed licence number without spaces and in capitals."""
    return "".join(text.split()).upper()


def number_error(licences: Licences, number: str) -> TranslationString | None:
    """Return what is wrong with a licence number; None when the register has it."""
    if not number:
        return _("Enter the licence number.")
    if not is_licence_number(number):
        return _("This is not a licence number. Check every letter and digit.")
    if number not in licences:
        return _("The register knows no licence with this number.")
    return None
