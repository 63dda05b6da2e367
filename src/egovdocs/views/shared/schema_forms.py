"""A page of a form, made from a document's schema.

WTForms reads what was sent and holds what is shown; what is right and wrong is the schema's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from egovdocs import schemas
from egovdocs.i18n import _, translate

MOST_RADIOS = 7
MOST_ENTRIES = 100
YES, NO = _("Yes"), _("No")


class DayField(Field):
    """A date in three inputs; its data is ISO 8601, or what was typed in that order when it is no date."""

    parts: tuple[str, str, str] = ("", "", "")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        names = [f"{self.name}-{part}" for part in ("day", "month", "year")]
        if formdata is not None and any(name in formdata for name in names):
            day, month, year = (" ".join(formdata.getlist(name)).strip() for name in names)
        else:
            year, month, day = ([*data.split("-"), "", ""] if isinstance(data, str) else [""] * 3)[:3]
        self.parts = (day, month, year)
        self.data = f"{year:0>4}-{month:0>2}-{day:0>2}" if any(self.parts) else None


def page_form(page: schemas.Field, document: Mapping[str, Any], language: str) -> type[Form]:
    """The form of a page: a group's members, or the one field when the page is no group.

    :param document: what is known of the whole document; fields it gives no occasion for are not asked.
    """
    members = page.children if page.kind == "group" and not page.repeats else (page,)
    return _form(members, document, language)


def _form(members: Iterable[schemas.Field], document: Mapping[str, Any], language: str) -> type[Form]:
    asked = [
        member for member in members if member.asked and (not member.when or member.when.holds(document))
    ]
    return type("SchemaForm", (Form,), {member.name: _field(member, document, language) for member in asked})


def _field(field: schemas.Field, document: Mapping[str, Any], language: str) -> Any:
    # The schema's field travels as the description, for the templates.
    given = {"label": field.label[language], "description": field}
    if field.kind == "group":
        group = FormField(_form(field.children, document, language), **given)
        return FieldList(group, **_how_many(field), **given) if field.repeats else group
    if field.kind == "choice":
        choices = [SelectChoice(value, text[language]) for value, text in field.choices]
        if field.repeats:
            return SelectMultipleField(choices=choices, **given)
        if len(choices) <= MOST_RADIOS:
            return RadioField(choices=choices, **given)
        return SelectField(choices=[SelectChoice("", ""), *choices], **given)
    if field.repeats:
        return FieldList(StringField(**given), **_how_many(field), **given)
    kinds = {"boolean": BooleanField, "date": DayField, "multiline": TextAreaField}
    return kinds.get(field.kind, StringField)(**given)


def _how_many(field: schemas.Field) -> dict[str, int]:
    """One too many is read, for the schema to complain of; ten thousand would keep the site busy."""
    return {"min_entries": 1, "max_entries": (field.most or MOST_ENTRIES) + 1}


def answers(data: Any) -> Any:
    """What was filled in, without what was left empty."""
    if isinstance(data, Mapping):
        kept = {name: answers(value) for name, value in data.items()}
        return {name: value for name, value in kept.items() if value not in (None, "", [], {})}
    if isinstance(data, list):
        return [value for value in map(answers, data) if value not in (None, "", [], {})]
    return data.strip() if isinstance(data, str) else data


def drop_empty(form: Form) -> None:
    """Leave out the entries of repeated groups that nothing was filled in, all but one."""
    for field in form:
        if isinstance(field, FieldList):
            field.entries = [entry for entry in field.entries if answers(entry.data)] or field.entries[:1]


def element_id(form: Form, page: str, path: str) -> str:
    """The id of the input that a problem's path (``sites/site[2]/name``) speaks of."""
    inside = path.removeprefix(page).removeprefix("/") or path
    steps = [re.fullmatch(r"([^\[]+)(?:\[(\d+)\])?", step) for step in inside.split("/")]
    entry: Any = form
    for step in steps:
        if step is None:
            break
        inner = getattr(entry, "form", entry)
        if not isinstance(inner, Form) or step[1] not in inner:
            break
        entry = inner[step[1]]
        if isinstance(entry, FieldList):
            index = int(step[2] or 1) - 1
            if step[2] is None or index >= len(entry.entries):
                return entry.id
            entry = entry.entries[index]
    if entry is form:
        return "main-content"
    return f"{entry.id}-day" if isinstance(entry, DayField) else entry.id


@dataclass(frozen=True)
class Answers:
    """A card of the check-your-answers page: what was asked and what was answered."""

    title: str
    rows: tuple[tuple[str, list[str]], ...]


def cards(page: schemas.Field, values: Any, document: Mapping[str, Any], language: str) -> Iterator[Answers]:
    """The answers of a page, what the applicant was not asked included; a card for each repeated group."""
    rows: list[tuple[str, list[str]]] = []
    repeated: list[Answers] = []
    _collect(page, {page.name: values} if page.repeats else values, document, language, rows, repeated)
    if rows or not repeated:
        yield Answers(page.label[language], tuple(rows))
    yield from repeated


def _collect(
    group: schemas.Field,
    values: Any,
    document: Mapping[str, Any],
    language: str,
    rows: list[tuple[str, list[str]]],
    repeated: list[Answers],
) -> None:
    values = values if isinstance(values, Mapping) else {}
    for field in group.children:
        value = values.get(field.name)
        if field.when is not None and not field.when.holds(document):
            continue
        if field.kind != "group":
            rows.append((field.label[language], _shown(field, value, language)))
        elif not field.repeats:
            _collect(field, value, document, language, rows, repeated)
        else:
            for number, member in enumerate(value or [{}], 1):
                inner: list[tuple[str, list[str]]] = []
                _collect(field, member, document, language, inner, repeated)
                title = (
                    field.label[language] if len(value or [1]) == 1 else f"{field.label[language]} {number}"
                )
                repeated.append(Answers(title, tuple(inner)))


def _shown(field: schemas.Field, value: Any, language: str) -> list[str]:
    """A value in words, as the lines of a list."""
    shown = []
    for one in value if isinstance(value, list | tuple) else [value]:
        if one in (None, ""):
            continue
        if isinstance(one, bool):
            shown.append(translate(YES if one else NO, language))
            continue
        choice = field.choice(str(one))
        shown.append(choice[language] if choice else str(one))
    return shown
