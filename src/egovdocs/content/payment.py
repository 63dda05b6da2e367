"""The payment of a case's fee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment that was begun; it is made when ``paid_at`` is set.

    :param reference: random; the payment gateway's notice names it.
    :param currency: an ISO 4217 code.
    :param transaction: the payment gateway's own number of the payment.
    :param followed: when it was last begun, while the outbox still queries its status; else None.
    """

    reference: str
    amount: Decimal
    currency: str
    started_at: datetime
    paid_at: datetime | None = None
    transaction: str | None = None
    followed: datetime | None = None
