"""A page of a form, made from a document's schema.

WTForms parses what was sent and keeps what is shown; the schema alone validates it.
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

MAX_RADIOS = 7
MAX_ENTRIES = 100
YES, NO = _("Yes"), _("No")


class DayField(Field):
    """A date in three inputs.

    Its data is the date in ISO 8601; year, month and day as typed, joined likewise, when they are no date.
    """

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
    """Return the form of a page: of the members of a group, or of a single field.

    :param document: the values of the whole document so far; a field whose condition they do not meet is left
        out.
    """
    members = page.children if page.kind == "group" and not page.repeats else (page,)
    return _form(members, document, language)


def _form(members: Iterable[schemas.Field], document: Mapping[str, Any], language: str) -> type[Form]:
    asked = [
        member for member in members if member.asked and (not member.when or member.when.holds(document))
    ]
    return type("SchemaForm", (Form,), {member.name: _field(member, document, language) for member in asked})


def _field(field: schemas.Field, document: Mapping[str, Any], language: str) -> Any:
    # Templates read the schema's field from the description.
    given = {"label": field.label[language], "description": field}
    if field.kind == "group":
        group = FormField(_form(field.children, document, language), **given)
        return FieldList(group, **_how_many(field), **given) if field.repeats else group
    if field.kind == "choice":
        choices = [SelectChoice(value, text[language]) for value, text in field.choices]
        if field.repeats:
            return SelectMultipleField(choices=choices, **given)
        if len(choices) <= MAX_RADIOS:
            return RadioField(choices=choices, **given)
        return SelectField(choices=[SelectChoice("", ""), *choices], **given)
    if field.repeats:
        return FieldList(StringField(**given), **_how_many(field), **given)
    kinds = {"boolean": BooleanField, "date": DayField, "multiline": TextAreaField}
    return kinds.get(field.kind, StringField)(**given)


def _how_many(field: schemas.Field) -> dict[str, int]:
    """Limit the entries to one more than the schema allows, which it reports; parsing many takes long."""
    return {"min_entries": 1, "max_entries": (field.most or MAX_ENTRIES) + 1}


def entered_values(data: Any) -> Any:
    """Return the data of a form without what was left empty."""
    if isinstance(data, Mapping):
        kept = {name: entered_values(value) for name, value in data.items()}
        return {name: value for name, value in kept.items() if value not in (None, "", [], {})}
    if isinstance(data, list):
        return [value for value in map(entered_values, data) if value not in (None, "", [], {})]
    return data.strip() if isinstance(data, str) else data


def drop_empty(form: Form) -> None:
    """Remove the empty entries of repeated groups; one stays when all are empty."""
    for field in form:
        if isinstance(field, FieldList):
            filled = [entry for entry in field.entries if entered_values(entry.data)]
            field.entries = filled or field.entries[:1]


def element_id(form: Form, page: str, path: str) -> str:
    """Return the id of the input that a problem's path (``sites/site[2]/name``) is about."""
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
                return str(entry.id)
            entry = entry.entries[index]
    if entry is form:
        return "main-content"
    return f"{entry.id}-day" if isinstance(entry, DayField) else str(entry.id)


@dataclass(frozen=True)
class AnswerCard:
    """A card of the check page: a heading, and rows of a label and the lines of its value."""

    title: str
    rows: tuple[tuple[str, list[str]], ...]


def answer_cards(
    page: schemas.Field, values: Any, document: Mapping[str, Any], language: str
) -> Iterator[AnswerCard]:
    """Yield the cards of a page, with a card for each entry of a repeated group.

    Values that the applicant was not asked for are included.
    """
    rows: list[tuple[str, list[str]]] = []
    repeated: list[AnswerCard] = []
    _collect(page, {page.name: values} if page.repeats else values, document, language, rows, repeated)
    if rows or not repeated:
        yield AnswerCard(page.label[language], tuple(rows))
    yield from repeated


def _collect(
    group: schemas.Field,
    values: Any,
    document: Mapping[str, Any],
    language: str,
    rows: list[tuple[str, list[str]]],
    repeated: list[AnswerCard],
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
                repeated.append(AnswerCard(title, tuple(inner)))


def _shown(field: schemas.Field, value: Any, language: str) -> list[str]:
    """Return a value in words, a line for each entry."""
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
