"""The embedded bank: its signed notices, and the payments they settle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
from lxml import etree

from egovdocs.content import Payment
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedBank, EmbeddedPaymentGateway
from egovdocs.integrations.payments.payment_port import (
    ForgedNotice,
    PaymentNotice,
    WrongPayment,
    settle_payment,
)
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import sign

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAYMENT = Payment(reference="r-1", amount=Decimal(39320), currency="KZT", started_at=NOW)
NOTICE = PaymentNotice(
    reference="r-1", amount=Decimal(39320), currency="KZT", paid_at=NOW, transaction="T<1> & Ә"
)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("Банк", algorithm="ec")


@pytest.fixture(scope="module")
def key(authority: Authority) -> IssuedKey:
    return authority.issue_system("Банк", "950341000052", algorithm="ec")


@pytest.fixture(scope="module")
def gateway(key: IssuedKey) -> EmbeddedPaymentGateway:
    return EmbeddedPaymentGateway(key.certificate, "http://127.0.0.1:6543")


@pytest.fixture(scope="module")
def bank(key: IssuedKey) -> EmbeddedBank:
    return EmbeddedBank(key.signer)


def test_the_page_is_on_the_site(gateway: EmbeddedPaymentGateway) -> None:
    assert gateway.open_payment(PAYMENT) == "http://127.0.0.1:6543/bank/r-1"


def test_a_notice_is_transmitted_unchanged(gateway: EmbeddedPaymentGateway, bank: EmbeddedBank) -> None:
    assert gateway.verify_notice(bank.sign_notice(NOTICE)) == NOTICE


@pytest.mark.parametrize("amount", ["39320.50", "0.01", "39320"])
def test_amounts_are_exact(gateway: EmbeddedPaymentGateway, bank: EmbeddedBank, amount: str) -> None:
    notice = replace(NOTICE, amount=Decimal(amount))
    assert gateway.verify_notice(bank.sign_notice(notice)).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("true", "false"), [(b"39320", b"39321"), (b"r-1", b"r-2"), (b"KZT", b"USD"), (b"2026-03", b"2027-03")]
)
def test_a_changed_notice_is_forged(
    gateway: EmbeddedPaymentGateway, bank: EmbeddedBank, true: bytes, false: bytes
) -> None:
    with pytest.raises(ForgedNotice):
        gateway.verify_notice(bank.sign_notice(NOTICE).replace(true, false, 1))


def test_the_signature_of_another_key_is_forged(
    gateway: EmbeddedPaymentGateway, authority: Authority
) -> None:
    # By the same authority and with the same name: only the configured certificate is accepted.
    other = authority.issue_system("Банк", "950341000052", algorithm="ec")
    with pytest.raises(ForgedNotice):
        gateway.verify_notice(EmbeddedBank(other.signer).sign_notice(NOTICE))


def test_a_notice_of_an_expired_key_is_forged(authority: Authority) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    old = authority.issue_system(
        "Банк", "950341000052", algorithm="ec", not_before=past - timedelta(days=2), not_after=past
    )
    with pytest.raises(ForgedNotice):
        EmbeddedPaymentGateway(old.certificate, "http://here").verify_notice(
            EmbeddedBank(old.signer).sign_notice(NOTICE)
        )


@pytest.mark.parametrize("notice", [b"", b"paid!", b"<notice/>", b"\xff\xfe"])
def test_an_unsigned_document_is_forged(gateway: EmbeddedPaymentGateway, notice: bytes) -> None:
    with pytest.raises(ForgedNotice):
        gateway.verify_notice(notice)


PAY = "urn:egovdocs:payment:1"


@pytest.mark.parametrize(
    "document",
    [
        "<a/>",
        f'<pay:receipt xmlns:pay="{PAY}"/>',
        f'<pay:notice xmlns:pay="{PAY}"><pay:reference>r-1</pay:reference></pay:notice>',
        "NaN",
        "Infinity",
        "1e3 tenge",
    ],
)
def test_a_signed_document_of_another_structure_is_forged(
    gateway: EmbeddedPaymentGateway, bank: EmbeddedBank, key: IssuedKey, document: str
) -> None:
    if not document.startswith("<"):
        root = etree.fromstring(bank.sign_notice(NOTICE))
        root.remove(root[-1])
        root.find(f"{{{PAY}}}amount").text = document
        document = etree.tostring(root, encoding="unicode")
    with pytest.raises(ForgedNotice):
        gateway.verify_notice(sign(document.encode(), key.signer))


def test_a_time_without_a_zone_is_rejected(gateway: EmbeddedPaymentGateway, bank: EmbeddedBank) -> None:
    with pytest.raises(ForgedNotice):
        gateway.verify_notice(bank.sign_notice(replace(NOTICE, paid_at=NOW.replace(tzinfo=None))))


def test_a_payment_is_settled_once() -> None:
    paid = settle_payment(PAYMENT, NOTICE)
    assert (paid.paid_at, paid.transaction) == (NOW, NOTICE.transaction)
    assert settle_payment(paid, replace(NOTICE, paid_at=NOW + timedelta(days=1), transaction="T2")) is paid


@pytest.mark.parametrize(
    "change", [{"amount": Decimal(39319)}, {"currency": "USD"}, {"reference": "r-2"}, {"amount": Decimal(0)}]
)
def test_another_payment_is_not_settled(change: dict[str, Any]) -> None:
    with pytest.raises(WrongPayment):
        settle_payment(PAYMENT, replace(NOTICE, **change))
    with pytest.raises(WrongPayment):
        settle_payment(settle_payment(PAYMENT, NOTICE), replace(NOTICE, **change))


@pytest.fixture
def notice_endpoint() -> Iterator[tuple[str, list[bytes]]]:
    """An endpoint for notices that accepts the first and rejects the second, and what it received."""
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204 if len(received) == 1 else 422)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/payments/notice", received
        server.shutdown()
        thread.join()


def test_the_bank_posts_its_notice(bank: EmbeddedBank, notice_endpoint: tuple[str, list[bytes]]) -> None:
    address, received = notice_endpoint
    notice = bank.sign_notice(NOTICE)
    bank.send_notice(notice, address)
    assert received == [notice]
    with pytest.raises(requests.HTTPError):
        bank.send_notice(notice, address)
