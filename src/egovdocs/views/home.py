"""The front page, and what each service asks and gives."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.content import Site


@view_config(
    context=Site, renderer="egovdocs:views/templates/home.jinja2", permission=NO_PERMISSION_REQUIRED
)
def home(request: Request) -> dict[str, Any]:
    return {"services": request.office.services.values()}


@view_config(
    context=Site,
    name="services",
    renderer="egovdocs:views/templates/service.jinja2",
    permission=NO_PERMISSION_REQUIRED,
)
def service(request: Request) -> dict[str, Any]:
    """``/services/{id}``"""
    if len(request.subpath) != 1 or request.subpath[0] not in request.office.services:
        raise HTTPNotFound()
    return {"service": request.office.services[request.subpath[0]]}
