"""The history of an applicant's requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.outcomes.collect_outcome import is_uncollected
from egovdocs.casework.requests.status import status
from egovdocs.content import DRAFTS, ENDED, LIVE, CaseState, Site
from egovdocs.schemas.identifiers import kind_of
from egovdocs.views.plumbing.paging import page_of
from egovdocs.views.shared.home_pages import home_of

PAGE_SIZE = 20
LISTS: Mapping[str, tuple[Collection[CaseState], bool]] = {  # states, and only what was not collected in time
    "all": ((), False),
    "unsent": (DRAFTS, False),
    "open": ((CaseState.SENT, *LIVE), False),
    "answered": (ENDED, False),
    "uncollected": (ENDED, True),
}


@view_config(context=Site, name="account", permission="account", renderer="accounts/account.jinja2")
def history(request: Request) -> dict[str, Any] | Response:
    """List the applicant's requests, the newest first, a page at a time.

    ``?show=`` is one of :data:`LISTS`, ``?page=`` the page, counted from 1.
    """
    account = request.account
    if "applicant" not in account.roles:
        return HTTPSeeOther(home_of(account)[0])
    show = request.GET.get("show", "all")
    wanted = LISTS.get(show)
    if wanted is None:
        raise HTTPNotFound()
    states, late = wanted
    cases = (
        case
        for case in request.site.cases.of_applicant(request.applicant)
        # A draft is private to the officer or operator who is filling it in.
        if (case.number is not None or case.account == account.login)
        and (not states or case.state in states)
        and (not late or is_uncollected(request.office, case))
    )
    page = page_of(request, cases, PAGE_SIZE)
    return {
        "natural": kind_of(request.applicant) == "natural",
        "show": show,
        "page": page,
        "cases": [
            (case, request.office.edition_of(case), status(request.office, case)) for case in page.shown
        ],
    }
