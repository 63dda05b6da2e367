"""The payment gateway (ПШЭП) over the gateway: opening a payment, asking what became of it, being told.

The shape of these messages is ours, in a namespace of ours: none is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from lxml import etree

from egovdocs.integrations.gateway.channel import new_data
from egovdocs.integrations.gateway.xmlutil import WrongShape, add_all, moment, text
from egovdocs.integrations.payments.payment_ports import (
    NAMESPACE,
    PaymentNotice,
    PaymentOrder,
    Standing,
    Unpaid,
)
from egovdocs.integrations.state_registers.register_ports import ForgedAnswer

OPENING = "EgovdocsPaymentOpening"
STATE = "EgovdocsPaymentState"
NOTICE = "EgovdocsPaymentNotice"  # the payment gateway asks, the site answers
PAID = "paid"


@dataclass(frozen=True, slots=True)
class Opened:
    """A payment the payment gateway waits for.

    :ivar number: its own number of the payment.
    :ivar page: the address of the page where the applicant pays.
    """

    number: str
    page: str


def opening(order: PaymentOrder) -> etree._Element:
    """The question that opens a payment; asked again, the same payment is gone on with."""
    data = new_data(NAMESPACE, "OpeningRequest")
    values = {
        "reference": order.reference,
        "amount": str(order.amount),
        "currency": order.currency,
        "purpose": order.purpose,
        "payer": order.payer,
        "payee": order.payee,
        "returnAddress": order.back,
    }
    add_all(data, values)
    return data


def asked_to_open(data: etree._Element) -> PaymentOrder:
    """:raises WrongShape: it is no such question."""
    return PaymentOrder(
        reference=text(data, "reference"),
        amount=_amount(data),
        currency=text(data, "currency"),
        purpose=text(data, "purpose"),
        payer=text(data, "payer"),
        payee=text(data, "payee"),
        back=text(data, "returnAddress"),
    )


def opened(payment: Opened, reference: str) -> etree._Element:
    """The answer to :func:`opening`."""
    data = new_data(NAMESPACE, "OpeningResponse")
    add_all(data, {"reference": reference, "number": payment.number, "page": payment.page})
    return data


def read_opened(data: etree._Element, reference: str, origin: str) -> Opened:
    """Where the applicant is to pay.

    :param origin: the only one their browser is sent to.
    :raises ForgedAnswer: the answer is about another payment, or its page is elsewhere.
    :raises WrongShape: it is no answer.
    """
    if text(data, "reference") != reference:
        raise ForgedAnswer("the answer is about another payment")
    payment = Opened(text(data, "number"), text(data, "page"))
    if _origin_of(payment.page) != origin:
        raise ForgedAnswer("a page that is not of the payment gateway's origin")
    return payment


def question(reference: str) -> etree._Element:
    """The question what became of a payment."""
    data = new_data(NAMESPACE, "StateRequest")
    add_all(data, {"reference": reference})
    return data


def asked(data: etree._Element) -> str:
    """The reference of the payment a question is about.

    :raises WrongShape: it is no question.
    """
    return text(data, "reference")


def told(payment: PaymentNotice | Unpaid) -> etree._Element:
    """What became of a payment: the answer to :func:`question`, and the payment gateway's own notice."""
    data = new_data(NAMESPACE, "State")
    if isinstance(payment, Unpaid):
        add_all(data, {"reference": payment.reference, "state": payment.standing})
        return data
    values = {
        "reference": payment.reference,
        "state": PAID,
        "amount": str(payment.amount),
        "currency": payment.currency,
        "paidAt": payment.paid_at.isoformat(timespec="seconds"),
        "transaction": payment.transaction,
    }
    add_all(data, values)
    return data


def read_told(data: etree._Element) -> PaymentNotice | Unpaid:
    """What became of a payment.

    :raises WrongShape: the message does not say so.
    """
    reference, state = text(data, "reference"), text(data, "state")
    if state != PAID:
        try:
            return Unpaid(reference, Standing(state))
        except ValueError:
            raise WrongShape("a state of a payment that is not known") from None
    return PaymentNotice(
        reference=reference,
        amount=_amount(data),
        currency=text(data, "currency"),
        paid_at=moment(data, "paidAt"),
        transaction=text(data, "transaction"),
    )


def read_answer(data: etree._Element, reference: str) -> PaymentNotice | Unpaid:
    """What became of the payment that was asked about.

    :raises ForgedAnswer: the answer is about another.
    :raises WrongShape: it is no answer.
    """
    answer = read_told(data)
    if answer.reference != reference:
        raise ForgedAnswer("the answer is about another payment")
    return answer


def heard(reference: str) -> etree._Element:
    """The site's answer to a notice."""
    data = new_data(NAMESPACE, "Heard")
    add_all(data, {"reference": reference})
    return data


def _amount(data: etree._Element) -> Decimal:
    try:
        amount = Decimal(text(data, "amount"))
    except InvalidOperation:
        raise WrongShape("no amount") from None
    if not amount.is_finite() or amount <= 0:
        raise WrongShape("no amount")
    return amount


def _origin_of(address: str) -> str:
    """Scheme, host and port; "" for what is no plain address of a page."""
    try:
        parts = urlsplit(address)
        plain = parts.hostname and parts.username is None and parts.password is None
    except ValueError:
        return ""
    printable = address.isascii() and address.isprintable() and not set(" \\") & set(address)
    return f"{parts.scheme}://{parts.netloc}" if plain and printable else ""
