"""Dates, numbers and truth in a language's own form."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal

ZONE = ZoneInfo("Asia/Aqtau")
"""Mangystau's time: documents carry UTC, people read this."""

_LOCALES = {"ru": "ru", "kk": "kk", "en": "en_GB"}
_TRUTH = {"ru": ("Нет", "Да"), "kk": ("Жоқ", "Иә"), "en": ("No", "Yes")}


def say(value: Any, kind: str, language: str, zone: tzinfo = ZONE) -> str:
    """Put a document's value as people of a language write it.

    :param value: what ``DocumentType.read`` gives: text, a boolean or a number.
    :param kind: the field's kind; anything unknown is text.
    :returns: the words; the value itself when it does not have the form its kind promises.
    """
    if isinstance(value, bool):
        return _TRUTH[language][value]
    text = str(value)
    try:
        if kind in ("integer", "decimal"):
            return _say_number(text, language)
        if kind == "date":
            return say_date(date.fromisoformat(text[:10]), language)
        if kind == "datetime":
            return say_moment(datetime.fromisoformat(text), language, zone)
    except (ValueError, InvalidOperation):
        pass
    return text


def _say_number(text: str, language: str) -> str:
    """With as many decimals as the document has."""
    decimals = len(text.partition(".")[2])
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(Decimal(text), pattern, locale=_LOCALES[language])


def say_date(day: date, language: str) -> str:
    """13 марта 2026 г. — 2026 ж. 13 наурыз — 13 March 2026."""
    # Newer locale data has narrow blanks, which fewer typefaces have and no one can type into a search.
    return format_date(day, "long", locale=_LOCALES[language]).replace("\u202f", "\u00a0")


def say_moment(moment: datetime, language: str, zone: tzinfo = ZONE) -> str:
    """A day, a time and the distance from UTC, so that it means the same everywhere."""
    if moment.tzinfo is None:
        return f"{say_date(moment.date(), language)}, {moment:%H:%M:%S}"
    local = moment.astimezone(zone)
    time = format_time(local, "HH:mm:ss", locale=_LOCALES[language])
    offset = f"{local:%z}"
    hours = f"{offset[0].replace('-', '−')}{int(offset[1:3])}" + (
        f":{offset[3:5]}" if offset[3:5] != "00" else ""
    )
    return f"{say_date(local.date(), language)}, {time} (UTC{hours})"


def say_duration(duration: timedelta, language: str) -> str:
    """Its two largest units, the rest left out: 1 мин 30 с — 2 күн 4 сағ — 12 s."""
    seconds = int(duration.total_seconds())
    parts = [seconds - seconds % 86400, seconds % 86400 - seconds % 3600, seconds % 3600 - seconds % 60]
    parts.append(seconds % 60)
    said = [
        format_timedelta(timedelta(seconds=part), threshold=1, format="narrow", locale=_LOCALES[language])
        for part in parts
    ]
    largest = next((n for n, part in enumerate(parts) if part), 3)
    return " ".join(said[n] for n in (largest, largest + 1) if n == largest or (n < 4 and parts[n]))
