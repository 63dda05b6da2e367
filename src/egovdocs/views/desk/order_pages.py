"""Orders on licences: the provider's list of licences, a licence's page there, and the orders themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake, Problems
from egovdocs.casework.outcomes.order_licence import ORDERS, offer_order, possible_orders
from egovdocs.content import Licence, Licences, LicenceState
from egovdocs.i18n import _
from egovdocs.schemas.identifiers import is_licence_number
from egovdocs.views.plumbing.case_lists import name_of, page_of
from egovdocs.views.portal.document_pages import given_out
from egovdocs.views.register.register_pages import (
    clean_number,
    public_part,
)
from egovdocs.views.shared.licence_states import LICENCE_STATES, STATE_CODES

TEMPLATES = "egovdocs:views/desk/"
PAGE = 50

ASKS = {
    "suspension": _("Suspend the licence"),
    "resumption": _("Resume the licence"),
    "termination": _("Terminate the licence"),
}


@view_config(
    route_name="provider",
    context=Licences,
    permission="review",
    request_method=("GET", "POST"),
    renderer=TEMPLATES + "licences.jinja2",
)
def look_up(licences: Licences, request: Request) -> dict[str, Any] | Response:
    """The provider's licences, the newest first: by state; or by what is sent in a form and never in an
    address: the number, or the holder's IIN, BIN or name.
    """
    wish = " ".join(request.POST.get("q", "").split())[:250]
    state = request.params.get("state", "")
    if state and state not in STATE_CODES:
        raise HTTPNotFound()
    provider, number = request.provider, clean_number(wish)
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
            name="" if digits else wish,
            state=LicenceState(state) if state else None,
        )
    return {
        "q": wish,
        "state": state,
        "page": page_of(request, found, PAGE),
        "licence_states": LICENCE_STATES,
        "today": request.office.today(),
    }


@view_defaults(route_name="provider", context=Licence, permission="review")
class Ordering:
    """A licence at the provider's."""

    def __init__(self, licence: Licence, request: Request) -> None:
        self.licence = licence
        self.request = request
        self.base = f"/provider/licences/{licence.number}"

    @view_config(request_method="GET", renderer=TEMPLATES + "licence.jinja2")
    def show(self) -> dict[str, Any]:
        licence, request = self.licence, self.request
        last = licence.events[-1]
        return {
            **public_part(request, licence),
            "base": self.base,
            "asks": ASKS,
            "possible": possible_orders(licence, request.office.today()) if self._may_issue() else (),
            "waiting": last if last.on > request.office.today() else None,
            "actors": {one.note: name_of(request.site, one.actor) for one in licence.journal},
        }

    @view_config(name="order", request_method="GET", permission="issue", renderer=TEMPLATES + "order.jinja2")
    def ask(self) -> dict[str, Any]:
        """``order/{kind}``: the ground, the reason and the day of effect."""
        return self._form(self._kind(), {})

    @view_config(name="order", request_method="POST", permission="issue", renderer=TEMPLATES + "order.jinja2")
    def order(self) -> dict[str, Any] | Response:
        """Prepare the order and go on to its signing."""
        kind, request, post = self._kind(), self.request, self.request.POST
        parts = [post.get(f"effective-{part}", "").strip() for part in ("year", "month", "day")]
        try:
            day = date(*(int(part) for part in parts))
        except ValueError:
            return self._form(kind, {"effective-day": _("Enter the day from which the order is in effect.")})
        try:
            signing = offer_order(
                request.office,
                request.site,
                self.licence,
                request.account,
                kind,
                post.get("ground", ""),
                post.get("reason", ""),
                day,
            )
        except Decided:
            raise
        except Mistake as mistake:
            return self._form(kind, {_place(mistake, post): mistake.message})
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _kind(self) -> str:
        """The kind of order that the address names and the licence's state allows."""
        kind = "/".join(self.request.subpath)
        if kind not in ORDERS:
            raise HTTPNotFound()
        if kind not in possible_orders(self.licence, self.request.office.today()):
            raise Decided(_("The licence's state does not allow this order."))
        return kind

    def _may_issue(self) -> bool:
        return self.request.may("issue", self.licence)

    def _form(self, kind: str, errors: dict[str, TranslationString]) -> dict[str, Any]:
        request, tr = self.request, self.request.tr
        if errors:
            request.response.status_int = 422
        today = request.office.today()
        grounds = request.office.service(self.licence.service).common.order_grounds[kind]
        return {
            "licence": self.licence,
            "base": self.base,
            "kind": kind,
            "heading": ASKS[kind],
            "grounds": [{"value": one.code, "text": tr(one.title)} for one in grounds],
            "values": request.POST
            or {"effective-day": today.day, "effective-month": today.month} | {"effective-year": today.year},
            "errors": errors,
        }


def _place(mistake: Mistake, post: Mapping[str, str]) -> str:
    """Which field of the form a mistake is about: they are looked at in this order."""
    if not post.get("ground"):
        return "ground"
    if isinstance(mistake, Problems) or not post.get("reason", "").strip():
        return "reason"
    return "effective-day"


@view_config(context=Licence, name="orders", permission="view", request_method="GET")
def document(licence: Licence, request: Request) -> Response:
    """``/licences/{number}/orders/{order}`` on screen; with ``.xml`` as it came, with ``.pdf`` on paper."""
    home = f"/licences/{licence.number}"
    return given_out(request, licence, f"{home}/orders", home, _("Back to the licence"))
