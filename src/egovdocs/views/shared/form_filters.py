"""Template filters about a field of a form that was made from a schema."""

from __future__ import annotations

import re
from typing import Any

from wtforms import Field

# The names of https://html.spec.whatwg.org/#autofill, by the schema's names.
AUTOCOMPLETE = {
    "email": "email",
    "phone": "tel",
    "street": "street-address",
    "locality": "address-level2",
    "postcode": "postal-code",
}
DIGITS = r"\[0-9\]\{(\d+)\}"
WIDTHS = (5, 10, 20)  # in characters; the GOV.UK style sheet has a class for each


def items(field: Field) -> list[dict[str, Any]]:
    """Return a choice field's choices in the form that the GOV.UK macros take."""
    return [{"value": choice.value, "text": choice.label} for choice in field.choices]


def autocomplete(field: Field) -> str | None:
    """Return the HTML ``autocomplete`` token of a field; None where the browser has nothing to fill in."""
    return AUTOCOMPLETE.get(field.description.name)


def width(field: Field) -> str:
    """Return the CSS class for an input as wide as the longest value; empty for a long one."""
    digits = re.fullmatch(DIGITS, field.description.pattern or "")
    longest = int(digits[1]) if digits else field.description.max_length
    fitting = [each for each in WIDTHS if longest is not None and longest <= each]
    return f"govuk-input--width-{fitting[0]}" if fitting else ""


def inputmode(field: Field) -> str | None:
    """Return the HTML ``inputmode`` of a field, which chooses a telephone's keyboard."""
    if re.fullmatch(DIGITS, field.description.pattern or ""):
        return "numeric"
    return {"integer": "numeric", "decimal": "decimal"}.get(field.description.kind)
