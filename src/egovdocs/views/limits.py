"""Requests that are too large are turned away before anything reads them."""

from __future__ import annotations

from collections.abc import Callable

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPRequestEntityTooLarge
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import EXCVIEW, MAIN


def includeme(config: Configurator) -> None:
    config.add_tween("egovdocs.views.limits.limits_tween_factory", under=EXCVIEW, over=MAIN)


def limits_tween_factory(handler: Callable[[Request], Response], registry: dict) -> Callable:
    most = registry["settings"].max_request_bytes

    def check_size(request: Request) -> Response:
        if (request.content_length or 0) > most:
            raise HTTPRequestEntityTooLarge()
        return handler(request)

    return check_size
