"""Dates, numbers and truth in a language's own form."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from babel.units import format_unit

from egovdocs.i18n import LOCALES, ZONE, say_date, say_moment

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
    return format_decimal(Decimal(text), pattern, locale=LOCALES[language])


def say_duration(duration: timedelta, language: str) -> str:
    """Its two largest units, the rest left out: 1 мин 30 с — 2 күн 4 сағ — 12 secs — < 1 sec."""
    seconds = int(duration.total_seconds())
    if seconds == 0:
        second = format_unit(1, "duration-second", "short", locale=LOCALES[language])
        return f"< {second}".replace(" ", "\N{NO-BREAK SPACE}")
    parts = [
        (seconds // 86400, "duration-day"),
        (seconds // 3600 % 24, "duration-hour"),
        (seconds // 60 % 60, "duration-minute"),
        (seconds % 60, "duration-second"),
    ]
    largest = next((n for n, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(
        format_unit(count, unit, "short", locale=LOCALES[language])
        for n, (count, unit) in enumerate(parts[largest : largest + 2])
        if count or n == 0
    )
