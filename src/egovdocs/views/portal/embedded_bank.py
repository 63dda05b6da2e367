"""The embedded bank's page, and the machine entrance where a bank tells of a payment.

In production a real payment gateway has pages of its own. The notice alone is believed, never the applicant's
browser.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.payments.pay_fee import receive_payment_notice, record_payment_notice
from egovdocs.content import Case, Payment, Site
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedBank
from egovdocs.integrations.payments.payment_port import PaymentNotice, PaymentStatus, Unpaid
from egovdocs.signing import load_pkcs12

WISHES = {("GET",): "show", ("POST", "pay"): "pay", ("GET", "paid"): "paid", ("POST", "cancel"): "cancel"}
NOTICE = "payment-notice"

log = logging.getLogger(__name__)


def includeme(config: Configurator) -> None:
    """The bank's key, where the settings name one; without it there is no bank's page."""
    settings = config.registry["settings"]
    if settings.bank_key is not None:
        signer = load_pkcs12(settings.bank_key.read_bytes(), settings.bank_password or "")
        bank = config.registry["bank"] = EmbeddedBank(signer)
        address = f"{settings.site_url}/payments/notice"
        config.registry["outbox"].append({NOTICE: lambda id, data: bank.send_notice(data["notice"], address)})


@view_config(
    context=Site,
    name="bank",
    permission=NO_PERMISSION_REQUIRED,
    renderer="egovdocs:views/portal/bank.jinja2",
)
class BankPage:
    """``/bank/{payment}``, with ``/pay`` and ``/cancel`` to post to; it knows the payment, not the person."""

    def __init__(self, site: Site, request: Request) -> None:
        reference, *wish = request.subpath or ("",)
        case = site.cases.by_payment(reference)
        asked = (request.method, *wish)
        if case is None or "bank" not in request.registry or asked not in WISHES:
            raise HTTPNotFound()
        self.wish = WISHES[asked]
        self.request = request
        self.case: Case = case
        assert case.payment is not None, "the index of payments is of cases that have one"
        self.payment: Payment = case.payment
        self.bank: EmbeddedBank = request.registry["bank"]

    def __call__(self) -> dict[str, Any] | Response:
        if self.wish == "cancel" and not self.payment.paid_at:
            no = Unpaid(self.payment.reference, PaymentStatus.CANCELLED)
            record_payment_notice(self.request.office, self.request.site, no)  # C2 is answered with no: P5
            return self._back("?cancelled=1")
        if self.payment.paid_at:
            return self._back()
        if self.wish == "pay":
            return self._pay()
        if self.wish == "paid":
            # The notice is on its way, from server to server.
            self.request.response.headers["Refresh"] = "1"
        service = self.request.office.services[self.case.service]
        paid = self.wish == "paid"
        return {"payment": self.payment, "case": self.case, "service": service, "paid": paid}

    def _pay(self) -> Response:
        notice = PaymentNotice(
            reference=self.payment.reference,
            amount=self.payment.amount,
            currency=self.payment.currency,
            paid_at=self.request.office.clock(),
            transaction=secrets.token_hex(8).upper(),
        )
        self.request.site.outbox.put(NOTICE, notice=self.bank.sign_notice(notice))
        return HTTPSeeOther(f"/bank/{self.payment.reference}/paid")

    def _back(self, how: str = "") -> Response:
        return HTTPSeeOther(f"/cases/{self.case.reference}/payment{how}")


@view_config(
    context=Site,
    name="payments",
    permission=NO_PERMISSION_REQUIRED,
    request_method="POST",
    require_csrf=False,  # a machine comes without a session; what it says is signed
)
def hear_notice(site: Site, request: Request) -> Response:
    """``/payments/notice``: a bank's signed notice. 204 taken (now or before), 422 not believed."""
    if request.subpath != ("notice",):
        raise HTTPNotFound()
    try:
        receive_payment_notice(request.office, site, request.body)
    except Mistake as mistake:
        log.warning("a payment notice from %s was not taken: %s", request.client_addr, mistake)
        return Response(str(mistake), status=422, content_type="text/plain", charset="utf-8")
    return Response(status=204)
