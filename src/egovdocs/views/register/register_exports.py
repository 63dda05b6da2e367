"""The public register of licences for programs: JSON and CSV."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.content import (
    Licences,
    Site,
)
from egovdocs.views.plumbing.csv_tables import EXCEL, PLAIN, csv_response
from egovdocs.views.plumbing.paging import page_of
from egovdocs.views.register.licence_search import LicenceSearch
from egovdocs.views.register.register_data import as_json, rows_of
from egovdocs.views.register.register_page import PUBLIC

EXPORT_PAGE_SIZE = 1000


@view_config(context=Site, name="licences.json", **PUBLIC)
@view_config(context=Licences, accept="application/json", **PUBLIC)
def register_as_json(context: Any, request: Request) -> Response:
    """Return up to 1,000 licences, with the address of the next page."""
    return _data(request, ".json")


@view_config(context=Site, name="licences.csv", **PUBLIC)
@view_config(context=Licences, accept="text/csv", **PUBLIC)
def register_as_csv(context: Any, request: Request) -> Response:
    """Return up to 1,000 licences; a ``Link`` header (RFC 8288) has the address of the next page."""
    return _data(request, PLAIN)


@view_config(context=Site, name="licences.excel.csv", permission=NO_PERMISSION_REQUIRED, request_method="GET")
def register_for_excel(context: Any, request: Request) -> Response:
    """Return the table in the form for Excel."""
    return _data(request, EXCEL)


def _data(request: Request, form: str) -> Response:
    if request.subpath:
        raise HTTPNotFound()
    search = LicenceSearch(request)
    if search.errors:
        errors = {name: request.tr(error) for name, error in search.errors.items()}
        return Response(json_body={"errors": errors}, status=422)
    found = search.found()
    if number := search.asked["number"]:
        found = iter([request.site.licences[number]])
    page = page_of(request, found, EXPORT_PAGE_SIZE)
    following = request.office.site_url + search.address(page.number + 1, form) if page.more else None
    parts = (page.shown, search.day, request.office.services)
    response = (
        as_json(*parts, following) if form == ".json" else csv_response(rows_of(*parts), "licences", form)
    )
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    response.vary = ["Accept"]
    return response
