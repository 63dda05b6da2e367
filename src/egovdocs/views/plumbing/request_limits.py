"""Requests that are too large or unreadable are turned away before anything reads them."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPRequestEntityTooLarge
from pyramid.response import Response
from pyramid.tweens import EXCVIEW, MAIN
from webob.compat import parse_header

from egovdocs.api import soap_endpoint as gateway
from egovdocs.app.request import Request

MOST_FIELDS = 5_000  # of a form; the longest of ours has some hundreds
MOST_LINES = 1_000_000
HEAD = re.compile(rb"(?s:.{0,8192}?)\r?\n\r?\n")  # of one field
FORM_WITHIN = re.compile(rb"(?i)content-type\s*:\s*multipart")


def includeme(config: Configurator) -> None:
    config.add_tween("egovdocs.views.plumbing.request_limits.limits_tween_factory", under=EXCVIEW, over=MAIN)


def limits_tween_factory(handler: Callable[[Request], Response], registry: dict) -> Callable:
    settings = registry["settings"]
    own = {f"/{gateway.NAME}": settings.gateway_max_bytes}

    def check(request: Request) -> Response:
        most = own.get(request.environ.get("PATH_INFO", ""), settings.max_request_bytes)
        if (request.content_length or 0) > most:
            raise HTTPRequestEntityTooLarge()
        request.add_finished_callback(_close_uploads)
        try:
            _ = request.path, request.GET
        except UnicodeDecodeError:
            # The error page, too, wants to read them.
            request.environ |= {"PATH_INFO": "/", "QUERY_STRING": ""}
            raise HTTPNotFound() from None
        if _takes_long(request):
            raise HTTPBadRequest()
        try:
            _ = request.POST
        except (ValueError, DeprecationWarning):  # WebOb raises the latter for a form that is not in UTF-8
            raise HTTPBadRequest() from None
        return handler(request)

    return check


def _takes_long(request: Request) -> bool:
    """Would it take minutes to read a form of this size?

    WebOb's reader does for some hundred thousand fields, lines, or headers of one field; and a field may be a
    form of its own. No page of ours sends such a one.
    """
    if request.content_type in ("", "application/x-www-form-urlencoded"):
        return bool(request.body.count(b"&") > MOST_FIELDS)
    if request.content_type != "multipart/form-data":
        return False
    _type, options = parse_header(request.headers["Content-Type"])
    body, mark = request.body, b"--" + options.get("boundary", "").encode()
    if body.count(mark) > MOST_FIELDS or body.count(b"\n") > MOST_LINES:
        return True
    for field in body.split(mark)[1:]:
        if field.startswith(b"--"):
            break
        head = HEAD.match(field)
        if head is None or FORM_WITHIN.search(head[0]):
            return True
    return False


def _close_uploads(request: Request) -> None:
    """Close the temporary files of a form, which WebOb leaves to the garbage collector.

    The form is forgotten with them: when the request is tried again, it is read anew, and not from files that
    are at their end.
    """
    parsed, _body = request.environ.pop("webob._parsed_post_vars", ({}, None))
    for value in parsed.values():
        if hasattr(value, "file"):
            value.file.close()
