"""Messages in the reader's language, with or without a web request.

A message is written in English and is its own key; the catalogues stand in ``locale/``.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from translationstring import TranslationString, TranslationStringFactory

LANGUAGES = ("ru", "kk", "en")
DOMAIN = "egovdocs"
_ = TranslationStringFactory(DOMAIN)


def translate(message: str | TranslationString, language: str) -> str:
    """Say a message in a language; in English, its ``${names}`` filled in, when there is no translation."""
    said = _catalogue(language).gettext(str(message)) if message else ""
    return message.interpolate(said) if isinstance(message, TranslationString) else said


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, Path(__file__).parent / "locale", [language], fallback=True)
