"""Requests that are too large or unreadable are turned away before anything reads them."""

from __future__ import annotations

from collections.abc import Callable

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPRequestEntityTooLarge
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import EXCVIEW, MAIN

from egovdocs.views import gateway


def includeme(config: Configurator) -> None:
    config.add_tween("egovdocs.views.limits.limits_tween_factory", under=EXCVIEW, over=MAIN)


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
        try:
            _ = request.POST
        except (ValueError, DeprecationWarning):  # WebOb raises the latter for a form that is not in UTF-8
            raise HTTPBadRequest() from None
        return handler(request)

    return check


def _close_uploads(request: Request) -> None:
    """Close the temporary files of a form, which WebOb leaves to the garbage collector.

    The form is forgotten with them: when the request is tried again, it is read anew, and not from files that
    are at their end.
    """
    parsed, _body = request.environ.pop("webob._parsed_post_vars", ({}, None))
    for value in parsed.values():
        if hasattr(value, "file"):
            value.file.close()
