"""Rejection of requests that are too large, or too expensive to read, before anything reads them."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPRequestEntityTooLarge
from pyramid.registry import Registry
from pyramid.response import Response
from pyramid.tweens import EXCVIEW, MAIN
from webob.compat import parse_header

from egovdocs.app.request import Request

MAX_FIELDS = 5_000  # of a form; the longest of this site has some hundreds
MAX_LINES = 1_000_000
FIELD_HEAD = re.compile(rb"(?s:.{0,8192}?)\r?\n\r?\n")
NESTED_FORM = re.compile(rb"(?i)content-type\s*:\s*multipart")

Tween = Callable[[Request], Response]


def includeme(config: Configurator) -> None:
    config.registry["body_limits"] = {}
    config.add_tween("egovdocs.views.plumbing.request_limits.limits_tween_factory", under=EXCVIEW, over=MAIN)


def set_body_limit(config: Configurator, path: str, max_bytes: int) -> None:
    """Set the size of the largest body at one path, instead of the setting for the whole site."""
    config.registry["body_limits"][path] = max_bytes


def limits_tween_factory(handler: Tween, registry: Registry) -> Tween:
    default, limits = registry["settings"].max_request_bytes, registry["body_limits"]

    def check(request: Request) -> Response:
        max_bytes = limits.get(request.environ.get("PATH_INFO", ""), default)
        if (request.content_length or 0) > max_bytes:
            raise HTTPRequestEntityTooLarge()
        request.add_finished_callback(_close_uploads)
        try:
            _ = request.path, request.GET
        except UnicodeDecodeError:
            # The error page reads them, too.
            request.environ |= {"PATH_INFO": "/", "QUERY_STRING": ""}
            raise HTTPNotFound() from None
        if _is_expensive(request):
            raise HTTPBadRequest()
        try:
            _ = request.POST
        except (ValueError, DeprecationWarning):  # WebOb raises the latter for a form that is not in UTF-8
            raise HTTPBadRequest() from None
        return handler(request)

    return check


def _is_expensive(request: Request) -> bool:
    """Return whether reading this form would take minutes.

    WebOb needs them for some hundred thousand fields, lines, or headers of one field, and for forms nested in
    a field. No page of this site sends such a form.
    """
    if request.content_type in ("", "application/x-www-form-urlencoded"):
        return request.body.count(b"&") > MAX_FIELDS
    if request.content_type != "multipart/form-data":
        return False
    _type, options = parse_header(request.headers["Content-Type"])
    body, mark = request.body, b"--" + options.get("boundary", "").encode()
    if body.count(mark) > MAX_FIELDS or body.count(b"\n") > MAX_LINES:
        return True
    for field in body.split(mark)[1:]:
        if field.startswith(b"--"):
            break
        head = FIELD_HEAD.match(field)
        if head is None or NESTED_FORM.search(head[0]):
            return True
    return False


def _close_uploads(request: Request) -> None:
    """Close the temporary files of a form, which WebOb leaves to the garbage collector.

    The parsed form is dropped with them, so that a retried request parses it again instead of reading files
    that are at their end.
    """
    parsed, _body = request.environ.pop("webob._parsed_post_vars", ({}, None))
    for value in parsed.values():
        if hasattr(value, "file"):
            value.file.close()
