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

from egovdocs.integrations.gateway.channel import Endpoint, Fault, Gateway, Request, Sender
from egovdocs.integrations.gateway.xmlutil import WrongShape
from egovdocs.integrations.payments import payment_messages as paying
from egovdocs.integrations.payments.payment_ports import (
    ForgedNotice,
    PaymentNotice,
    PaymentOrder,
    Standing,
    Unpaid,
)
from egovdocs.integrations.state_registers.gateway_registers import GatewayPayments
from egovdocs.integrations.state_registers.register_ports import ForgedAnswer, RegisterUnavailable
from egovdocs.sandbox.fault_injection import Mischief
from egovdocs.sandbox.payment_stub import Till, page_of
from egovdocs.signing.authority import Authority, IssuedKey

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
    back="https://portal.example/cases/c/payment?back=1",
)
NOTICE = PaymentNotice(
    reference="r-1", amount=Decimal("39320.50"), currency="KZT", paid_at=NOW, transaction="T<1>"
)


class Line(Gateway):
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
def till(file: Path) -> Till:
    return Till(file, PAGES)


@pytest.fixture
def control(tmp_path: Path) -> Path:
    return tmp_path / "control.json"


@pytest.fixture
def payments(till: Till, control: Path) -> GatewayPayments:
    endpoint = Endpoint(GATEWAY.signer, [SITE.certificate], till.handlers)
    answer = Mischief(endpoint.answer, GATEWAY.signer, control)
    return GatewayPayments(Line(SITE, GATEWAY.certificate, lambda m: answer(m).body), PAGES)


def said(data: etree._Element) -> GatewayPayments:
    """A payment gateway that says this, properly signed, whatever it is asked."""
    handlers = dict.fromkeys((paying.OPENING, paying.STATE), lambda request: data)
    endpoint = Endpoint(GATEWAY.signer, [SITE.certificate], handlers)
    return GatewayPayments(Line(SITE, GATEWAY.certificate, lambda m: endpoint.answer(m).body), PAGES)


def paid_by_page(till: Till, address: str) -> None:
    kept = till.by_number(address.rpartition("/")[2])
    assert kept is not None
    till.pay(kept)


def test_an_order_arrives_as_it_was_written() -> None:
    assert paying.asked_to_open(paying.opening(ORDER)) == ORDER


@pytest.mark.parametrize("told", [NOTICE, *(Unpaid("r-1", standing) for standing in Standing)])
def test_what_became_of_a_payment_arrives_as_it_was_written(told: PaymentNotice | Unpaid) -> None:
    assert paying.read_told(paying.told(told)) == told


def test_a_payment_from_its_opening_to_its_end(payments: GatewayPayments, till: Till) -> None:
    assert payments.ask("r-1") == Unpaid("r-1", Standing.UNKNOWN)
    page = payments.start(ORDER)
    assert page.startswith(f"{PAGES}/pay/")
    assert payments.ask("r-1") == Unpaid("r-1", Standing.PENDING)
    paid_by_page(till, page)
    told = payments.ask("r-1")
    assert isinstance(told, PaymentNotice)
    assert (told.reference, told.amount, told.currency) == ("r-1", ORDER.amount, "KZT")


def test_opened_again_it_is_the_same_payment(payments: GatewayPayments, till: Till) -> None:
    page = payments.start(ORDER)
    kept = till.by_number(page.rpartition("/")[2])
    assert kept is not None
    till.cancel(kept)
    assert payments.ask("r-1") == Unpaid("r-1", Standing.CANCELLED)
    assert payments.start(ORDER) == page
    assert payments.ask("r-1") == Unpaid("r-1", Standing.PENDING)
    paid_by_page(till, page)
    paid = payments.ask("r-1")
    paid_by_page(till, page)
    till.cancel(kept)
    assert payments.start(ORDER) == page
    assert payments.ask("r-1") == paid
    with pytest.raises(Fault, match="another-amount"):
        payments.start(replace(ORDER, amount=Decimal(1)))


