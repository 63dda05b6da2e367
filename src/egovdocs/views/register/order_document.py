"""The signed orders on a licence."""

from __future__ import annotations

from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.content import Licence
from egovdocs.i18n import _
from egovdocs.views.shared.document_display import document_response


@view_config(context=Licence, name="orders", permission="view", request_method="GET")
def document(licence: Licence, request: Request) -> Response:
    """``/licences/{number}/orders/{order}``: see :func:`document_response`."""
    home = f"/licences/{licence.number}"
    return document_response(request, licence, f"{home}/orders", home, _("Back to the licence"))
