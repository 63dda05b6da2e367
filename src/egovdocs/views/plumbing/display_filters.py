"""Template filters for every page: messages, dates, numbers and errors in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from math import floor
from operator import attrgetter
from typing import Any

from babel.dates import format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent
from jinja2 import pass_context
from jinja2.runtime import Context

from egovdocs.app.request import Request
from egovdocs.i18n import LOCALES, _, say_date
from egovdocs.schemas import Text

UNITS = {"ru": ("Б", "КБ", "МБ"), "kk": ("Б", "КБ", "МБ"), "en": ("B", "KB", "MB")}


def request_of(context: Context) -> Request:
    """Return the request that a template is rendered for."""
    request: Request = context["request"]
    return request


@pass_context
def tr(context: Context, message: str | Text) -> str:
    """Translate a message, or pick a text's wording, in the language of the page."""
    return request_of(context).tr(message)


@pass_context
def field_error(context: Context, message: str | Text | None) -> dict[str, str] | None:
    """Return a field's error in the form that the GOV.UK macros take; None where there is no error."""
    tr = request_of(context).tr
    return {"text": tr(message), "visuallyHiddenText": tr(_("Error"))} if message else None


@pass_context
def error_list(
    context: Context, errors: Mapping[str, Any] | Iterable[tuple[str, Any]]
) -> list[dict[str, str]]:
    """Return errors in the form that the GOV.UK error summary takes.

    :param errors: messages, each by the id of the input or by the address of the page where it is corrected.
    """
    pairs = errors.items() if isinstance(errors, Mapping) else errors
    return [
        {"text": tr(context, message), "href": place if place.startswith("/") else f"#{place}"}
        for place, message in pairs
    ]


@pass_context
def day(context: Context, value: date | str | None) -> str:
    """Return a date in words: 3 January 2013; a moment's in the site's time zone."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(request_of(context).settings.time_zone).date()
    return say_date(value, request_of(context).language)


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """Return a moment in words, in the site's time zone: 3 January 2013, 14:05."""
    if value is None:
        return ""
    request = request_of(context)
    zone = request.settings.time_zone
    local = value.astimezone(zone)
    return f"{day(context, value)}, {format_datetime(local, 'HH:mm', locale=request.language)}"


@pass_context
def month(context: Context, value: str) -> str:
    """Return a month (``2026-06``) in words: June 2026."""
    first = date.fromisoformat(f"{value}-01")
    return format_skeleton("yMMMM", first, locale=LOCALES[request_of(context).language])


@pass_context
def percent(context: Context, share: float) -> str:
    """Return a share in percent, rounded down so that only all of it is called 100 %."""
    whole = floor(share * 100 + 1e-9) / 100
    return format_percent(whole, "#,##0\N{NO-BREAK SPACE}%", locale=LOCALES[request_of(context).language])


@pass_context
def money(context: Context, amount: Decimal) -> str:
    """Return an amount of tenge with its sign."""
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    return format_decimal(amount, pattern, locale=request_of(context).language) + "\N{NO-BREAK SPACE}₸"


@pass_context
def size(context: Context, count: int) -> str:
    """Return a number of octets in the largest fitting unit, up to megabytes."""
    language = request_of(context).language
    value, unit = float(count), 0
    while value >= 1024 and unit < 2:
        value, unit = value / 1024, unit + 1
    return (
        format_decimal(value, "#,##0" if unit == 0 or value >= 10 else "#,##0.0", locale=language)
        + f"\N{NO-BREAK SPACE}{UNITS[language][unit]}"
    )


def runs(sequence: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    """Group the neighbours that have the same value of an attribute."""
    return [(key, list(members)) for key, members in groupby(sequence, attrgetter(attribute))]
