"""A payment gateway that can be asked, by who comes back from it and by the outbox."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.factories import APPLICANT, PROVIDER
from tests.worlds import CaseWorld, steps, together
from ZODB import DB

from egovdocs.casework.errors import Mistake, Refusal, TryLater
from egovdocs.casework.payments import pay_fee as pay_fee_module
from egovdocs.casework.payments.pay_fee import (
    check_payment,
    fee_of,
    payment_handlers,
    query_payment,
    record_payment_notice,
    start_payment,
)
from egovdocs.content import Case, CaseState, Worker
from egovdocs.content import outbox as outbox_module
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.payments.payment_port import (
    ForgedNotice,
    PaymentNotice,
    PaymentOrder,
    PaymentStatus,
    Unpaid,
)


@dataclass
class Desk:
    """A payment gateway that says what the test wants.

    :ivar says: what it is asked for gets this answer; an exception is raised.
    """

    says: Any = None
    has_page: bool = True
    can_query: bool = True
    orders: list[PaymentOrder] = field(default_factory=list)

    def open_payment(self, order: PaymentOrder) -> str:
        if isinstance(self.says, Exception):
            raise self.says
        self.orders.append(order)
        return "https://pay.example/1"

    def query_payment(self, reference: str) -> PaymentNotice | Unpaid:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says or Unpaid(reference, PaymentStatus.PENDING)

    def verify_notice(self, notice: bytes) -> PaymentNotice:
        raise ForgedNotice("no")


@pytest.fixture
def desk(world: CaseWorld) -> Desk:
    desk = Desk()
    world.office = replace(world.office, payments=desk)
    return desk


@pytest.fixture
def case(world: CaseWorld, desk: Desk) -> Case:
    return world.draft(world.register(world.keys.applicant))


@pytest.fixture
def work(world: CaseWorld, database: DB, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """The outbox's worker tries what is due, at once and not for ever; how often it did."""
    for module, name in (
        (outbox_module, "FIRST_WAIT"),
        (pay_fee_module, "MIN_INTERVAL"),
        (pay_fee_module, "MAX_INTERVAL"),
    ):
        monkeypatch.setattr(module, name, timedelta(0))

    def work() -> int:
        world.commit()
        worker = Worker(database, payment_handlers(world.office))
        done = sum(worker.work_once() for _ in range(5))
        world.commit()
        return done

    return work


def paid(world: CaseWorld, case: Case, **changed: Any) -> PaymentNotice:
    assert case.payment is not None
    return PaymentNotice(
        **{
            "reference": case.payment.reference,
            "amount": case.payment.amount,
            "currency": "KZT",
            "paid_at": world.clock(),
            "transaction": "T-1",
        }
        | changed
    )


def test_the_payer_is_told_what_it_is_for(world: CaseWorld, desk: Desk, case: Case) -> None:
    assert start_payment(world.office, world.site, case) == "https://pay.example/1"
    (order,) = desk.orders
    assert (order.amount, order.currency) == (Decimal(39320), "KZT")
    assert (order.payer, order.payee) == (APPLICANT, PROVIDER)
    assert order.return_url == f"https://portal.example/cases/{case.reference}/payment?back=1"
    service = world.office.edition_of(case)
    assert order.purpose == f"{service.title['ru']}: {service.actions['issue'].title['ru']}"


@pytest.mark.parametrize("problem", [ExternalSystemUnavailable("down"), ForgedResponse("forged")])
def test_no_answer_at_the_opening_leaves_the_case_at_p4(
    world: CaseWorld, desk: Desk, case: Case, problem: Exception
) -> None:
    desk.says = problem
    for _attempt in range(2):
        with pytest.raises(TryLater, match="kept"):
            start_payment(world.office, world.site, case)
    world.manager.abort()
    world.manager.begin()
    assert (case.state, steps(case.journal)) == (CaseState.AWAITING_PAYMENT, "P1 C1+ P3 (P4)")
    assert len(list(world.site.outbox.waiting("payment-follow-up"))) == 1
    reference = case.payment.reference
    desk.says = None
    start_payment(world.office, world.site, case)
    assert [order.reference for order in desk.orders] == [reference]


def test_who_comes_back_is_not_kept_waiting_for_the_notice(world: CaseWorld, desk: Desk, case: Case) -> None:
    start_payment(world.office, world.site, case)
    assert query_payment(world.office, world.site, case) is PaymentStatus.PENDING
    desk.says = ExternalSystemUnavailable("down")
    with pytest.raises(TryLater, match="do not pay again"):
        query_payment(world.office, world.site, case)
    assert case.state is CaseState.AWAITING_PAYMENT
    desk.says = paid(world, case)
    assert query_payment(world.office, world.site, case) is None
    assert (case.state, steps(case.journal)) == (CaseState.PAID, "P1 C1+ P3 P4 C2+")
    check_payment(world.office, world.site, case)


def test_a_lost_notice_loses_no_payment(
    world: CaseWorld, desk: Desk, case: Case, work: Callable[[], int]
) -> None:
    start_payment(world.office, world.site, case)
    desk.says = ExternalSystemUnavailable("down")
    assert work() == 5
    world.clock.now += timedelta(days=30)  # the gateway is away for a month
    assert work() == 5
    desk.says = paid(world, case)
    assert work() == 1
    assert (case.state, steps(case.journal)) == (CaseState.PAID, "P1 C1+ P3 P4 C2+")
    assert len(world.site.outbox) == 0


