"""Messages and dates in the reader's language, with or without a web request.

A message is its own key, in English; the catalogues are in ``locale/``.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from translationstring import TranslationString, TranslationStringFactory

LANGUAGES = ("ru", "kk", "en")
DOMAIN = "egovdocs"
LOCALES = {"ru": "ru", "kk": "kk", "en": "en_GB"}
ZONE = ZoneInfo("Asia/Aqtau")
"""The time of Mangystau, in which pages show times; documents contain UTC."""
_ = TranslationStringFactory(DOMAIN)


def translate(message: str | TranslationString, language: str, zone: tzinfo = ZONE) -> str:
    """Return a message in a language, in English when there is no translation.

    Its ``${names}`` are filled in from its mapping; dates and moments in the form of the language.
    """
    text = _catalogue(language).gettext(str(message)) if message else ""
    if not isinstance(message, TranslationString):
        return text
    mapping = {name: _in_words(value, language, zone) for name, value in (message.mapping or {}).items()}
    return str(TranslationString(message, mapping=mapping).interpolate(text))


def say_date(day: date, language: str) -> str:
    """Return a date in words: 13 марта 2026 г. — 2026 ж. 13 наурыз — 13 March 2026."""
    # Newer locale data has narrow no-break spaces, which many typefaces lack and no search matches.
    return format_date(day, "long", locale=LOCALES[language]).replace("\u202f", "\u00a0")


def say_moment(moment: datetime, language: str, zone: tzinfo = ZONE) -> str:
    """Return a moment in words: the day, the time and, if the moment has it, the offset from UTC."""
    if moment.tzinfo is None:
        return f"{say_date(moment.date(), language)}, {moment:%H:%M:%S}"
    local = moment.astimezone(zone)
    time = format_time(local, "HH:mm:ss", locale=LOCALES[language])
    offset = f"{local:%z}"
    hours = f"{offset[0].replace('-', '−')}{int(offset[1:3])}" + (
        f":{offset[3:5]}" if offset[3:5] != "00" else ""
    )
    return f"{say_date(local.date(), language)}, {time} (UTC{hours})"


def _in_words(value: Any, language: str, zone: tzinfo) -> Any:
    if isinstance(value, datetime):
        return say_moment(value, language, zone)
    return say_date(value, language) if isinstance(value, date) else value


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, Path(__file__).parent / "locale", [language], fallback=True)
