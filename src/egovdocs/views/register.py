"""The public register of licences: what everybody may know of a licence, and in what state it is."""

from __future__ import annotations

from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config
from translationstring import TranslationString

from egovdocs.content import Licence, LicenceChange, Licences, LicenceState
from egovdocs.i18n import _
from egovdocs.schemas.identifiers import is_licence_number
from egovdocs.views.provider import page_number

TEMPLATES = "egovdocs:views/templates/register/"
PAGE = 50

STATES = {
    LicenceState.ISSUED: (_("In force"), "green"),
    LicenceState.SUSPENDED: (_("Suspended"), "yellow"),
    LicenceState.TERMINATED: (_("Terminated"), "red"),
    LicenceState.REISSUED: (_("Replaced by another licence"), "grey"),
    None: (_("Not in force yet"), "grey"),
}
CHANGES = {
    LicenceChange.ISSUED: _("Issued"),
    LicenceChange.SUSPENDED: _("Suspended"),
    LicenceChange.RESUMED: _("Resumed"),
    LicenceChange.TERMINATED: _("Terminated"),
    LicenceChange.REISSUED: _("Replaced by another licence"),
    LicenceChange.DUPLICATED: _("Duplicate issued"),
}


def public_part(request: Request, licence: Licence) -> dict[str, Any]:
    """What ``register/public.jinja2`` shows."""
    return {
        "licence": licence,
        "service": request.office.services[licence.service],
        "licence_states": STATES,
        "licence_changes": CHANGES,
        "today": request.office.today(),
    }


def clean_number(text: str) -> str:
    """A licence number as people type it: with spaces, in small letters."""
    return "".join(text.split()).upper()


def number_error(licences: Licences, number: str) -> TranslationString | None:
    """What is wrong with a licence number; None when the register knows it."""
    if not number:
        return _("Enter the licence number.")
    if not is_licence_number(number):
        return _("This is not a licence number. Check every letter and digit.")
    if number not in licences:
        return _("The register knows no licence with this number.")
    return None


@view_config(
    context=Licences,
    permission=NO_PERMISSION_REQUIRED,
    request_method="GET",
    renderer=TEMPLATES + "list.jinja2",
)
def look_up(licences: Licences, request: Request) -> dict[str, Any] | Response:
    """The newest licences, or by ``?number=`` the way to one."""
    number, error = clean_number(request.GET.get("number", "")), None
    if "number" in request.GET:
        error = number_error(licences, number)
        if error is None:
            return HTTPSeeOther(f"/licences/{number}")
    page = page_number(request)
    shown = list(islice(licences.latest(), (page - 1) * PAGE, page * PAGE + 1))
    return {
        "number": number,
        "error": error,
        "licences": shown[:PAGE],
        "page": page,
        "more": len(shown) > PAGE,
        "licence_states": STATES,
        "today": request.office.today(),
    }


@view_config(
    context=Licence,
    permission=NO_PERMISSION_REQUIRED,
    request_method="GET",
    renderer=TEMPLATES + "licence.jinja2",
)
def show(licence: Licence, request: Request) -> dict[str, Any]:
    return public_part(request, licence)
