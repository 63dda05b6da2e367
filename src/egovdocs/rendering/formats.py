"""Dates, numbers and booleans in a language's own form."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from babel.units import format_unit

from egovdocs.i18n import LOCALES, ZONE, say_date, say_moment

_BOOLEANS = {"ru": ("Нет", "Да"), "kk": ("Жоқ", "Иә"), "en": ("No", "Yes")}


def format_value(value: Any, kind: str, language: str, zone: tzinfo = ZONE) -> str:
    """Format a document's value for a language.

    :param value: what ``DocumentType.read`` gives: text, a boolean or a number.
    :param kind: the field's kind; anything unknown is text.
    :returns: the text; the value itself when it does not have the form of its kind.
    """
    if isinstance(value, bool):
        return _BOOLEANS[language][value]
    text = str(value)
    try:
        if kind in ("integer", "decimal"):
            return _format_number(text, language)
        if kind == "date":
            return say_date(date.fromisoformat(text[:10]), language)
        if kind == "datetime":
            return say_moment(datetime.fromisoformat(text), language, zone)
    except (ValueError, InvalidOperation):
        pass
    return text


def _format_number(text: str, language: str) -> str:
    """Keep as many decimals as the document has."""
    decimals = len(text.partition(".")[2])
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(Decimal(text), pattern, locale=LOCALES[language])


def format_duration(duration: timedelta, language: str) -> str:
    """Format the two largest units of a duration: 1 мин 30 с; 2 күн 4 сағ; 12 secs; < 1 sec."""
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
