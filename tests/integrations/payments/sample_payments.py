"""A made-up order and notice of a payment."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from egovdocs.integrations.payments.payment_port import PaymentNotice, PaymentOrder

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
