"""The provider's desk: the queue, and the search in it; a case under review is in ``review.py``.

The pages stand at ``/provider``. Behind it the same object tree is traversed, so
``/provider/cases/{reference}`` is the applicant's case as the provider's people see it. What may be done is
casework's to say: a view calls it and shows the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided
from egovdocs.casework.review.review_case import claim_case, officers
from egovdocs.casework.review.take_leave import absent_colleagues
from egovdocs.content import Account, Case, CaseState, Site
from egovdocs.i18n import _
from egovdocs.views.plumbing.case_lists import page_of, row

TEMPLATES = "egovdocs:views/desk/"
PAGE = 50
MOST_COUNTED = 99

SHOWN = {
    "review": _("To review"),
    "mine": _("Mine"),
    "free": _("Taken by nobody"),
    "sign": _("To sign"),
    "all": _("All open requests"),
}
STATES = {
    "review": (CaseState.REGISTERED, CaseState.IN_REVIEW),
    "free": (CaseState.REGISTERED,),
    "sign": (CaseState.AWAITING_SIGNATURE,),
    "all": (),
}


class Desk:
    """What stands behind ``/provider``: the site's cases and licences, seen by the provider."""

    __name__ = "provider"

    def __init__(self, request: Request) -> None:
        self.__parent__: Site = request.site

    def __getitem__(self, name: str) -> Any:
        if name not in ("cases", "licences"):
            raise KeyError(name)
        return self.__parent__[name]


def includeme(config: Configurator) -> None:
    config.add_route("provider", "/provider*traverse", factory=Desk)


def tag_of(request: Request, account: Account) -> str:
    """What a colleague is called in an address: a login may be an IIN, which no address may hold."""
    secret = request.settings.session_secret.encode()[:64]
    return blake2b(account.login.encode(), key=secret, digest_size=6).hexdigest()


def colleagues(request: Request) -> list[Account]:
    """The provider's officers, by name."""
    return sorted(officers(request.site, request.provider), key=lambda each: each.name)


@view_defaults(route_name="provider", context=Desk, permission="review")
class Queue:
    """The provider's open requests by deadline: a list of them, of one service, of one officer."""

    def __init__(self, desk: Desk, request: Request) -> None:
        self.request = request
        self.account = request.account
        self.cases = request.site.cases
        self.service = request.GET.get("service", "")
        self.officer = request.GET.get("officer", "")
        self.services = {
            service.id: service.newest.title
            for service in request.office.services.values()
            if any(each.provider.bin == request.provider for each in service)
        }
        self.officers = {tag_of(request, each): each for each in colleagues(request)}
        if self.service not in {"", *self.services} or self.officer not in {"", *self.officers}:
            raise HTTPNotFound()

    @view_config(request_method="GET", renderer=TEMPLATES + "queue.jinja2")
    def show(self) -> dict[str, Any]:
        counts = {name: sum(1 for case in islice(self._chosen(name), MOST_COUNTED + 1)) for name in SHOWN}
        shown = self.request.GET.get("show") or self._default(counts)
        if shown not in SHOWN:
            raise HTTPNotFound()
        page = page_of(self.request, self._chosen(shown), PAGE)
        return {
            "shown": SHOWN,
            "counts": {
                name: str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"
                for name, count in counts.items()
            },
            "show": shown,
            "services": self.services,
            "service": self.service,
            "officers": {tag: each.name for tag, each in self.officers.items()},
            "officer": self.officer,
            "address": self._address,
            "substituted": [each.name for each in self._absent()],
            "rows": [row(self.request, case) for case in page.shown],
            "page": page,
            "waiting": "officer" in self.account.roles and counts["free"] > 0,
            "done": not counts["all"],
        }

    def _default(self, counts: dict[str, int]) -> str:
        """The list with work in it for this person."""
        lists = [
            name
            for role, name in (("officer", "review"), ("signatory", "sign"))
            if role in self.account.roles
        ]
        return next((name for name in lists if counts[name]), lists[0])

    @view_config(name="next", request_method="POST")
    def take_next(self) -> Response:
        """Take the case whose deadline is nearest of those that nobody has taken."""
        request = self.request
        for case in self._chosen("free"):
            try:
                claim_case(request.office, request.site, case, self.account)
            except Decided:
                continue
            return HTTPSeeOther(f"/provider/cases/{case.reference}")
        request.flash(_("There is nothing left to take."))
        return HTTPSeeOther("/provider")

    def _chosen(self, shown: str) -> Iterator[Case]:
        service = self.service or None
        if shown == "mine":
            absent = [each.login for each in self._absent()]
            return self.cases.assigned(self.account.login, *absent, service=service)
        if self.officer:
            login = self.officers[self.officer].login
            return self.cases.assigned(login, states=STATES[shown], service=service)
        return self.cases.queue(self.request.provider, *STATES[shown], service=service)

    def _absent(self) -> Iterator[Account]:
        return absent_colleagues(self.request.office, self.request.site, self.account)

    def _address(self, shown: str) -> str:
        """A list's address, with the filters as they are."""
        parts = {"show": shown, "service": self.service, "officer": self.officer}
        if shown == "mine":
            del parts["officer"]
        return "/provider?" + urlencode({name: value for name, value in parts.items() if value})


@view_defaults(route_name="provider", context=Desk, name="search", permission="review")
class Search:
    """A request by its number, an applicant's by their IIN or BIN: asked in a form, never in an address."""

    def __init__(self, desk: Desk, request: Request) -> None:
        self.request = request

    @view_config(request_method="POST", renderer=TEMPLATES + "search.jinja2")
    def find(self) -> dict[str, Any]:
        wanted = "".join(self.request.POST.get("wanted", "").split())
        page = page_of(self.request, self._found(wanted), PAGE)
        return {
            "wanted": wanted,
            "rows": [row(self.request, case) for case in page.shown],
            "more": page.more,
        }

    def _found(self, wanted: str) -> Iterator[Case]:
        cases, provider = self.request.site.cases, self.request.provider
        if re.fullmatch("[0-9]{12}", wanted):
            found = cases.of_applicant(wanted)
        else:
            case = cases.by_number(wanted)
            found = iter(() if case is None else (case,))
        return (each for each in found if each.provider == provider and each.number is not None)

    @view_config(request_method="GET")
    def begin(self) -> Response:
        return HTTPSeeOther("/provider")
