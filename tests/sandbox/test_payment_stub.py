"""The stub of the payment gateway."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from tests.gateway_parties import GATEWAY, SITE, InProcessClient
from tests.integrations.payments.sample_payments import ORDER

from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint
from egovdocs.integrations.gateway.messages import GatewayRequest
from egovdocs.integrations.payments import payment_messages
from egovdocs.integrations.payments.gateway_payments import GatewayPayments
from egovdocs.integrations.payments.payment_port import PaymentNotice, Unpaid
from egovdocs.sandbox.payment_stub import PaymentStub, payment_page

PAGES = "https://pay.example"


def test_no_payment_is_lost_and_notices_are_repeated_until_received(tmp_path: Path) -> None:
    received: list[PaymentNotice | Unpaid] = []
    down = True

    def receive(request: GatewayRequest) -> etree._Element:
        received.append(payment_messages.parse_status(request.data))
        return payment_messages.build_notice_response(received[-1].reference)

    site = GatewayEndpoint(SITE.signer, [GATEWAY.certificate], {payment_messages.NOTICE: receive})

    def post(message: bytes) -> bytes:
        if down:
            raise ExternalSystemUnavailable("down")
        return site.reply(message).body

    def start() -> PaymentStub:
        client = InProcessClient(GATEWAY, SITE.certificate, post)
        return PaymentStub(tmp_path / "payments.json", PAGES, client)

    endpoint = GatewayEndpoint(GATEWAY.signer, [SITE.certificate], start().handlers)
    client = InProcessClient(SITE, GATEWAY.certificate, lambda data: endpoint.reply(data).body)
    page = GatewayPayments(client, PAGES).open_payment(ORDER)
    restarted = start()
    payment = restarted.by_number(page.rpartition("/")[2])
    assert payment is not None
    restarted.pay(payment)
    start().notify_site()
    assert received == []
    down = False
    stub = start()
    stub.notify_site()
    stub.notify_site()
    start().notify_site()
    (notice,) = received
    assert isinstance(notice, PaymentNotice)
    assert notice.amount == ORDER.amount


def test_the_page_shows_the_payment_and_not_the_payer(tmp_path: Path) -> None:
    stub = PaymentStub(tmp_path / "payments.json", PAGES)
    endpoint = GatewayEndpoint(GATEWAY.signer, [SITE.certificate], stub.handlers)
    client = InProcessClient(SITE, GATEWAY.certificate, lambda data: endpoint.reply(data).body)
    payment = stub.by_number(GatewayPayments(client, PAGES).open_payment(ORDER).rpartition("/")[2])
    assert payment is not None
    page = payment_page(payment)
    assert "39320.50 KZT" in page
    assert "&lt;выдача&gt; &amp; Ә" in page
    assert ORDER.payer not in page
