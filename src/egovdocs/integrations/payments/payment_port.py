"""The port of the payment gateway (ПШЭП), and what it says of a payment.

Nothing that the applicant's browser brings back from the payment page is trusted: a payment is made when a
signed notice or the response to a query says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from egovdocs.content import Payment


class ForgedNotice(ValueError):  # noqa: N818 - says what is wrong
    """The document is not signed by the bank, or is no notice."""


class WrongPayment(ValueError):  # noqa: N818 - says what is wrong
    """A genuine notice of a payment with another reference, amount or currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNotice:
    """The statement of the payment gateway that a payment was made.

    :ivar reference: the site's identifier of the payment.
    :ivar transaction: the bank's identifier of the payment.
    """

    reference: str
    amount: Decimal
    currency: str
    paid_at: datetime
    transaction: str


class PaymentStatus(StrEnum):
    """The status of a payment that was not made."""

    PENDING = "pending"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # the payment gateway has no payment of this reference


@dataclass(frozen=True, slots=True)
class Unpaid:
    """The statement of the payment gateway that a payment was not made."""

    reference: str
    status: PaymentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """What the applicant is to pay.

    :ivar reference: the site's identifier of the payment.
    :ivar purpose: a text for the payer.
    :ivar payer: the applicant's IIN or BIN.
    :ivar payee: the provider's BIN.
    :ivar return_url: where the applicant's browser goes afterwards.
    """

    reference: str
    amount: Decimal
    currency: str
    purpose: str
    payer: str
    payee: str
    return_url: str


class PaymentGateway(Protocol):
    """The system where applicants pay.

    :ivar has_page: there is a page to pay at; otherwise nothing can be paid.
    :ivar can_query: the status of a payment can be queried; otherwise there are only notices.
    """

    has_page: bool
    can_query: bool

    def open_payment(self, order: PaymentOrder) -> str:
        """Return the URL of the page where the applicant pays; the same for the same reference.

        :raises ExternalSystemError: there is no usable response.
        """

    def query_payment(self, reference: str) -> PaymentNotice | Unpaid:
        """Return the status of a payment. It may take seconds.

        :raises ExternalSystemError: there is no usable response.
        """

    def verify_notice(self, notice: bytes) -> PaymentNotice:
        """Return the content of a bank's signed notice.

        :raises ForgedNotice: the signature does not pass, or the document is no notice.
        """


def settle_payment(payment: Payment, notice: PaymentNotice) -> Payment:
    """Return the payment with the notice applied; unchanged when it was made before.

    :raises WrongPayment: reference, amount or currency differ from the payment's.
    """
    expected = payment.reference, payment.amount, payment.currency
    if (notice.reference, notice.amount, notice.currency) != expected:
        raise WrongPayment(f"{notice.amount} {notice.currency} for {notice.reference} was not ordered")
    if payment.paid_at is not None:
        return payment
    return replace(payment, paid_at=notice.paid_at, transaction=notice.transaction)
