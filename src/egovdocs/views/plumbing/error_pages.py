"""The pages that report an error: what happened, and what the visitor can do next."""

from __future__ import annotations

import logging
import re
from typing import Any

from pyramid.exceptions import BadCSRFOrigin, BadCSRFToken, PredicateMismatch
from pyramid.httpexceptions import HTTPClientError, HTTPRequestEntityTooLarge, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import exception_view_config, notfound_view_config
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake, Refusal
from egovdocs.i18n import _
from egovdocs.views.plumbing.form_recovery import (
    form_recovery_page,
    is_local_path,
    recover_form,
    referring_page,
)

log = logging.getLogger(__name__)
TO_HOME = _("Go to the list of services")
TEMPLATE = "plumbing/error.jinja2"


def error_page(
    request: Request,
    status: int,
    heading: TranslationString,
    *lines: TranslationString,
    back: str = "/",
    back_text: TranslationString = TO_HOME,
    **more: Any,
) -> dict[str, Any]:
    """Return what the error template shows, and set the response's status.

    :param back: the path of the page to go on from; ``back_text`` is the link's text.
    """
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
        and is_local_path(request.path)
    ):
        # The address takes forms only, and was opened as a page: by the link to another language, or after a
        # log-in. The object that the form is about has a page.
        return HTTPSeeOther(request.path.rpartition(f"/{request.view_name}")[0])
    return error_page(
        request,
        404,
        _("Page not found"),
        _("If you typed the address, check that it is correct."),
        _("If you followed a link, the page may have moved, or its time may be over."),
    )


@exception_view_config(BadCSRFToken, renderer=TEMPLATE)
@exception_view_config(BadCSRFOrigin, renderer=TEMPLATE)
def stale_form(request: Request) -> dict[str, Any] | Response:
    """Return a form whose session was replaced after its page was loaded, to be sent again if possible."""
    if is_from_script(request):
        return script_error(request, 400, _("This page was open for too long"), _("Load the page again"))
    if request.identity is not None and (recovered := recover_form(request)) is not None:
        request.response.status_int = 400
        heading = _("This page was open for too long")
        line = _("For your safety we have not accepted it yet. What you filled in is kept: send it again.")
        return form_recovery_page(request, recovered, heading, line)
    return error_page(
        request,
        400,
        _("This page was open for too long"),
        _("For your safety we did not accept what was sent. Nothing was changed."),
        _("Go back, load the page again and repeat the last step."),
        back=referring_page(request) or request.path,
        back_text=_("Load the page again"),
    )


@exception_view_config(HTTPClientError, renderer=TEMPLATE)
def bad_request(problem: HTTPClientError, request: Request) -> dict[str, Any]:
    return error_page(
        request,
        problem.code,
        _("We could not read what was sent"),
        _("Go back, load the page again and repeat the last step."),
    )


@exception_view_config(HTTPRequestEntityTooLarge, renderer=TEMPLATE)
def too_large(request: Request) -> dict[str, Any]:
    megabytes = request.settings.max_request_bytes // 1024 // 1024
    return error_page(
        request,
        413,
        _("The file is too large"),
        _("We accept up to ${size} MB at a time. Nothing was saved.", mapping={"size": megabytes}),
        _("Make the file smaller, for example scan it with a lower resolution, and try again."),
        back=referring_page(request) or request.path,
        back_text=_("Go back and choose another file"),
    )


@exception_view_config(Mistake, renderer=TEMPLATE)
def mistake(problem: Mistake, request: Request) -> dict[str, Any]:
    return error_page(request, 422, _("This step is not possible"), problem.message, **link_to_case(request))


@exception_view_config(Decided, renderer=TEMPLATE)
def decided(problem: Decided, request: Request) -> dict[str, Any]:
    """Report that a colleague has changed the case in the meantime."""
    return error_page(
        request,
        409,
        _("Somebody else was faster"),
        problem.message,
        back=link_to_case(request).get("back", "/provider"),
        back_text=_("See how the request stands now"),
    )


@exception_view_config(Refusal, renderer=TEMPLATE)
def refusal(problem: Refusal, request: Request) -> dict[str, Any]:
    heading = _("The system refused this step")
    return error_page(request, 403, heading, problem.message, step=problem.step, **link_to_case(request))


@exception_view_config(Exception, renderer=TEMPLATE)
def failure(problem: Exception, request: Request) -> dict[str, Any]:
    log.error("%s %s failed", request.method, request.path, exc_info=problem)
    return error_page(
        request,
        500,
        _("Sorry, something went wrong"),
        _("What you did last may not have been saved. Everything that was confirmed to you before is safe."),
        _("Try again in a few minutes."),
        standalone=True,
    )


def is_from_script(request: Request) -> bool:
    """Return whether ``assets/signing/page.js`` sent the request; it shows the error that it receives."""
    return request.content_type == "application/json"


def script_error(request: Request, status: int, *lines: TranslationString) -> Response:
    """Return an error for ``assets/signing/page.js``: a JSON object with the lines in one text."""
    error = ". ".join(request.tr(line).rstrip(".") for line in lines) + "."
    response = render_to_response("json", {"error": error}, request)
    response.status_int = status
    return response


def link_to_case(request: Request) -> dict[str, Any]:
    """Return the parameters ``back`` and ``back_text`` for the case that a request was about, if any."""
    found = re.match("(/provider)?/cases/[^/]+", request.path)
    return {"back": found[0], "back_text": _("Back to the request")} if found else {}
