"""The page of a service: what it requires and provides, and the form that starts a request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.payments.pay_fee import CANNOT_BE_PAID, can_be_paid
from egovdocs.casework.requests.open_case import open_case
from egovdocs.content import Site
from egovdocs.i18n import _


@view_defaults(context=Site, name="services", renderer="portal/service.jinja2")
class ServicePage:
    """``/services/{id}``: the actions of the service with their fees; the form opens a draft."""

    def __init__(self, context: Site, request: Request) -> None:
        services = request.office.services_in_force()
        if len(request.subpath) != 1 or request.subpath[0] not in services:
            raise HTTPNotFound()
        self.request = request
        self.service = services[request.subpath[0]]
        self.action = request.params.get("action", "")

    @view_config(request_method="GET", permission=NO_PERMISSION_REQUIRED)
    def show(self) -> dict[str, Any]:
        return self.shown()

    @view_config(request_method="POST", permission=NO_PERMISSION_REQUIRED, is_authenticated=False)
    def log_in_first(self) -> dict[str, Any] | Response:
        """Send an anonymous visitor to the log-in, and from there back with the same choice."""
        if self.action not in self.service.actions:
            return self.shown(_("Select what you ask for."))
        chosen = f"{self.request.path}?{urlencode({'action': self.action})}"
        return HTTPSeeOther("/login?" + urlencode({"next": chosen}))

    @view_config(request_method="POST", permission="apply")
    def order(self) -> dict[str, Any] | Response:
        """Open a draft (P3 of table A1) and go to the form's first page."""
        request = self.request
        action = self.action
        if action not in self.service.actions:
            return self.shown(_("Select what you ask for."))
        try:
            office, site, account = request.office, request.site, request.account
            case = open_case(
                office, site, account, self.service.service_id, action, language=request.language
            )
        except Mistake as mistake:
            return self.shown(mistake.message)
        first = self.service.request.pages({"action": action, **case.values})[0]
        return HTTPSeeOther(f"/cases/{case.reference}/form/{first.name}")

    def shown(self, error: TranslationString | None = None) -> dict[str, Any]:
        if error is not None:
            self.request.response.status_int = 422
        office = self.request.office
        return {
            "service": self.service,
            "actions": [
                (action, office.fee(self.service, action.id)) for action in self.service.actions.values()
            ],
            "chosen": self.action,
            "closed": None if self._payable() else CANNOT_BE_PAID,
            "error": error,
        }

    def _payable(self) -> bool:
        service = self.service
        return "portal" not in service.channels or any(
            can_be_paid(self.request.office, service, action, "portal") for action in service.actions
        )
