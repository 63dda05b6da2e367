"""The payment gateway (ПШЭП): an applicant is sent there to pay, and it tells the site that they did.

The embedded bank stands in for it. It tells by a notice: an XML document signed with the bank's key, which it
posts from its server to ours. The payment gateway is spoken to over the gateway (``paying.py``,
``remote.GatewayPayments``). The applicant's browser carries nothing that is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Protocol

import requests
from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.content import Payment
from egovdocs.signing import (
    Indication,
    Revocation,
    Signer,
    TrustStore,
    ValidationPolicy,
    sign,
    validate,
)

NAMESPACE = "urn:egovdocs:payment:1"
FIELDS = ("reference", "amount", "currency", "paidAt", "transaction")
TIMEOUT = 10.0  # seconds


class ForgedNotice(ValueError):  # noqa: N818 - says what is wrong
    """A notice that the bank did not sign, or that is none."""


class WrongPayment(ValueError):  # noqa: N818 - says what is wrong
    """A genuine notice, of a payment other than the one asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNotice:
    """The bank's word that a payment was made.

    :param reference: the site's, as given to the bank.
    :param transaction: the bank's own number of the payment.
    """

    reference: str
    amount: Decimal
    currency: str
    paid_at: datetime
    transaction: str


class Standing(StrEnum):
    """Why a payment is not made."""

    PENDING = "pending"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # nobody was asked for it there


@dataclass(frozen=True, slots=True)
class Unpaid:
    """The payment gateway's word that a payment was not made."""

    reference: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """What the applicant is to be asked for.

    :param reference: the site's; the payment is known by it.
    :param purpose: in words, for the payer.
    :param payer: the applicant's IIN or BIN.
    :param payee: the provider's BIN.
    :param back: where to send the applicant's browser when it is over.
    """

    reference: str
    amount: Decimal
    currency: str
    purpose: str
    payer: str
    payee: str
    back: str


class PaymentGateway(Protocol):
    """Where applicants pay.

    :ivar has_page: there is a page to send them to.
    :ivar can_be_asked: it answers what became of a payment; else there are only its notices.
    """

    has_page: bool
    can_be_asked: bool

    def start(self, order: PaymentOrder) -> str:
        """The address to send the applicant's browser to. Asked again, the same payment is gone on with.

        :raises RegisterError: there is no answer.
        """

    def ask(self, reference: str) -> PaymentNotice | Unpaid:
        """What became of a payment. It may take seconds.

        :raises RegisterError: there is no answer.
        """

    def verify(self, notice: bytes) -> PaymentNotice:
        """What a notice says, once its signature is the bank's.

        :raises ForgedNotice: it is not, or the document is no notice.
        """


def settle(payment: Payment, notice: PaymentNotice) -> Payment:
    """The payment as it stands after a notice. One that was made already stays as it is.

    :raises WrongPayment: another reference, amount or currency than was asked for.
    """
    wanted = payment.reference, payment.amount, payment.currency
    if (notice.reference, notice.amount, notice.currency) != wanted:
        raise WrongPayment(f"{notice.amount} {notice.currency} for {notice.reference} was not asked for")
    if payment.paid_at is not None:
        return payment
    return replace(payment, paid_at=notice.paid_at, transaction=notice.transaction)


class EmbeddedGateway:
    """The site's own stand-in for a bank; its page is at ``/bank/{reference}``.

    :param certificate: the only certificate whose notices are believed.
    :param site_url: where the site and so the bank's page is.
    :param has_page: the site has the bank's key and so its page.
    """

    def __init__(self, certificate: Certificate, site_url: str, *, has_page: bool = True) -> None:
        self.has_page = has_page
        self.can_be_asked = False
        self._policy = ValidationPolicy(trust=TrustStore.load([certificate]), revocation=Revocation.NONE)
        self._site_url = site_url

    def start(self, order: PaymentOrder) -> str:
        return f"{self._site_url}/bank/{order.reference}"

    def ask(self, reference: str) -> PaymentNotice | Unpaid:
        return Unpaid(reference, Standing.PENDING)

    def verify(self, notice: bytes) -> PaymentNotice:
        report = validate(notice, self._policy)
        if report.indication is not Indication.TOTAL_PASSED or report.content is None:
            raise ForgedNotice("the notice does not have the bank's signature")
        return _read(report.content)


@dataclass(frozen=True)
class EmbeddedBank:
    """The bank's side: makes notices and sends them.

    :param signer: the bank's key.
    """

    signer: Signer

    def notice(self, notice: PaymentNotice) -> bytes:
        """The notice as a signed document."""
        return sign(_write(notice), self.signer)

    def send(self, notice: bytes, address: str) -> None:
        """Post a signed notice, from server to server.

        :raises requests.RequestException: it was not taken; a bank tries again later.
        """
        headers = {"Content-Type": "application/xml"}
        requests.post(address, data=notice, headers=headers, timeout=TIMEOUT).raise_for_status()


def _write(notice: PaymentNotice) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}notice", nsmap={"pay": NAMESPACE})
    texts = (
        notice.reference,
        str(notice.amount),
        notice.currency,
        notice.paid_at.isoformat(),
        notice.transaction,
    )
    for name, text in zip(FIELDS, texts, strict=True):
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _read(content: bytes) -> PaymentNotice:
    """:raises ForgedNotice: the document is no notice."""
    root = etree.fromstring(content)
    expected = [f"{{{NAMESPACE}}}{name}" for name in FIELDS]
    if root.tag != f"{{{NAMESPACE}}}notice" or [child.tag for child in root] != expected:
        raise ForgedNotice("the document is no payment notice")
    reference, amount, currency, paid_at, transaction = (child.text or "" for child in root)
    try:
        notice = PaymentNotice(
            reference=reference,
            amount=Decimal(amount),
            currency=currency,
            paid_at=datetime.fromisoformat(paid_at),
            transaction=transaction,
        )
    except (ValueError, InvalidOperation):
        raise ForgedNotice("the notice's amount or time can't be read") from None
    if notice.paid_at.tzinfo is None or not notice.amount.is_finite():
        raise ForgedNotice("the notice's amount or time can't be read")
    return notice
