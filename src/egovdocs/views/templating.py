"""Jinja2 with the GOV.UK component macros, and the few helpers every template may use."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, pass_context
from pyramid.config import Configurator

from egovdocs.views.languages import NAMES

GOVUK = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})


def includeme(config: Configurator) -> None:
    config.action(None, _set_up, args=(config,), order=1)


def _set_up(config: Configurator) -> None:
    environment = config.get_jinja2_environment()
    environment.loader = ChoiceLoader([environment.loader, GOVUK])
    environment.globals["language_names"] = NAMES
    environment.filters |= {"tr": tr, "day": day, "moment": moment, "money": money, "size": size}


@pass_context
def tr(context: Any, message: Any) -> str:
    """A message or a ``schemas.Text`` in the reader's language."""
    return context["request"].tr(message)


@pass_context
def day(context: Any, value: date | str | None) -> str:
    """A date in words: 3 January 2013."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(context["request"].registry["settings"].time_zone).date()
    return format_date(value, "long", locale=context["request"].language)


@pass_context
def moment(context: Any, value: datetime | None) -> str:
    """A moment in the site's time zone: 3 January 2013, 14:05."""
    if value is None:
        return ""
    request = context["request"]
    zone = request.registry["settings"].time_zone
    local = value.astimezone(zone)
    return f"{day(context, value)}, {format_datetime(local, 'HH:mm', locale=request.language)}"


@pass_context
def money(context: Any, amount: Decimal) -> str:
    """An amount in tenge."""
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    return format_decimal(amount, pattern, locale=context["request"].language) + "\N{NO-BREAK SPACE}₸"


@pass_context
def size(context: Any, count: int) -> str:
    """A file's size as people say it."""
    units = {"ru": ("Б", "КБ", "МБ"), "kk": ("Б", "КБ", "МБ"), "en": ("B", "KB", "MB")}
    language = context["request"].language
    value, unit = float(count), 0
    while value >= 1024 and unit < 2:
        value, unit = value / 1024, unit + 1
    return (
        format_decimal(value, "#,##0" if unit == 0 or value >= 10 else "#,##0.0", locale=language)
        + f"\N{NO-BREAK SPACE}{units[language][unit]}"
    )
