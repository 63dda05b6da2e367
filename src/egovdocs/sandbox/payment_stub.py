"""A stand-in of the payment gateway (ПШЭП): takes payments, has a page to make them at, and tells the site.

Payments are kept in a file that is written before anything is answered, so that a process that is killed
loses none; what the site was not told yet, it is told after the next start.
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

from egovdocs.integrations.gateway.channel import Gateway, Handler, Refused, Request
from egovdocs.integrations.payments import payment_messages as paying
from egovdocs.integrations.payments.payment_ports import PaymentNotice, PaymentOrder, Standing, Unpaid
from egovdocs.integrations.state_registers.register_ports import RegisterError

AGAIN = 0.5  # seconds, until the site is told what it was not told

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A payment as the file has it.

    :ivar told: the site heard how it stands.
    """

    number: str
    order: PaymentOrder
    cancelled: bool = False
    paid_at: datetime | None = None
    transaction: str = ""
    told: bool = True

    @property
    def word(self) -> PaymentNotice | Unpaid:
        """What is said of it."""
        if self.paid_at is None:
            standing = Standing.CANCELLED if self.cancelled else Standing.PENDING
            return Unpaid(self.order.reference, standing)
        return PaymentNotice(
            reference=self.order.reference,
            amount=self.order.amount,
            currency=self.order.currency,
            paid_at=self.paid_at,
            transaction=self.transaction,
        )


class Till:
    """Payments by reference. One object serves all threads.

    :param file: where they are kept.
    :param url: where the pages are; a payment's is at ``/pay/{number}`` below it.
    :param site: asks the site, with the gateway's key; without it nobody is told.
    :param silent: whether the site is not to be told at the moment.
    :raises OSError: the file can't be read.
    """

    def __init__(
        self,
        file: Path,
        url: str,
        site: Gateway | None = None,
        silent: Callable[[], bool] = lambda: False,
    ) -> None:
        self._file = file
        self._url = url
        self._site = site
        self._silent = silent
        self._lock = threading.Lock()
        self._payments = {kept.order.reference: kept for kept in _read(file)}

    @property
    def handlers(self) -> dict[str, Handler]:
        """What it answers over the gateway."""
        return {paying.OPENING: self._open, paying.STATE: self._tell}

    def by_number(self, number: str) -> Kept | None:
        """The payment of a page."""
        return next((kept for kept in list(self._payments.values()) if kept.number == number), None)

    def pay(self, kept: Kept) -> None:
        """The payer has pressed the button; what is paid already stays as it is."""
        self._change(kept, paid_at=datetime.now(UTC), transaction=secrets.token_hex(8).upper(), told=False)

    def cancel(self, kept: Kept) -> None:
        """The payer wants it no more; what is paid stays paid."""
        self._change(kept, cancelled=True, told=False)

    def keep_telling(self) -> None:
        """Tell the site, in a thread, what became of payments, until it has heard."""

        def run() -> None:
            while True:
                time.sleep(AGAIN)
                try:
                    if not self._silent():
                        self.tell_site()
                except Exception:
                    log.exception("the site could not be told")

        threading.Thread(target=run, name="till", daemon=True).start()

    def tell_site(self) -> None:
        """Tell the site of what it was not told yet."""
        for kept in list(self._payments.values()):
            if kept.told or self._site is None:
                continue
            try:
                self._site.ask(paying.NOTICE, paying.told(kept.word), paying.asked)
            except RegisterError as problem:
                log.warning("a payment notice was not taken: %s", problem)
                continue
            with self._lock:
                if self._payments[kept.order.reference] == kept:  # else there is more to tell
                    self._keep(replace(kept, told=True))

    def _open(self, request: Request) -> etree._Element:
        order = paying.asked_to_open(request.data)
        with self._lock:
            kept = self._payments.get(order.reference) or Kept(number=secrets.token_urlsafe(16), order=order)
            if (kept.order.amount, kept.order.currency) != (order.amount, order.currency):
                raise Refused("another-amount", "this payment was opened with another amount")
            if kept.paid_at is None:
                kept = replace(kept, cancelled=False, told=True)
            self._keep(kept)
        return paying.opened(paying.Opened(kept.number, f"{self._url}/pay/{kept.number}"), order.reference)

    def _tell(self, request: Request) -> etree._Element:
        reference = paying.asked(request.data)
        kept = self._payments.get(reference)
        return paying.told(kept.word if kept else Unpaid(reference, Standing.UNKNOWN))

    def _change(self, kept: Kept, **changed: object) -> None:
        with self._lock:
            newest = self._payments[kept.order.reference]
            if newest.paid_at is None:
                self._keep(replace(newest, **changed))  # type: ignore[arg-type]

    def _keep(self, kept: Kept) -> None:
        payments = self._payments | {kept.order.reference: kept}
        text = json.dumps([asdict(each) for each in payments.values()], default=str, ensure_ascii=False)
        new = self._file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
        self._payments = payments


def page_of(kept: Kept) -> str:
    """The page where the payer decides."""
    order = kept.order
    rows = {
        "Сумма": f"{order.amount} {order.currency}",
        "Назначение": order.purpose,
        "Получатель, БИН": order.payee,
        "Номер платежа": kept.number,
    }
    table = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in rows.items())
    buttons = "".join(
        f'<form method="post" action="/pay/{kept.number}/{wish}"><button>{name}</button></form>'
        for wish, name in (("pay", "Оплатить"), ("cancel", "Отменить"))
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


def _read(file: Path) -> list[Kept]:
    if not file.exists():
        return []
    return [_kept(**each) for each in json.loads(file.read_text("utf-8"))]


def _kept(*, order: dict[str, str], paid_at: str | None, **more: object) -> Kept:
    known = PaymentOrder(**{**order, "amount": Decimal(order["amount"])})  # type: ignore[arg-type]
    moment = datetime.fromisoformat(paid_at) if paid_at else None
    return Kept(order=known, paid_at=moment, **more)  # type: ignore[arg-type]
