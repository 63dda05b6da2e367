"""The page of the embedded bank, for sites without a payment gateway.

It sends its signed notices to ``egovdocs.api.payment_notice``, as a real bank does.
"""

from __future__ import annotations

import secrets
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.payments.pay_fee import record_payment_notice
from egovdocs.content import Case, Payment, Site
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedBank
from egovdocs.integrations.payments.payment_port import PaymentNotice, PaymentStatus, Unpaid
from egovdocs.signing import load_pkcs12

ACTIONS = {("GET",): "show", ("POST", "pay"): "pay", ("GET", "paid"): "paid", ("POST", "cancel"): "cancel"}
NOTICE = "payment-notice"


def includeme(config: Configurator) -> None:
    """Open the bank with the key that the settings name; without a key there is no bank."""
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
    renderer="portal/bank.jinja2",
)
class BankPage:
    """``/bank/{payment}``, with ``/pay`` and ``/cancel`` for its buttons; it shows no personal data."""

    def __init__(self, site: Site, request: Request) -> None:
        reference, *rest = request.subpath or ("",)
        case = site.cases.by_payment(reference)
        key = (request.method, *rest)
        if case is None or "bank" not in request.registry or key not in ACTIONS:
            raise HTTPNotFound()
        self.action = ACTIONS[key]
        self.request = request
        self.case: Case = case
        assert case.payment is not None, "the index of payments is of cases that have one"
        self.payment: Payment = case.payment
        self.bank: EmbeddedBank = request.registry["bank"]

    def __call__(self) -> dict[str, Any] | Response:
        if self.action == "cancel" and not self.payment.paid_at:
            no = Unpaid(self.payment.reference, PaymentStatus.CANCELLED)
            record_payment_notice(self.request.office, self.request.site, no)  # C2 is answered with no: P5
            return self._back("?cancelled=1")
        if self.payment.paid_at:
            return self._back()
        if self.action == "pay":
            return self._pay()
        if self.action == "paid":
            # The worker is sending the notice; the page asks again until it has arrived.
            self.request.response.headers["Refresh"] = "1"
        service = self.request.office.edition_of(self.case)
        paid = self.action == "paid"
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
