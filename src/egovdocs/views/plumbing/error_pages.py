"""When something goes wrong: what happened, and what to do next."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import urlencode

from pyramid.exceptions import BadCSRFOrigin, BadCSRFToken, PredicateMismatch
from pyramid.httpexceptions import HTTPClientError, HTTPRequestEntityTooLarge, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import exception_view_config, forbidden_view_config, notfound_view_config
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.i18n import _
from egovdocs.views.plumbing.form_recovery import form_page, is_ours, offer_again, sent

log = logging.getLogger(__name__)
HOME = _("Go to the list of services")
TEMPLATE = "egovdocs:views/plumbing/error.jinja2"
LOGIN = "egovdocs:views/accounts/login.jinja2"


def page(
    request: Request,
    status: int,
    heading: TranslationString,
    *lines: TranslationString,
    back: str = "/",
    back_text: TranslationString = HOME,
    **more: Any,
) -> dict[str, Any]:
    """What the error template shows."""
    request.response.status_int = status
    return {
        "heading": request.tr(heading),
        "lines": [request.tr(line) for line in lines],
        "back": back,
        "back_text": request.tr(back_text),
        **more,
    }


@notfound_view_config(renderer=TEMPLATE, append_slash=False)
def not_found(request: Request) -> dict[str, Any] | Response:
    if (
        isinstance(request.exception, PredicateMismatch)
        and request.method == "GET"
        and request.context != request.root
        and is_ours(request.path)
    ):
        # It answers a form, and is asked for by itself: in another language, or after logging in.
        return HTTPSeeOther(request.path.rpartition(f"/{request.view_name}")[0])
    return page(
        request,
        404,
        _("Page not found"),
        _("If you typed the address, check that it is correct."),
        _("If you followed a link, the page may have moved, or its time may be over."),
    )


@forbidden_view_config(renderer=TEMPLATE)
def forbidden(request: Request) -> dict[str, Any] | Response:
    if request.identity is None and from_script(request):
        return told_to_script(
            request, 403, _("Your session has ended. Log in again and repeat the last step.")
        )
    if request.identity is None:
        if request.method == "GET":
            return HTTPSeeOther("/login?" + urlencode({"next": request.path_qs}))
        goal = form_page(request) or whence(request).get("back", "/account")
        if (kept := sent(request)) is None:
            return HTTPSeeOther("/login?" + urlencode({"next": goal, "ended": "1"}))
        # Refused, as what was sent is; whoever logs in here sends it again.
        request.override_renderer = LOGIN
        request.response.status_int = 403
        return {"next": goal, "login": "", "error": None, "kept": kept}
    return page(
        request,
        403,
        _("You cannot open this page"),
        _("It belongs to another person, or your account has no right to it."),
        _("If it is yours, log out and log in with the right account."),
    )


@exception_view_config(BadCSRFToken, renderer=TEMPLATE)
@exception_view_config(BadCSRFOrigin, renderer=TEMPLATE)
def stale_form(request: Request) -> dict[str, Any] | Response:
    if from_script(request):
        return told_to_script(request, 400, _("This page was open for too long"), _("Load the page again"))
    if request.identity is not None and (kept := sent(request)) is not None:
        request.response.status_int = 400
        heading = _("This page was open for too long")
        line = _("For your safety we have not accepted it yet. What you filled in is kept: send it again.")
        return offer_again(request, kept, heading, line)
    return page(
        request,
        400,
        _("This page was open for too long"),
        _("For your safety we did not accept what was sent. Nothing was changed."),
        _("Go back, load the page again and repeat the last step."),
        back=form_page(request) or request.path,
        back_text=_("Load the page again"),
    )


@exception_view_config(HTTPClientError, renderer=TEMPLATE)
def bad_request(problem: HTTPClientError, request: Request) -> dict[str, Any]:
    return page(
        request,
        problem.code,
        _("We could not read what was sent"),
        _("Go back, load the page again and repeat the last step."),
    )


@exception_view_config(HTTPRequestEntityTooLarge, renderer=TEMPLATE)
def too_large(request: Request) -> dict[str, Any]:
    most = request.settings.max_request_bytes // 1024 // 1024
    return page(
        request,
        413,
        _("The file is too large"),
        _("We accept up to ${size} MB at a time. Nothing was saved.", mapping={"size": most}),
        _("Make the file smaller, for example scan it with a lower resolution, and try again."),
        back=form_page(request) or request.path,
        back_text=_("Go back and choose another file"),
    )


@exception_view_config(Mistake, renderer=TEMPLATE)
def mistake(problem: Mistake, request: Request) -> dict[str, Any]:
    return page(request, 422, _("This step is not possible"), problem.message, **whence(request))


@exception_view_config(Refusal, renderer=TEMPLATE)
def refusal(problem: Refusal, request: Request) -> dict[str, Any]:
    heading = _("The system refused this step")
    return page(request, 403, heading, problem.message, step=problem.step, **whence(request))


def from_script(request: Request) -> bool:
    """Was it sent by ``assets/signing/page.js``, which shows what it is answered?"""
    return bool(request.content_type == "application/json")


def told_to_script(request: Request, status: int, *lines: TranslationString) -> Response:
    error = ". ".join(request.tr(line).rstrip(".") for line in lines) + "."
    response = render_to_response("json", {"error": error}, request)
    response.status_int = status
    return response


def whence(request: Request) -> dict[str, Any]:
    """Where to go back to: the case it was about, if it was about one."""
    found = re.match("(/provider)?/cases/[^/]+", request.path)
    return {"back": found[0], "back_text": _("Back to the request")} if found else {}


@exception_view_config(Exception, renderer=TEMPLATE)
def broken(problem: Exception, request: Request) -> dict[str, Any]:
    log.error("%s %s failed", request.method, request.path, exc_info=problem)
    return page(
        request,
        500,
        _("Sorry, something went wrong"),
        _("What you did last may not have been saved. Everything that was confirmed to you before is safe."),
        _("Try again in a few minutes."),
        standalone=True,
    )
