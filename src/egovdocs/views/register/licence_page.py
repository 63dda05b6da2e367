"""The public page of a licence."""

from __future__ import annotations

from typing import Any

from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.content import (
    Licence,
)
from egovdocs.views.register.licence_search import requested_day
from egovdocs.views.register.register_data import as_json
from egovdocs.views.register.register_page import PUBLIC
from egovdocs.views.shared.licence_display import public_licence


@view_config(context=Licence, renderer="register/licence.jinja2", **PUBLIC)
@view_config(context=Licence, renderer="register/licence.jinja2", accept="text/html", **PUBLIC)
def show(licence: Licence, request: Request) -> dict[str, Any]:
    """Show a licence, with ``?on=`` by what was known on a day."""
    day, wrong = requested_day(request)
    return {
        **public_licence(request, licence, day),
        "error": wrong,
        "others_day": day != request.office.today(),
        "may_read": request.may("view", licence),
    }


@view_config(context=Licence, accept="application/json", **PUBLIC)
def show_as_json(licence: Licence, request: Request) -> Response:
    day, wrong = requested_day(request)
    if wrong:
        return Response(json_body={"errors": {"on": request.tr(wrong)}}, status=422)
    response = as_json([licence], day, request.office.services, None)
    response.vary = ["Accept"]
    return response