@pytest.mark.parametrize(
    ("switches", "error"),
    [
        ({"altered": True}, ForgedAnswer),
        ({"forged": True}, ForgedAnswer),
        ({"replayed": True}, ForgedAnswer),
        ({"down": True}, RegisterUnavailable),
        ({"fault": "E-1"}, Fault),
        ({"delay": 4}, RegisterUnavailable),
    ],
)
def test_each_mishap_has_its_own_answer(
    payments: GatewayPayments, till: Till, control: Path, switches: dict[str, object], error: type[Exception]
) -> None:
    page = payments.start(ORDER)
    paid_by_page(till, page)
    control.write_text(json.dumps(switches))
    with pytest.raises(error):
        payments.ask("r-1")
    with pytest.raises(error):
        payments.start(ORDER)
    control.unlink()
    assert isinstance(payments.ask("r-1"), PaymentNotice)


def test_an_answer_about_another_payment_is_not_believed() -> None:
    with pytest.raises(ForgedAnswer, match="another payment"):
        said(paying.told(replace(NOTICE, reference="r-2"))).ask("r-1")
    with pytest.raises(ForgedAnswer, match="another payment"):
        said(paying.opened(paying.Opened("1", f"{PAGES}/pay/1"), "r-2")).start(ORDER)


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
    answer = paying.opened(paying.Opened("1", page or " "), "r-1")
    with pytest.raises(ForgedAnswer, match="origin"):
        said(answer).start(ORDER)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1", "0", "1,5", "много"])
def test_an_amount_that_is_none(amount: str) -> None:
    data = paying.told(NOTICE)
    data.find("amount").text = amount
    with pytest.raises(WrongShape):
        paying.read_told(data)
    with pytest.raises(RegisterUnavailable):
        said(data).ask("r-1")


def test_a_state_that_is_not_known() -> None:
    data = paying.told(Unpaid("r-1", Standing.PENDING))
    data.find("state").text = "almost"
    with pytest.raises(WrongShape):
        paying.read_told(data)


def test_the_banks_own_notices_count_for_nothing_here(payments: GatewayPayments) -> None:
    with pytest.raises(ForgedNotice):
        payments.verify(b"<notice/>")


# The stand-in


def test_the_till_loses_nothing_and_tells_until_it_is_heard(file: Path) -> None:
    heard: list[PaymentNotice | Unpaid] = []
    down = [True]

    def hear(request: Request) -> etree._Element:
        heard.append(paying.read_told(request.data))
        return paying.heard(heard[-1].reference)

    site = Endpoint(SITE.signer, [GATEWAY.certificate], {paying.NOTICE: hear})

    def post(message: bytes) -> bytes:
        if down[0]:
            raise RegisterUnavailable("down")
        return site.answer(message).body

    def opened() -> Till:
        return Till(file, PAGES, Line(GATEWAY, SITE.certificate, post))

    till = opened()
    endpoint = Endpoint(GATEWAY.signer, [SITE.certificate], till.handlers)
    line = Line(SITE, GATEWAY.certificate, lambda m: endpoint.answer(m).body)
    page = GatewayPayments(line, PAGES).start(ORDER)
    paid_by_page(opened(), page)  # another process, as after a kill
    till = opened()
    till.tell_site()
    assert heard == []
    down[0] = False
    till = opened()
    till.tell_site()
    till.tell_site()
    opened().tell_site()
    (notice,) = heard
    assert isinstance(notice, PaymentNotice)
    assert notice.amount == ORDER.amount


def test_its_page_says_what_is_paid_and_not_by_whom(payments: GatewayPayments, till: Till) -> None:
    kept = till.by_number(payments.start(ORDER).rpartition("/")[2])
    assert kept is not None
    page = page_of(kept)
    assert "39320.50 KZT" in page
    assert "&lt;выдача&gt; &amp; Ә" in page
    assert ORDER.payer not in page
