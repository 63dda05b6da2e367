"""Filling in the form, page by page (P3 of table A1). A draft may be left and gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.content import DRAFTS, Case
from egovdocs.schemas import Problem

_ = TranslationStringFactory("egovdocs")

LONGEST_PAGE = 200_000  # characters


def save_page(office: Office, case: Case, page: str, values: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Keep the answers of a page, wrong ones too, so that nothing typed is lost.

    Of what no form asks (who the applicant is) only what is known already is kept.

    :returns: what is wrong with them.
    :raises Mistake: the request is signed already, has no such page, or the answers are too long to keep.
    """
    check_draft(case)
    request = office.edition_of(case).request
    known_so_far = {"action": case.action, **case.values}
    field = next((field for field in request.pages(known_so_far) if field.name == page), None)
    if field is None:
        raise Mistake(_("The form has no such page."))
    if len(repr(values)) > LONGEST_PAGE:
        raise Mistake(_("This page has more text than a request can hold."))
    known = case.values.get(page, {})
    case.values[page] = {**values} | {
        child.name: known[child.name] for child in field.children if not child.asked and child.name in known
    }
    return request.check_page(page, {**known_so_far, page: case.values[page]})


def check_draft(case: Case) -> None:
    """:raises Mistake: the request is signed: it can't be changed any more."""
    if case.state not in DRAFTS:
        raise Mistake(_("The request is signed and can no longer be changed."))
    if case._p_jar is not None:
        # Pages and files are objects of their own: their change must collide with a registration meanwhile.
        case._p_jar.readCurrent(case)
