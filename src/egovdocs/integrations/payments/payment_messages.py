"""The messages of the payment gateway (ПШЭП): opening a payment, querying its status, notice of its status.

Their real structure is not public; this one is in a namespace of this project.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from lxml import etree

from egovdocs.integrations.external_system_errors import ForgedResponse
from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure, add_all, datetime_value, text
from egovdocs.integrations.payments.payment_port import PaymentNotice, PaymentOrder, PaymentStatus, Unpaid

NAMESPACE = "urn:egovdocs:payment:1"
OPENING = "EgovdocsPaymentOpening"
STATE = "EgovdocsPaymentState"
NOTICE = "EgovdocsPaymentNotice"  # sent by the payment gateway to the site
PAID = "paid"


@dataclass(frozen=True, slots=True)
class OpenedPayment:
    """A payment that the payment gateway waits for.

    :ivar number: the payment gateway's identifier of the payment.
    :ivar page: the URL of the page where the applicant pays.
    """

    number: str
    page: str


def build_open_request(order: PaymentOrder) -> etree._Element:
    """Build the request to open a payment; a repeated request continues the same payment."""
    data = new_data(NAMESPACE, "OpeningRequest")
    values = {
        "reference": order.reference,
        "amount": str(order.amount),
        "currency": order.currency,
        "purpose": order.purpose,
        "payer": order.payer,
        "payee": order.payee,
        "returnAddress": order.return_url,
    }
    add_all(data, values)
    return data


def parse_open_request(data: etree._Element) -> PaymentOrder:
    """:raises UnexpectedStructure: a part is missing or can't be read."""
    return PaymentOrder(
        reference=text(data, "reference"),
        amount=_amount(data),
        currency=text(data, "currency"),
        purpose=text(data, "purpose"),
        payer=text(data, "payer"),
        payee=text(data, "payee"),
        return_url=text(data, "returnAddress"),
    )


def build_open_response(payment: OpenedPayment, reference: str) -> etree._Element:
    data = new_data(NAMESPACE, "OpeningResponse")
    add_all(data, {"reference": reference, "number": payment.number, "page": payment.page})
    return data


def parse_open_response(data: etree._Element, reference: str, page_origin: str) -> OpenedPayment:
    """Return the opened payment.

    :param reference: the reference of the request.
    :param page_origin: the only allowed origin of the page.
    :raises ForgedResponse: the response is about another payment, or its page has another origin.
    :raises UnexpectedStructure: a part is missing or can't be read.
    """
    if text(data, "reference") != reference:
        raise ForgedResponse("the response is about another payment")
    payment = OpenedPayment(text(data, "number"), text(data, "page"))
    if _origin_of(payment.page) != page_origin:
        raise ForgedResponse("the page does not have the payment gateway's origin")
    return payment


def build_query_request(reference: str) -> etree._Element:
    """Build the request for the status of a payment."""
    data = new_data(NAMESPACE, "StateRequest")
    add_all(data, {"reference": reference})
    return data


def parse_reference(data: etree._Element) -> str:
    """Return the reference in a request for a status, or in the response to a notice.

    :raises UnexpectedStructure: there is none.
    """
    return text(data, "reference")


def build_status(payment: PaymentNotice | Unpaid) -> etree._Element:
    """Build the status of a payment: the response to a query, and the request of a notice."""
    data = new_data(NAMESPACE, "State")
    if isinstance(payment, Unpaid):
        add_all(data, {"reference": payment.reference, "state": payment.status})
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


def parse_status(data: etree._Element) -> PaymentNotice | Unpaid:
    """Return the status of a payment.

    :raises UnexpectedStructure: a part is missing or can't be read.
    """
    reference, state = text(data, "reference"), text(data, "state")
    if state != PAID:
        try:
            return Unpaid(reference, PaymentStatus(state))
        except ValueError:
            raise UnexpectedStructure("the status of the payment is unknown") from None
    return PaymentNotice(
        reference=reference,
        amount=_amount(data),
        currency=text(data, "currency"),
        paid_at=datetime_value(data, "paidAt"),
        transaction=text(data, "transaction"),
    )


def parse_query_response(data: etree._Element, reference: str) -> PaymentNotice | Unpaid:
    """Return the status of the queried payment.

    :param reference: the reference of the request.
    :raises ForgedResponse: the response is about another payment.
    :raises UnexpectedStructure: a part is missing or can't be read.
    """
    status = parse_status(data)
    if status.reference != reference:
        raise ForgedResponse("the response is about another payment")
    return status


def build_notice_response(reference: str) -> etree._Element:
    """Build the site's response to a notice."""
    data = new_data(NAMESPACE, "Heard")
    add_all(data, {"reference": reference})
    return data


def _amount(data: etree._Element) -> Decimal:
    try:
        amount = Decimal(text(data, "amount"))
    except InvalidOperation:
        raise UnexpectedStructure("no amount") from None
    if not amount.is_finite() or amount <= 0:
        raise UnexpectedStructure("no amount")
    return amount


def _origin_of(address: str) -> str:
    """Return scheme, host and port of a URL; "" when it has user info or characters not allowed in a URL."""
    try:
        parts = urlsplit(address)
        plain = parts.hostname and parts.username is None and parts.password is None
    except ValueError:
        return ""
    printable = address.isascii() and address.isprintable() and not set(" \\") & set(address)
    return f"{parts.scheme}://{parts.netloc}" if plain and printable else ""
