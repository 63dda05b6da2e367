"""The messages of the payment gateway."""

from __future__ import annotations

import pytest
from tests.integrations.payments.sample_payments import NOTICE, ORDER

from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.integrations.payments.payment_messages import (
    build_open_request,
    build_status,
    parse_open_request,
    parse_status,
)
from egovdocs.integrations.payments.payment_port import PaymentNotice, PaymentStatus, Unpaid


def test_an_order_is_transmitted_unchanged() -> None:
    assert parse_open_request(build_open_request(ORDER)) == ORDER


@pytest.mark.parametrize("payment", [NOTICE, *(Unpaid("r-1", status) for status in PaymentStatus)])
def test_a_status_is_transmitted_unchanged(payment: PaymentNotice | Unpaid) -> None:
    assert parse_status(build_status(payment)) == payment


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1", "0", "1,5", "много"])
def test_a_wrong_amount_is_rejected(amount: str) -> None:
    data = build_status(NOTICE)
    data.find("amount").text = amount
    with pytest.raises(UnexpectedStructure):
        parse_status(data)


def test_an_unknown_status_is_rejected() -> None:
    data = build_status(Unpaid("r-1", PaymentStatus.PENDING))
    data.find("state").text = "almost"
    with pytest.raises(UnexpectedStructure):
        parse_status(data)
