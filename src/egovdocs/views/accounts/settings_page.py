"""The settings of an account: its language and its notices."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.accounts.change_settings import change_settings
from egovdocs.casework.errors import Mistake
from egovdocs.content import Site
from egovdocs.i18n import _
from egovdocs.views.shared.home_pages import home_of


@view_defaults(
    context=Site, name="settings", permission="receive-notices", renderer="accounts/settings.jinja2"
)
class SettingsPage:
    """Language and address of the notices, to applicants and to the staff."""

    def __init__(self, context: Site, request: Request) -> None:
        self.request = request
        self.account = request.account

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        account = self.account
        return {
            "email": account.email or "",
            "language": account.language,
            "notices": account.notices,
            "error": None,
        } | self._whose()

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        values = {
            "email": post.get("email", ""),
            "language": post.get("language", ""),
            "notices": "notices" in post,
        }
        try:
            change_settings(self.account, **values)
        except Mistake as mistake:
            self.request.response.status_int = 422
            return values | {"error": self.request.tr(mistake.message)} | self._whose()
        self.request.flash(_("Your settings are saved."))
        return HTTPSeeOther(home_of(self.account)[0])

    def _whose(self) -> dict[str, Any]:
        return {"applicant": "applicant" in self.account.roles, "home": home_of(self.account)}
