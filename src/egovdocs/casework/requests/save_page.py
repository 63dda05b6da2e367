"""Fill in the form, page by page (P3 of table A1). A draft can be left and continued later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.content import DRAFTS, Case
from egovdocs.schemas import Problem

_ = TranslationStringFactory("egovdocs")

MAX_PAGE = 200_000  # characters


def save_page(office: Office, case: Case, page: str, values: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Save the answers of a page, wrong ones too, so that nothing typed is lost.

    Fields that the form does not ask for, such as the applicant's identity, keep their values.

    :param page: the page's name.
    :param values: the answers.
    :returns: what is wrong with them.
    :raises Mistake: the request is signed already, has no such page, or the answers are too long.
    """
    check_draft(case)
    request = office.edition_of(case).request
    known_so_far = {"action": case.action, **case.values}
    field = next((field for field in request.pages(known_so_far) if field.name == page), None)
    if field is None:
        raise Mistake(_("The form has no such page."))
    if len(repr(values)) > MAX_PAGE:
        raise Mistake(_("This page has more text than a request can hold."))
    known = case.values.get(page, {})
    case.values[page] = {**values} | {
        child.name: known[child.name] for child in field.children if not child.asked and child.name in known
    }
    return request.check_page(page, {**known_so_far, page: case.values[page]})


def check_draft(case: Case) -> None:
    """Check that a request can still be changed.

    :raises Mistake: it is signed.
    """
    if case.state not in DRAFTS:
        raise Mistake(_("The request is signed and can no longer be changed."))
    if case._p_jar is not None:
        # Pages and files are objects of their own: a change must conflict with a concurrent registration.
        case._p_jar.readCurrent(case)
