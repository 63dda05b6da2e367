"""Convert values between forms or programs and XSD's notation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from egovdocs.schemas.fields import Field


def given_values(field: Field, value: Any) -> list[Any]:
    """Return a field's values as a list, whether it repeats or not; empty ones are left out."""
    values = value if isinstance(value, list | tuple) else [value]
    if field.kind == "boolean" and field.pattern == "true":
        # A consent that was not ticked is a consent not given.
        values = [v for v in values if v not in (False, "false")]
    return [v for v in values if v is not None and v != "" and v != {}]


def tidy(value: Any) -> Any:
    """Return values as a document has them: stripped, with uniform line ends."""
    if isinstance(value, Mapping):
        return {name: tidy(item) for name, item in value.items()}
    if isinstance(value, str):
        return "\n".join(value.strip().splitlines())
    if isinstance(value, Sequence):
        return [tidy(item) for item in value]
    return value


def lexical(value: Any) -> str:
    """Return a value in XSD's notation."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a time needs its zone")
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def read_value(field: Field, element: etree._Element) -> Any:
    if len(element):
        return {}
    text: str = field.type.normalize(element.text or "")
    if field.kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if field.kind == "integer" and text.removeprefix("-").isascii() and text.removeprefix("-").isdigit():
        return int(text) if len(text) < 20 else text
    return text


def is_xml_text(text: str) -> bool:
    """Remove what XML 1.0, production 2 forbids: control characters and lone surrogates."""
    return all(
        c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000" for c in text
    )
