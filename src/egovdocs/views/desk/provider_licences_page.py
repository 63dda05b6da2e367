"""The list of the provider's licences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.content import Licence, Licences, LicenceState
from egovdocs.schemas.identifiers import is_licence_number
from egovdocs.views.plumbing.paging import page_of
from egovdocs.views.shared.licence_numbers import clean_number
from egovdocs.views.shared.licence_states import LICENCE_STATES, STATE_CODES

PAGE_SIZE = 50


@view_config(
    route_name="provider",
    context=Licences,
    permission="review",
    request_method=("GET", "POST"),
    renderer="desk/licences.jinja2",
)
def list_licences(licences: Licences, request: Request) -> dict[str, Any] | Response:
    """List the provider's licences, the newest first.

    The address names a state; the number of a licence, and the IIN, BIN or name of its holder, are sent by a
    form, because addresses must not contain them.
    """
    query = " ".join(request.POST.get("q", "").split())[:250]
    state = request.params.get("state", "")
    if state and state not in STATE_CODES:
        raise HTTPNotFound()
    provider, number = request.provider, clean_number(query)
    if is_licence_number(number):
        if number in licences and licences[number].provider == provider:
            return HTTPSeeOther(f"/provider/licences/{number}")
        found: Iterator[Licence] = iter(())
    else:
        digits = re.fullmatch("[0-9]{12}", number)
        found = licences.search(
            request.office.today(),
            provider=provider,
            holder=number if digits else None,
            name="" if digits else query,
            state=LicenceState(state) if state else None,
        )
    return {
        "q": query,
        "state": state,
        "page": page_of(request, found, PAGE_SIZE),
        "licence_states": LICENCE_STATES,
        "today": request.office.today(),
    }
