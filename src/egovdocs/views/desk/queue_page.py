"""The queue of the provider's open requests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.review.take_leave import absent_colleagues
from egovdocs.content import Account, Case, CaseState
from egovdocs.i18n import _
from egovdocs.views.desk.colleagues import colleagues, tag_of
from egovdocs.views.plumbing.paging import page_of
from egovdocs.views.shared.case_rows import case_row
from egovdocs.views.shared.provider_root import ProviderRoot

PAGE_SIZE = 50
MAX_COUNTED = 99
LISTS = {
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


@view_defaults(route_name="provider", context=ProviderRoot, permission="review")
class QueuePage:
    """The provider's open requests by deadline: all of a list, or those of one service or officer."""

    def __init__(self, root: ProviderRoot, request: Request) -> None:
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

    @view_config(request_method="GET", renderer="desk/queue.jinja2")
    def show(self) -> dict[str, Any]:
        counts = {name: sum(1 for case in islice(self._chosen(name), MAX_COUNTED + 1)) for name in LISTS}
        shown = self.request.GET.get("show") or self._default(counts)
        if shown not in LISTS:
            raise HTTPNotFound()
        page = page_of(self.request, self._chosen(shown), PAGE_SIZE)
        return {
            "shown": LISTS,
            "counts": {
                name: str(count) if count <= MAX_COUNTED else f"{MAX_COUNTED}+"
                for name, count in counts.items()
            },
            "show": shown,
            "services": self.services,
            "service": self.service,
            "officers": {tag: each.name for tag, each in self.officers.items()},
            "officer": self.officer,
            "address": self._address,
            "substituted": [each.name for each in self._absent()],
            "rows": [case_row(self.request, case) for case in page.shown],
            "page": page,
            "waiting": "officer" in self.account.roles and counts["free"] > 0,
            "done": not counts["all"],
        }

    def _default(self, counts: dict[str, int]) -> str:
        """Return the list with work for the roles of this account."""
        lists = [
            name
            for role, name in (("officer", "review"), ("signatory", "sign"))
            if role in self.account.roles
        ]
        return next((name for name in lists if counts[name]), lists[0])

    @view_config(name="next", request_method="POST")
    def take_next(self) -> Response:
        """Claim the unclaimed case with the nearest deadline."""
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
        """Return the path of a list with the same filters."""
        parts = {"show": shown, "service": self.service, "officer": self.officer}
        if shown == "mine":
            del parts["officer"]
        return "/provider?" + urlencode({name: value for name, value in parts.items() if value})
