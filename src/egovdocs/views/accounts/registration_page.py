"""Registration of an applicant."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.accounts.register_applicant import new_challenge
from egovdocs.casework.errors import Mistake
from egovdocs.content import Site
from egovdocs.i18n import _


@view_defaults(
    context=Site,
    name="register",
    permission=NO_PERMISSION_REQUIRED,
    renderer="accounts/registration.jinja2",
)
class RegistrationPage:
    """The choice of a password; the applicant then signs a challenge with their certificate."""

    def __init__(self, context: Site, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        return {"errors": {}} if self.request.identity is None else HTTPSeeOther("/account")

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request = self.request
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            return self._again("again", _("The two passwords are not the same."))
        try:
            signing = new_challenge(request.office, request.site, password, language=request.language)
        except Mistake as mistake:
            return self._again("password", mistake.message)
        # Only the browser that chose the password may sign the challenge.
        request.session["registration"] = signing.token
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _again(self, field: str, message: Any) -> dict[str, Any]:
        self.request.response.status_int = 422
        return {"errors": {field: self.request.tr(message)}}
