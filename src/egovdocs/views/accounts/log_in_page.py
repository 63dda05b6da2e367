"""Log-in and log-out."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED, forget, remember
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.content import Account, Site
from egovdocs.i18n import _
from egovdocs.views.plumbing.form_recovery import form_recovery_page, is_local_path, load_form
from egovdocs.views.shared.home_pages import home_of


@view_defaults(
    context=Site, name="login", permission=NO_PERMISSION_REQUIRED, renderer="accounts/login.jinja2"
)
class LogInPage:
    """The regulation's P1, C1 and P2 (table A1).

    A form that was sent after its session had ended is returned for sending again.
    """

    def __init__(self, context: Site, request: Request) -> None:
        self.request = request
        self.goal = request.params.get("next", "")
        self.recovered = load_form(request.POST.get("recovered", ""))

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        account = self.request.identity
        if account is not None:
            return HTTPSeeOther(self._goal(account))
        return {"next": self.goal, "login": "", "error": None, "recovered": None}

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request = self.request
        login = "".join(request.POST.get("login", "").split())
        try:
            account = log_in(request.office, request.site, login, request.POST.get("password", ""))
        except (Refusal, Mistake) as refusal:
            request.response.status_int = 403
            error = request.tr(refusal.message)
            return {"next": self.goal, "login": login, "error": error, "recovered": self.recovered}
        headers = remember(request, account.login)
        if self.recovered is None:
            return HTTPSeeOther(self._goal(account), headers=headers)
        request.response.headers.extend(headers)
        heading = _("What you filled in is kept")
        line = _("You are logged in again. Nothing was sent yet: send it now.")
        return form_recovery_page(request, self.recovered, heading, line)

    def _goal(self, account: Account) -> str:
        return self.goal if is_local_path(self.goal) else home_of(account)[0]


@view_config(context=Site, name="logout", permission=NO_PERMISSION_REQUIRED, request_method="POST")
def log_out(request: Request) -> Response:
    return HTTPSeeOther("/", headers=forget(request))
