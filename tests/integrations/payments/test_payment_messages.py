"""The payment gateway over SOAP: believed for its signature, about the payment that was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint
from egovdocs.integrations.gateway.messages import GatewayRequest, Sender
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.integrations.payments import payment_messages
from egovdocs.integrations.payments.gateway_payments import GatewayPayments
from egovdocs.integrations.payments.payment_port import (
    ForgedNotice,
    PaymentNotice,
    PaymentOrder,
    PaymentStatus,
    Unpaid,
)
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.sandbox.fault_injection import FaultInjection
from egovdocs.sandbox.payment_stub import PaymentStub, payment_page

AUTHORITY = Authority.create("ШЭП", algorithm="ec")
SITE = AUTHORITY.issue_system("Портал", "950341000052", algorithm="ec")
GATEWAY = AUTHORITY.issue_system("ШЭП", "080641000131", algorithm="ec")
PAGES = "https://pay.example"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ORDER = PaymentOrder(
    reference="r-1",
    amount=Decimal("39320.50"),
    currency="KZT",
    purpose="Лицензия: <выдача> & Ә",
    payer="910203450036",
    payee="940140000385",
    return_url="https://portal.example/cases/c/payment?back=1",
)
NOTICE = PaymentNotice(
    reference="r-1", amount=Decimal("39320.50"), currency="KZT", paid_at=NOW, transaction="T<1>"
)


class Line(GatewayClient):
    """A line to somebody in this process."""

    def __init__(self, key: IssuedKey, other: Certificate, answer: Callable[[bytes], bytes]) -> None:
        super().__init__("http://127.0.0.1:9", key.signer, other, Sender("a", "b"), timeout=2)
        self._answer = answer

    def _post(self, message: bytes) -> bytes:
        return self._answer(message)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "payments.json"


@pytest.fixture
def till(file: Path) -> PaymentStub:
    return PaymentStub(file, PAGES)


@pytest.fixture
def control(tmp_path: Path) -> Path:
    return tmp_path / "control.json"


@pytest.fixture
def payments(till: PaymentStub, control: Path) -> GatewayPayments:
    endpoint = GatewayEndpoint(GATEWAY.signer, [SITE.certificate], till.handlers)
    answer = FaultInjection(endpoint.reply, GATEWAY.signer, control)
    return GatewayPayments(Line(SITE, GATEWAY.certificate, lambda m: answer(m).body), PAGES)


def said(data: etree._Element) -> GatewayPayments:
    """A payment gateway that says this, properly signed, whatever it is asked."""
    handlers = dict.fromkeys((payment_messages.OPENING, payment_messages.STATE), lambda request: data)
    endpoint = GatewayEndpoint(GATEWAY.signer, [SITE.certificate], handlers)
    return GatewayPayments(Line(SITE, GATEWAY.certificate, lambda m: endpoint.reply(m).body), PAGES)


def paid_by_page(till: PaymentStub, address: str) -> None:
    kept = till.by_number(address.rpartition("/")[2])
    assert kept is not None
    till.pay(kept)


def test_an_order_arrives_as_it_was_written() -> None:
    assert payment_messages.parse_open_request(payment_messages.build_open_request(ORDER)) == ORDER


@pytest.mark.parametrize("told", [NOTICE, *(Unpaid("r-1", standing) for standing in PaymentStatus)])
def test_what_became_of_a_payment_arrives_as_it_was_written(told: PaymentNotice | Unpaid) -> None:
    assert payment_messages.parse_status(payment_messages.build_status(told)) == told


def test_a_payment_from_its_opening_to_its_end(payments: GatewayPayments, till: PaymentStub) -> None:
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.UNKNOWN)
    page = payments.open_payment(ORDER)
    assert page.startswith(f"{PAGES}/pay/")
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.PENDING)
    paid_by_page(till, page)
    told = payments.query_payment("r-1")
    assert isinstance(told, PaymentNotice)
    assert (told.reference, told.amount, told.currency) == ("r-1", ORDER.amount, "KZT")


def test_opened_again_it_is_the_same_payment(payments: GatewayPayments, till: PaymentStub) -> None:
    page = payments.open_payment(ORDER)
    kept = till.by_number(page.rpartition("/")[2])
    assert kept is not None
    till.cancel(kept)
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.CANCELLED)
    assert payments.open_payment(ORDER) == page
    assert payments.query_payment("r-1") == Unpaid("r-1", PaymentStatus.PENDING)
    paid_by_page(till, page)
    paid = payments.query_payment("r-1")
    paid_by_page(till, page)
    till.cancel(kept)
    assert payments.open_payment(ORDER) == page
    assert payments.query_payment("r-1") == paid
    with pytest.raises(Fault, match="another-amount"):
        payments.open_payment(replace(ORDER, amount=Decimal(1)))


@pytest.mark.parametrize(
    ("switches", "error"),
    [
        ({"altered": True}, ForgedResponse),
        ({"forged": True}, ForgedResponse),
        ({"replayed": True}, ForgedResponse),
        ({"down": True}, ExternalSystemUnavailable),
        ({"fault": "E-1"}, Fault),
        ({"delay": 4}, ExternalSystemUnavailable),
    ],
)
def test_each_mishap_has_its_own_answer(
    payments: GatewayPayments,
    till: PaymentStub,
    control: Path,
    switches: dict[str, object],
    error: type[Exception],
) -> None:
    page = payments.open_payment(ORDER)
    paid_by_page(till, page)
    control.write_text(json.dumps(switches))
    with pytest.raises(error):
        payments.query_payment("r-1")
    with pytest.raises(error):
        payments.open_payment(ORDER)
    control.unlink()
    assert isinstance(payments.query_payment("r-1"), PaymentNotice)


def test_an_answer_about_another_payment_is_not_believed() -> None:
    with pytest.raises(ForgedResponse, match="another payment"):
        said(payment_messages.build_status(replace(NOTICE, reference="r-2"))).query_payment("r-1")
    with pytest.raises(ForgedResponse, match="another payment"):
        said(
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
def test_nobody_is_sent_elsewhere(page: str) -> None:
    answer = payment_messages.build_open_response(payment_messages.OpenedPayment("1", page or " "), "r-1")
    with pytest.raises(ForgedResponse, match="origin"):
        said(answer).open_payment(ORDER)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1", "0", "1,5", "много"])
def test_an_amount_that_is_none(amount: str) -> None:
    data = payment_messages.build_status(NOTICE)
    data.find("amount").text = amount
    with pytest.raises(UnexpectedStructure):
        payment_messages.parse_status(data)
    with pytest.raises(ExternalSystemUnavailable):
        said(data).query_payment("r-1")


def test_a_state_that_is_not_known() -> None:
    data = payment_messages.build_status(Unpaid("r-1", PaymentStatus.PENDING))
    data.find("state").text = "almost"
    with pytest.raises(UnexpectedStructure):
        payment_messages.parse_status(data)


def test_the_banks_own_notices_count_for_nothing_here(payments: GatewayPayments) -> None:
    with pytest.raises(ForgedNotice):
        payments.verify_notice(b"<notice/>")


# The stand-in


def test_the_till_loses_nothing_and_tells_until_it_is_heard(file: Path) -> None:
    heard: list[PaymentNotice | Unpaid] = []
    down = [True]

    def hear(request: GatewayRequest) -> etree._Element:
        heard.append(payment_messages.parse_status(request.data))
        return payment_messages.build_notice_response(heard[-1].reference)

    site = GatewayEndpoint(SITE.signer, [GATEWAY.certificate], {payment_messages.NOTICE: hear})

    def post(message: bytes) -> bytes:
        if down[0]:
            raise ExternalSystemUnavailable("down")
        return site.reply(message).body

    def opened() -> PaymentStub:
        return PaymentStub(file, PAGES, Line(GATEWAY, SITE.certificate, post))

    till = opened()
    endpoint = GatewayEndpoint(GATEWAY.signer, [SITE.certificate], till.handlers)
    line = Line(SITE, GATEWAY.certificate, lambda m: endpoint.reply(m).body)
    page = GatewayPayments(line, PAGES).open_payment(ORDER)
    paid_by_page(opened(), page)  # another process, as after a kill
    till = opened()
    till.notify_site()
    assert heard == []
    down[0] = False
    till = opened()
    till.notify_site()
    till.notify_site()
    opened().notify_site()
    (notice,) = heard
    assert isinstance(notice, PaymentNotice)
    assert notice.amount == ORDER.amount


def test_its_page_says_what_is_paid_and_not_by_whom(payments: GatewayPayments, till: PaymentStub) -> None:
    kept = till.by_number(payments.open_payment(ORDER).rpartition("/")[2])
    assert kept is not None
    page = payment_page(kept)
    assert "39320.50 KZT" in page
    assert "&lt;выдача&gt; &amp; Ә" in page
    assert ORDER.payer not in page
