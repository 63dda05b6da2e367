"""The public register of licences, to search."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.content import (
    Licences,
    LicenceState,
)
from egovdocs.views.plumbing.paging import page_of
from egovdocs.views.register.licence_search import LicenceSearch
from egovdocs.views.shared.licence_states import LICENCE_STATES

PUBLIC = {"permission": NO_PERMISSION_REQUIRED, "request_method": "GET"}
PAGE_SIZE = 50


@view_config(context=Licences, renderer="register/list.jinja2", **PUBLIC)
@view_config(context=Licences, renderer="register/list.jinja2", accept="text/html", **PUBLIC)
def search_register(licences: Licences, request: Request) -> dict[str, Any] | Response:
    """List the licences that match the parameters, the newest first; redirect to the one of ``?number=``."""
    search = LicenceSearch(request)
    if search.asked["number"] and not search.errors:
        return HTTPSeeOther(f"/licences/{search.asked['number']}")
    return {
        "search": search,
        "errors": search.errors,
        "page": page_of(request, search.found(), PAGE_SIZE),
        "licence_states": LICENCE_STATES,
        "state_titles": {state.value: LICENCE_STATES[state][0] for state in LicenceState},
        "today": search.day,
        "others_day": search.day != request.office.today(),
    }
