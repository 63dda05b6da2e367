"""A stub of the payment gateway (ПШЭП): opens payments, has a page to pay at, and sends notices to the site.

Payments are written to a file before a response is sent, so that none is lost when the process is killed.
Notices that were not delivered are sent again after the next start.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from pathlib import Path

from lxml import etree

from egovdocs.integrations.external_system_errors import ExternalSystemError
from egovdocs.integrations.gateway.client import GatewayClient
from egovdocs.integrations.gateway.endpoint import RequestHandler, RequestRejected
from egovdocs.integrations.gateway.messages import GatewayRequest
from egovdocs.integrations.payments import payment_messages
from egovdocs.integrations.payments.payment_port import PaymentNotice, PaymentOrder, PaymentStatus, Unpaid

NOTICE_INTERVAL = 0.5  # seconds between attempts to deliver notices

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StubPayment:
    """A payment as it is stored in the file.

    :ivar notified: the site has received a notice of the status.
    """

    number: str
    order: PaymentOrder
    cancelled: bool = False
    paid_at: datetime | None = None
    transaction: str = ""
    notified: bool = True

    @property
    def status(self) -> PaymentNotice | Unpaid:
        if self.paid_at is None:
            status = PaymentStatus.CANCELLED if self.cancelled else PaymentStatus.PENDING
            return Unpaid(self.order.reference, status)
        return PaymentNotice(
            reference=self.order.reference,
            amount=self.order.amount,
            currency=self.order.currency,
            paid_at=self.paid_at,
            transaction=self.transaction,
        )


class PaymentStub:
    """The payments by reference. One object serves all threads.

    :param file: where they are stored.
    :param url: the page of a payment is at ``/pay/{number}`` below it.
    :param site: a client of the site with the gateway's key; without it no notices are sent.
    :param silent: returns whether notices are suppressed at the moment.
    :raises OSError: the file can't be read.
    """

    def __init__(
        self,
        file: Path,
        url: str,
        site: GatewayClient | None = None,
        silent: Callable[[], bool] = lambda: False,
    ) -> None:
        self._file = file
        self._url = url
        self._site = site
        self._silent = silent
        self._lock = threading.Lock()
        self._payments = {payment.order.reference: payment for payment in _read(file)}

    @property
    def handlers(self) -> dict[str, RequestHandler]:
        """The handlers of requests that come over the e-government gateway, by serviceId."""
        return {payment_messages.OPENING: self._open, payment_messages.STATE: self._query}

    def by_number(self, number: str) -> StubPayment | None:
        """Return the payment of a page."""
        return next((each for each in list(self._payments.values()) if each.number == number), None)

    def pay(self, payment: StubPayment) -> None:
        """Mark a payment as made, unless it is already."""
        transaction = secrets.token_hex(8).upper()
        self._change(payment, paid_at=datetime.now(UTC), transaction=transaction, notified=False)

    def cancel(self, payment: StubPayment) -> None:
        """Mark a payment as cancelled, unless it is made."""
        self._change(payment, cancelled=True, notified=False)

    def start_notifying(self) -> None:
        """Send notices to the site from a thread of its own, until each is delivered."""

        def run() -> None:
            while True:
                time.sleep(NOTICE_INTERVAL)
                try:
                    if not self._silent():
                        self.notify_site()
                except Exception:
                    log.exception("payment notices could not be sent")

        threading.Thread(target=run, name="payment-stub", daemon=True).start()

    def notify_site(self) -> None:
        """Send the notices that are not delivered yet."""
        for payment in list(self._payments.values()):
            if payment.notified or self._site is None:
                continue
            notice = payment_messages.build_status(payment.status)
            try:
                self._site.call(payment_messages.NOTICE, notice, payment_messages.parse_reference)
            except ExternalSystemError as problem:
                log.warning("a payment notice was not accepted: %s", problem)
                continue
            with self._lock:
                if self._payments[payment.order.reference] == payment:  # not changed meanwhile
                    self._store(replace(payment, notified=True))

    def _open(self, request: GatewayRequest) -> etree._Element:
        order = payment_messages.parse_open_request(request.data)
        with self._lock:
            payment = self._payments.get(order.reference)
            payment = payment or StubPayment(number=secrets.token_urlsafe(16), order=order)
            if (payment.order.amount, payment.order.currency) != (order.amount, order.currency):
                raise RequestRejected("another-amount", "this payment was opened with another amount")
            if payment.paid_at is None:
                payment = replace(payment, cancelled=False, notified=True)
            self._store(payment)
        opened = payment_messages.OpenedPayment(payment.number, f"{self._url}/pay/{payment.number}")
        return payment_messages.build_open_response(opened, order.reference)

    def _query(self, request: GatewayRequest) -> etree._Element:
        reference = payment_messages.parse_reference(request.data)
        payment = self._payments.get(reference)
        status = payment.status if payment else Unpaid(reference, PaymentStatus.UNKNOWN)
        return payment_messages.build_status(status)

    def _change(self, payment: StubPayment, **changes: object) -> None:
        with self._lock:
            newest = self._payments[payment.order.reference]
            if newest.paid_at is None:
                self._store(replace(newest, **changes))  # type: ignore[arg-type]

    def _store(self, payment: StubPayment) -> None:
        payments = self._payments | {payment.order.reference: payment}
        text = json.dumps([asdict(each) for each in payments.values()], default=str, ensure_ascii=False)
        new = self._file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
        self._payments = payments


def payment_page(payment: StubPayment) -> str:
    """Return the HTML page where the payer pays or cancels."""
    order = payment.order
    rows = {
        "Сумма": f"{order.amount} {order.currency}",
        "Назначение": order.purpose,
        "Получатель, БИН": order.payee,
        "Номер платежа": payment.number,
    }
    table = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in rows.items())
    buttons = "".join(
        f'<form method="post" action="/pay/{payment.number}/{action}"><button>{label}</button></form>'
        for action, label in (("pay", "Оплатить"), ("cancel", "Отменить"))
    )
    return (
        '<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Оплата</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        "<style>main { font: 1.1rem sans-serif; max-width: 40rem; margin: 2rem auto }"
        " th, td { text-align: left; vertical-align: top; padding: 0 1rem 1rem 0 }"
        " form { display: inline } button { font: inherit; padding: 0.5rem 1rem }</style><main>"
        "<h1>Платёжный шлюз (для проб)</h1><p>Деньги не переводятся.</p>"
        f"<table>{table}</table>{buttons}</main></html>"
    )


def _read(file: Path) -> list[StubPayment]:
    if not file.exists():
        return []
    return [_from_json(**each) for each in json.loads(file.read_text("utf-8"))]


def _from_json(*, order: dict[str, str], paid_at: str | None, **others: object) -> StubPayment:
    parsed = PaymentOrder(**{**order, "amount": Decimal(order["amount"])})  # type: ignore[arg-type]
    time_paid = datetime.fromisoformat(paid_at) if paid_at else None
    return StubPayment(order=parsed, paid_at=time_paid, **others)  # type: ignore[arg-type]
