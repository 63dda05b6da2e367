"""The embedded bank's page, and the machine entrance where a bank tells of a payment.

In production a real payment gateway has pages of its own. The notice alone is believed, never the applicant's
browser.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

import requests
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config
from translationstring import TranslationString

from egovdocs.casework import Mistake, take_payment_notice
from egovdocs.content import Case, Payment, Site
from egovdocs.i18n import _
from egovdocs.registers import EmbeddedBank, PaymentNotice
from egovdocs.signing import load_pkcs12

WISHES = {("GET",): "show", ("POST", "pay"): "pay", ("POST", "cancel"): "cancel"}

log = logging.getLogger(__name__)


def includeme(config: Configurator) -> None:
    """The bank's key, where the settings name one; without it there is no bank's page."""
    settings = config.registry["settings"]
    if settings.bank_key is not None:
        signer = load_pkcs12(settings.bank_key.read_bytes(), settings.bank_password or "")
        config.registry["bank"] = EmbeddedBank(signer)


@view_config(
    context=Site,
    name="bank",
    permission=NO_PERMISSION_REQUIRED,
    renderer="egovdocs:views/templates/bank/pay.jinja2",
)
class BankPage:
    """``/bank/{payment}``, with ``/pay`` and ``/cancel`` to post to; it knows the payment, not the person."""

    def __init__(self, site: Site, request: Request) -> None:
        reference, *wish = request.subpath or ("",)
        case = site["cases"].by_payment(reference)
        asked = (request.method, *wish)
        if case is None or "bank" not in request.registry or asked not in WISHES:
            raise HTTPNotFound()
        self.wish = WISHES[asked]
        self.request = request
        self.case: Case = case
        self.payment: Payment = case.payment
        self.bank: EmbeddedBank = request.registry["bank"]

    def __call__(self) -> dict[str, Any] | Response:
        if self.wish == "cancel" or self.payment.paid_at:
            return self._back()
        if self.wish == "show":
            return self._page()
        return self._pay()

    def _pay(self) -> dict[str, Any] | Response:
        notice = PaymentNotice(
            reference=self.payment.reference,
            amount=self.payment.amount,
            currency=self.payment.currency,
            paid_at=self.request.office.clock(),
            transaction=secrets.token_hex(8).upper(),
        )
        # The notice comes in as another request: none of this one's may be open while it does.
        self.request.tm.abort()
        try:
            self.bank.send(self.bank.notice(notice), f"{self.request.office.site_url}/payments/notice")
        except requests.RequestException:
            log.warning("payment %s: the notice was not taken", notice.reference, exc_info=True)
            self.request.response.status_int = 502
            error = _("The payment did not go through. Nothing was paid. Try again in a minute.")
        else:
            error = None
        finally:
            self.request.tm.begin()
        return self._page(error) if error else self._back()

    def _page(self, error: TranslationString | None = None) -> dict[str, Any]:
        service = self.request.office.services[self.case.service]
        return {"payment": self.payment, "case": self.case, "service": service, "error": error}

    def _back(self) -> Response:
        return HTTPSeeOther(f"/cases/{self.case.reference}/payment")


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
        take_payment_notice(request.office, site, request.body)
    except Mistake as mistake:
        log.warning("a payment notice from %s was not taken: %s", request.client_addr, mistake)
        return Response(str(mistake), status=422, content_type="text/plain", charset="utf-8")
    return Response(status=204)
