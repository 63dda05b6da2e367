"""Jinja2 with the GOV.UK component macros, and the few helpers every template may use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from math import floor
from operator import attrgetter
from typing import Any

from babel.dates import format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader, pass_context
from pyramid.config import Configurator
from pyramid_jinja2 import PARENT_RELATIVE_DELIM
from translationstring import TranslationString

from egovdocs.content import LIVE, Case, CaseState, JournalEntry
from egovdocs.i18n import LOCALES, _, say_date
from egovdocs.schemas import Step
from egovdocs.views.plumbing.form_pages import AUTOCOMPLETE
from egovdocs.views.plumbing.languages import NAMES
from egovdocs.views.register.register_pages import STATES

STATE_COLOURS = {
    CaseState.DRAFT: "govuk-tag--grey",
    CaseState.AWAITING_PAYMENT: "govuk-tag--yellow",
    CaseState.PAID: "govuk-tag--yellow",
    CaseState.SENT: "govuk-tag--turquoise",
    CaseState.REGISTERED: "govuk-tag--blue",
    CaseState.IN_REVIEW: "govuk-tag--blue",
    CaseState.AWAITING_SIGNATURE: "govuk-tag--teal",
    CaseState.ISSUED: "govuk-tag--green",
    CaseState.REFUSED: "govuk-tag--red",
    CaseState.CLOSED: "govuk-tag--grey",
}
DIGITS = r"\[0-9\]\{(\d+)\}"


class Macros(PrefixLoader):
    """The GOV.UK macros; they name each other from the root, not relative to whoever asks for them."""

    def get_loader(self, template: str) -> tuple[BaseLoader, str]:
        return super().get_loader(template.partition(PARENT_RELATIVE_DELIM)[0])


def includeme(config: Configurator) -> None:
    config.action(None, _set_up, args=(config,), order=1)


def _set_up(config: Configurator) -> None:
    environment = config.get_jinja2_environment()
    environment.loader = ChoiceLoader(
        [environment.loader, Macros({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    environment.globals["language_names"] = NAMES
    environment.filters |= {
        function.__name__: function
        for function in (
            tr,
            day,
            moment,
            month,
            percent,
            money,
            size,
            runs,
            items,
            autocomplete,
            width,
            inputmode,
            state_colour,
            outcome,
            asked,
            standing,
            limit,
            field_error,
            error_list,
        )
    }


@pass_context
def tr(context: Any, message: Any) -> str:
    """A message or a ``schemas.Text`` in the reader's language."""
    return context["request"].tr(message)


@pass_context
def field_error(context: Any, message: Any) -> dict[str, str] | None:
    """What the GOV.UK macros want of a field's error, none where there is no error."""
    tr = context["request"].tr
    return {"text": tr(message), "visuallyHiddenText": tr(_("Error"))} if message else None


@pass_context
def error_list(context: Any, errors: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> list[dict[str, str]]:
    """What the GOV.UK error summary wants, of messages by the id or the address where they are mended."""
    pairs = errors.items() if isinstance(errors, Mapping) else errors
    return [
        {"text": tr(context, message), "href": place if place.startswith("/") else f"#{place}"}
        for place, message in pairs
    ]


@pass_context
def day(context: Any, value: date | str | None) -> str:
    """A date in words: 3 January 2013."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(context["request"].settings.time_zone).date()
    return say_date(value, context["request"].language)


@pass_context
def moment(context: Any, value: datetime | None) -> str:
    """A moment in the site's time zone: 3 January 2013, 14:05."""
    if value is None:
        return ""
    request = context["request"]
    zone = request.settings.time_zone
    local = value.astimezone(zone)
    return f"{day(context, value)}, {format_datetime(local, 'HH:mm', locale=request.language)}"


@pass_context
def month(context: Any, value: str) -> str:
    """``2026-06`` in words: June 2026."""
    first = date.fromisoformat(f"{value}-01")
    return format_skeleton("yMMMM", first, locale=LOCALES[context["request"].language])


@pass_context
def percent(context: Any, share: float) -> str:
    """A share in percent, rounded down: what is less than all is never called all."""
    whole = floor(share * 100 + 1e-9) / 100
    return format_percent(whole, "#,##0\N{NO-BREAK SPACE}%", locale=LOCALES[context["request"].language])


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


def runs(sequence: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    """Neighbours that agree in an attribute, together."""
    return [(key, list(members)) for key, members in groupby(sequence, attrgetter(attribute))]


def items(field: Any) -> list[dict[str, Any]]:
    """A choice field's choices as the GOV.UK macros want them."""
    return [{"value": choice.value, "text": choice.label} for choice in field.choices]


def autocomplete(field: Any) -> str | None:
    """What a browser may fill in, by the schema's name of the field."""
    return AUTOCOMPLETE.get(field.description.name)


def width(field: Any) -> str:
    """An input as wide as what belongs into it."""
    digits = re.fullmatch(DIGITS, field.description.pattern or "")
    longest = int(digits[1]) if digits else field.description.max_length
    if longest is not None and longest <= 20:
        return "govuk-input--width-" + next(str(n) for n in (5, 10, 20) if longest <= n)
    return ""


def inputmode(field: Any) -> str | None:
    """The keyboard that a telephone offers."""
    if re.fullmatch(DIGITS, field.description.pattern or ""):
        return "numeric"
    return {"integer": "numeric", "decimal": "decimal"}.get(field.description.kind)


def state_colour(case: Case) -> str:
    """The colour of the tag that names a case's state."""
    return STATE_COLOURS[case.state]


def outcome(case: Case) -> str | None:
    """The kind of the document that answers the request, once it is there."""
    return next((kind for kind in ("outcome", "refusal") if kind in case.documents), None)


def asked(case: Case) -> bool:
    """Does the provider wait for the applicant's answer to a remark?"""
    return case.state in LIVE and any(remark.answered_at is None for remark in case.remarks)


@pass_context
def standing(context: Any, case: Case) -> tuple[TranslationString, str] | None:
    """What became of the document that was issued, and its tag's colour; None while it is in force."""
    request = context["request"]
    if case.superseded_by is not None:
        return _("Replaced by a later document"), "grey"
    if case.licence is None:
        return None
    licence, today = request.site.licences[case.licence], request.office.today()
    return None if licence.in_force(today) else STATES[licence.state_on(today)]


@pass_context
def limit(context: Any, entry: JournalEntry, step: Step) -> str:
    """How long a step of the regulation may take: in working days those of what was asked for."""
    request = context["request"]
    if isinstance(entry.limit, int):
        days = request.localizer.pluralize(
            "%(num)s working day", "%(num)s working days", entry.limit, domain="egovdocs"
        )
        return str(days % {"num": entry.limit})
    return str(request.tr(step.limit.text)) if step.limit else ""
