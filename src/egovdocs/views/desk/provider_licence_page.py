"""A licence at the provider, and the orders on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake, Problems
from egovdocs.casework.outcomes.order_licence import ORDERS, offer_order, possible_orders
from egovdocs.content import Licence
from egovdocs.i18n import _
from egovdocs.views.shared.case_rows import name_of
from egovdocs.views.shared.licence_display import public_licence

ORDER_HEADINGS = {
    "suspension": _("Suspend the licence"),
    "resumption": _("Resume the licence"),
    "termination": _("Terminate the licence"),
}


@view_defaults(route_name="provider", context=Licence, permission="review")
class ProviderLicencePage:
    """A licence with its history, and the form of an order on it."""

    def __init__(self, licence: Licence, request: Request) -> None:
        self.licence = licence
        self.request = request
        self.base = f"/provider/licences/{licence.number}"

    @view_config(request_method="GET", renderer="desk/licence.jinja2")
    def show(self) -> dict[str, Any]:
        licence, request = self.licence, self.request
        last = licence.events[-1]
        return {
            **public_licence(request, licence),
            "base": self.base,
            "asks": ORDER_HEADINGS,
            "possible": possible_orders(licence, request.office.today()) if self._may_issue() else (),
            "waiting": last if last.on > request.office.today() else None,
            "actors": {one.note: name_of(request.site, one.actor) for one in licence.journal},
        }

    @view_config(name="order", request_method="GET", permission="issue", renderer="desk/order.jinja2")
    def ask(self) -> dict[str, Any]:
        """``order/{kind}``: show the form for the ground, the reason and the day of effect."""
        return self._form(self._kind(), {})

    @view_config(name="order", request_method="POST", permission="issue", renderer="desk/order.jinja2")
    def order(self) -> dict[str, Any] | Response:
        """Offer the order for signing."""
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
            return self._form(kind, {_input_of(mistake, post): mistake.message})
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _kind(self) -> str:
        """Return the kind of order that the address names.

        :raises Decided: the licence's state does not allow it.
        """
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
            "heading": ORDER_HEADINGS[kind],
            "grounds": [{"value": one.code, "text": tr(one.title)} for one in grounds],
            "values": request.POST
            or {"effective-day": today.day, "effective-month": today.month} | {"effective-year": today.year},
            "errors": errors,
        }


def _input_of(mistake: Mistake, post: Mapping[str, str]) -> str:
    """Return the input that a mistake is about; ``offer_order`` checks them in this order."""
    if not post.get("ground"):
        return "ground"
    if isinstance(mistake, Problems) or not post.get("reason", "").strip():
        return "reason"
    return "effective-day"
