"""The endpoint for a bank's signed payment notices: ``POST /payments/notice``.

A payment is recorded by such a notice alone, never because the applicant's browser says so.
"""

from __future__ import annotations

import logging

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.payments.pay_fee import receive_payment_notice
from egovdocs.content import Site

log = logging.getLogger(__name__)


@view_config(
    context=Site,
    name="payments",
    permission=NO_PERMISSION_REQUIRED,
    request_method="POST",
    require_csrf=False,  # a program has no session; the notice's signature authenticates it
)
def payment_notice(site: Site, request: Request) -> Response:
    """Record a payment: status 204, also for a repeated notice; 422 for one that is not accepted."""
    if request.subpath != ("notice",):
        raise HTTPNotFound()
    try:
        receive_payment_notice(request.office, site, request.body)
    except Mistake as mistake:
        log.warning("a payment notice from %s was not accepted: %s", request.client_addr, mistake)
        return Response(str(mistake), status=422, content_type="text/plain", charset="utf-8")
    return Response(status=204)
