"""The response to a request that needs another account, or a log-in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import forbidden_view_config

from egovdocs.app.request import Request
from egovdocs.i18n import _
from egovdocs.views.plumbing.error_pages import (
    TEMPLATE,
    error_page,
    is_from_script,
    link_to_case,
    script_error,
)
from egovdocs.views.plumbing.form_recovery import recover_form, referring_page


@forbidden_view_config(renderer=TEMPLATE)
def forbidden(request: Request) -> dict[str, Any] | Response:
    """Send an anonymous visitor to the log-in, with the form that they sent; explain it to everybody else."""
    if request.identity is None and is_from_script(request):
        return script_error(request, 403, _("Your session has ended. Log in again and repeat the last step."))
    if request.identity is None:
        if request.method == "GET":
            return HTTPSeeOther("/login?" + urlencode({"next": request.path_qs}))
        goal = referring_page(request) or link_to_case(request).get("back", "/account")
        if (recovered := recover_form(request)) is None:
            return HTTPSeeOther("/login?" + urlencode({"next": goal, "ended": "1"}))
        # The form was not accepted. It goes with the log-in form, and back to whoever logs in with that.
        request.override_renderer = "accounts/login.jinja2"
        request.response.status_int = 403
        return {"next": goal, "login": "", "error": None, "recovered": recovered}
    return error_page(
        request,
        403,
        _("You cannot open this page"),
        _("It belongs to another person, or your account has no right to it."),
        _("If it is yours, log out and log in with the right account."),
    )