def test_what_nobody_pays_is_given_up(
    world: CaseWorld, desk: Desk, case: Case, work: Callable[[], int]
) -> None:
    start_payment(world.office, world.site, case)
    assert work() == 5
    world.clock.now += timedelta(days=6)
    assert work() == 1
    assert (work(), case.state) == (0, CaseState.AWAITING_PAYMENT)
    start_payment(world.office, world.site, case)  # somebody thinks again
    assert work() == 5
    desk.says = paid(world, case)
    assert (work(), case.state) == (1, CaseState.PAID)


def test_heard_from_all_sides_it_counts_once(
    world: CaseWorld, desk: Desk, case: Case, work: Callable[[], int]
) -> None:
    start_payment(world.office, world.site, case)
    desk.says = paid(world, case)
    record_payment_notice(world.office, world.site, desk.says)
    world.tick()
    payment, journal = case.payment, list(case.journal)
    record_payment_notice(world.office, world.site, replace(desk.says, transaction="T-2"))
    record_payment_notice(world.office, world.site, Unpaid(payment.reference, PaymentStatus.CANCELLED))
    assert query_payment(world.office, world.site, case) is None
    assert work() == 1
    assert (case.payment, list(case.journal)) == (payment, journal)


def test_heard_at_the_same_moment_it_counts_once(
    connect: Callable[[], CaseWorld], world: CaseWorld, desk: Desk, case: Case
) -> None:
    start_payment(world.office, world.site, case)
    told = paid(world, case)
    worlds = [connect() for _ in range(4)]
    results = together(
        worlds, lambda each: record_payment_notice(world.office, each.site, told).payment.transaction
    )
    assert results == ["T-1"] * 4
    world.commit()
    assert steps(case.journal) == "P1 C1+ P3 P4 C2+"


def test_begun_again_it_is_followed_once_and_for_as_long_again(
    world: CaseWorld, desk: Desk, case: Case, work: Callable[[], int]
) -> None:
    for _attempt in range(3):
        start_payment(world.office, world.site, case)
        record_payment_notice(
            world.office, world.site, Unpaid(case.payment.reference, PaymentStatus.CANCELLED)
        )
        world.clock.now += timedelta(days=4)
        assert work() == 5
        assert len(world.site.outbox) == 1
    world.clock.now += timedelta(days=4)
    assert work() == 1


def test_cancelled_is_p5_once_and_may_be_begun_again(
    world: CaseWorld, desk: Desk, case: Case, work: Callable[[], int]
) -> None:
    start_payment(world.office, world.site, case)
    reference = case.payment.reference
    desk.says = Unpaid(reference, PaymentStatus.CANCELLED)
    assert query_payment(world.office, world.site, case) is PaymentStatus.CANCELLED
    record_payment_notice(world.office, world.site, desk.says)
    assert work() == 5
    assert steps(case.journal) == "P1 C1+ P3 P4 C2- P5"
    assert "отменён" in case.journal[-1].note
    world.tick()
    start_payment(world.office, world.site, case)
    assert case.payment.reference == reference
    desk.says = None
    assert work() == 5
    record_payment_notice(world.office, world.site, paid(world, case))
    assert steps(case.journal) == "P1 C1+ P3 P4 C2- P5 P4 C2+"


@pytest.mark.parametrize("changed", [{"amount": Decimal(39319)}, {"currency": "USD"}])
def test_another_sum_never_counts_and_is_not_forgotten(
    world: CaseWorld,
    desk: Desk,
    case: Case,
    work: Callable[[], int],
    changed: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    start_payment(world.office, world.site, case)
    desk.says = paid(world, case, **changed)
    with pytest.raises(Mistake, match="amount is not"):
        record_payment_notice(world.office, world.site, desk.says)
    with pytest.raises(Mistake, match="amount is not"):
        query_payment(world.office, world.site, case)
    with caplog.at_level(logging.WARNING):
        assert work() == 5
    assert "payment-follow-up" in caplog.text
    assert case.payment.reference not in caplog.text
    assert (case.state, len(world.site.outbox)) == (CaseState.AWAITING_PAYMENT, 1)
    with pytest.raises(Refusal, match="P5"):
        check_payment(world.office, world.site, case)


def test_a_payment_of_nobody(world: CaseWorld, desk: Desk, case: Case) -> None:
    start_payment(world.office, world.site, case)
    with pytest.raises(Mistake, match="no such payment"):
        record_payment_notice(world.office, world.site, paid(world, case, reference="another"))
    assert case.state is CaseState.AWAITING_PAYMENT


def test_a_payment_begun_before_the_new_index_keeps_its_amount(
    world: CaseWorld, desk: Desk, case: Case
) -> None:
    start_payment(world.office, world.site, case)
    world.office = replace(
        world.office, monthly_index={**world.office.monthly_index, date(2026, 6, 1): Decimal(4000)}
    )
    assert world.office.fee(world.office.service("medical-licence"), "issue") == 40000
    assert fee_of(world.office, case) == 39320
    start_payment(world.office, world.site, case)
    assert [order.amount for order in desk.orders] == [39320, 39320]
    record_payment_notice(world.office, world.site, paid(world, case))
    check_payment(world.office, world.site, case)
