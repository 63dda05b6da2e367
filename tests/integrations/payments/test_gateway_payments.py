"""The adapter of the payment gateway, with the stub of it in the same process."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.gateway_parties import GATEWAY, SITE, InProcessClient
from tests.integrations.payments.sample_payments import NOTICE, ORDER

from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway.client import Fault
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint
from egovdocs.integrations.payments import payment_messages
from egovdocs.integrations.payments.gateway_payments import GatewayPayments
from egovdocs.integrations.payments.payment_port import (
    ForgedNotice,
    PaymentNotice,
    PaymentStatus,
    Unpaid,
)
from egovdocs.sandbox.fault_injection import FaultInjection
from egovdocs.sandbox.payment_stub import PaymentStub

PAGES = "https://pay.example"


@pytest.fixture
def stub(tmp_path: Path) -> PaymentStub:
    return PaymentStub(tmp_path / "payments.json", PAGES)


@pytest.fixture
def control(tmp_path: Path) -> Path:
    return tmp_path / "control.json"


@pytest.fixture
def payments(stub: PaymentStub, control: Path) -> GatewayPayments:
    endpoint = GatewayEndpoint(GATEWAY.signer, [SITE.certificate], stub.handlers)
    reply = FaultInjection(endpoint.reply, GATEWAY.signer, control)
    client = InProcessClient(SITE, GATEWAY.certificate, lambda data: reply(data).body, timeout=2)
    return GatewayPayments(client, PAGES)


def gateway_with_response(data: etree._Element) -> GatewayPayments:
    """Return an adapter of a payment gateway that responds to everything with these data."""
    handlers = dict.fromkeys((payment_messages.OPENING, payment_messages.STATE), lambda request: data)
    endpoint = GatewayEndpoint(GATEWAY.signer, [SITE.certificate], handlers)
    client = InProcessClient(SITE, GATEWAY.certificate, lambda data: endpoint.reply(data).body)
    return GatewayPayments(client, PAGES)


def pay_at_page(stub: PaymentStub, url: str) -> None:
    payment = stub.by_number(url.rpartition("/")[2])
    assert payment is not None
    stub.pay(payment)


def test_a_payment_is_opened_paid_and_queried(payments: GatewayPayments, stub: PaymentStub) -> None:
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.UNKNOWN)
    page = payments.open_payment(ORDER)
    assert page.startswith(f"{PAGES}/pay/")
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.PENDING)
    pay_at_page(stub, page)
    notice = payments.query_payment("r-1")
    assert isinstance(notice, PaymentNotice)
    assert (notice.reference, notice.amount, notice.currency) == ("r-1", ORDER.amount, "KZT")


def test_a_payment_opened_again_is_continued(payments: GatewayPayments, stub: PaymentStub) -> None:
    page = payments.open_payment(ORDER)
    payment = stub.by_number(page.rpartition("/")[2])
    assert payment is not None
    stub.cancel(payment)
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.CANCELLED)
    assert payments.open_payment(ORDER) == page
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.PENDING)
    pay_at_page(stub, page)
    paid = payments.query_payment("r-1")
    pay_at_page(stub, page)
    stub.cancel(payment)
    assert payments.open_payment(ORDER) == page
    assert payments.query_payment("r-1") == paid
    with pytest.raises(Fault, match="another-amount"):
        payments.open_payment(replace(ORDER, amount=Decimal(1)))


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        ({"altered": True}, ForgedResponse),
        ({"forged": True}, ForgedResponse),
        ({"replayed": True}, ForgedResponse),
        ({"down": True}, ExternalSystemUnavailable),
        ({"fault": "E-1"}, Fault),
        ({"delay": 4}, ExternalSystemUnavailable),
    ],
)
def test_each_fault_has_its_error(
    payments: GatewayPayments,
    stub: PaymentStub,
    control: Path,
    faults: dict[str, object],
    error: type[Exception],
) -> None:
    page = payments.open_payment(ORDER)
    pay_at_page(stub, page)
    control.write_text(json.dumps(faults))
    with pytest.raises(error):
        payments.query_payment("r-1")
    with pytest.raises(error):
        payments.open_payment(ORDER)
    control.unlink()
    assert isinstance(payments.query_payment("r-1"), PaymentNotice)


def test_a_response_about_another_payment_is_rejected() -> None:
    with pytest.raises(ForgedResponse, match="another payment"):
        gateway_with_response(payment_messages.build_status(replace(NOTICE, reference="r-2"))).query_payment(
            "r-1"
        )
    with pytest.raises(ForgedResponse, match="another payment"):
        gateway_with_response(
            payment_messages.build_open_response(payment_messages.OpenedPayment("1", f"{PAGES}/pay/1"), "r-2")
        ).open_payment(ORDER)


@pytest.mark.parametrize(
    "page",
    [
        "http://pay.example/1",
        "https://pay.example:8443/1",
        "https://pay.example.evil.example/1",
        "https://pay.example@evil.example/1",
        "https://evil.example/https://pay.example",
        "https://pay.example\\@evil.example/1",
        "//pay.example/1",
        "javascript:alert(1)",
        "https://[pay.example/1",
        "https://pay.example/1\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_a_page_of_another_origin_is_rejected(page: str) -> None:
    response = payment_messages.build_open_response(payment_messages.OpenedPayment("1", page or " "), "r-1")
    with pytest.raises(ForgedResponse, match="origin"):
        gateway_with_response(response).open_payment(ORDER)


def test_an_unreadable_response_is_no_status() -> None:
    data = payment_messages.build_status(NOTICE)
    data.find("amount").text = "NaN"
    with pytest.raises(ExternalSystemUnavailable):
        gateway_with_response(data).query_payment("r-1")


def test_a_notice_document_of_a_bank_is_rejected(payments: GatewayPayments) -> None:
    with pytest.raises(ForgedNotice):
        payments.verify_notice(b"<notice/>")
