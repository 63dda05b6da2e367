from dataclasses import replace

import pytest
from tests.worlds import CaseWorld, steps

from egovdocs.casework.errors import Mistake, Problems, Refusal
from egovdocs.casework.payments.pay_fee import check_payment, receive_payment_notice, start_payment
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.submit_request import offer_request
from egovdocs.content import Case, CaseState
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedPaymentGateway


@pytest.fixture
def case(world: CaseWorld) -> Case:
    return world.draft(world.register(world.keys.applicant))


def test_p4_c2(world: CaseWorld, case: Case) -> None:
    address = start_payment(world.office, world.site, case)
    assert address == f"https://portal.example/bank/{case.payment.reference}"
    assert (case.state, case.payment.amount) == (CaseState.AWAITING_PAYMENT, 39320)
    world.commit()
    assert receive_payment_notice(world.office, world.site, world.notice(case)) is case
    assert case.state is CaseState.PAID
    assert case.payment.paid_at == world.clock()
    assert steps(case.journal) == "P1 C1+ P3 P4 C2+"
    check_payment(world.office, world.site, case)


def test_p5_and_a_second_attempt(world: CaseWorld, case: Case) -> None:
    start_payment(world.office, world.site, case)
    world.tick()
    with pytest.raises(Refusal) as refused:
        check_payment(world.office, world.site, case)
    assert refused.value.step == "P5"
    world.manager.abort()
    world.manager.begin()
    assert steps(case.journal) == "P1 C1+ P3 P4 C2- P5"
    assert case.values["contacts"]["email"] == "ivanova@example.kz"

    reference = case.payment.reference
    world.pay(case)
    assert case.payment.reference == reference  # the bank sees one payment
    assert steps(case.journal) == "P1 C1+ P3 P4 C2- P5 P4 C2+"


def test_no_payment_no_signing(world: CaseWorld, case: Case) -> None:
    with pytest.raises(Refusal, match="P5"):
        offer_request(world.office, world.site, case, world.site["accounts"][case.account])
    assert steps(case.journal) == "P1 C1+ P3 P4 C2- P5"


def test_a_late_notice_is_heard(world: CaseWorld, case: Case) -> None:
    start_payment(world.office, world.site, case)
    with pytest.raises(Refusal):
        check_payment(world.office, world.site, case)
    receive_payment_notice(world.office, world.site, world.notice(case))
    assert case.state is CaseState.PAID
    assert steps(case.journal).endswith("P5 P4 C2+")


def test_a_notice_heard_twice_changes_nothing(world: CaseWorld, case: Case) -> None:
    world.pay(case)
    payment, journal = case.payment, list(case.journal)
    world.tick()
    assert receive_payment_notice(world.office, world.site, world.notice(case)) is case
    assert (case.payment, list(case.journal)) == (payment, journal)


def test_a_notice_after_registration_changes_nothing(world: CaseWorld) -> None:
    case = world.submitted()
    journal = list(case.journal)
    receive_payment_notice(world.office, world.site, world.notice(case))
    assert (case.state, list(case.journal)) == (CaseState.REGISTERED, journal)


def test_a_notice_that_is_not_the_banks_changes_nothing(world: CaseWorld, case: Case) -> None:
    start_payment(world.office, world.site, case)
    good = world.notice(case)
    forged = [
        world.notice(case, key=world.keys.another),
        good.replace(b"39320", b"39321"),
        good.replace(b"T-1", b"T-2"),
        b"",
        b"<a/>",
    ]
    for notice in forged:
        with pytest.raises(Mistake, match="not the bank's"):
            receive_payment_notice(world.office, world.site, notice)
    assert case.payment.paid_at is None
    assert steps(case.journal) == "P1 C1+ P3 (P4)"


@pytest.mark.parametrize("amount", ["1", "39319.99", "39321"])
def test_another_sum_changes_nothing(world: CaseWorld, case: Case, amount: str) -> None:
    start_payment(world.office, world.site, case)
    with pytest.raises(Mistake, match="amount is not"):
        receive_payment_notice(world.office, world.site, world.notice(case, amount))
    assert case.state is CaseState.AWAITING_PAYMENT


def test_a_payment_of_nobody(world: CaseWorld, case: Case) -> None:
    start_payment(world.office, world.site, case)
    notice = world.notice(case)
    case.payment = replace(case.payment, reference="another-reference")
    world.site["cases"].reindex(case)
    world.commit()
    with pytest.raises(Mistake, match="no such payment"):
        receive_payment_notice(world.office, world.site, notice)


def test_only_a_complete_form_is_paid_for(world: CaseWorld, case: Case) -> None:
    case.values["contacts"] = {"phone": "", "email": "nonsense"}
    case.attachments.pop()
    with pytest.raises(Problems) as wrong:
        start_payment(world.office, world.site, case)
    paths = {problem.path for problem in wrong.value.problems}
    assert paths == {"contacts/phone", "contacts/email", "attachments/staff"}


def test_what_is_paid_is_not_paid_again(world: CaseWorld, case: Case) -> None:
    world.pay(case)
    with pytest.raises(Mistake, match="nothing to pay"):
        start_payment(world.office, world.site, case)


def test_the_fee_follows_the_dated_index(world: CaseWorld) -> None:
    assert world.office.fee(world.office.service("medical-licence"), "issue") == 39320
    assert world.office.fee(world.office.service("medical-licence"), "reissue") == 3932
    world.clock.now = world.clock.now.replace(year=2024)
    with pytest.raises(LookupError):
        world.office.fee(world.office.service("medical-licence"), "issue")


def test_nothing_is_begun_that_cannot_be_paid(world: CaseWorld, case: Case) -> None:
    closed = replace(
        world.office,
        payments=EmbeddedPaymentGateway(
            world.keys.bank.certificate, "https://portal.example", has_page=False
        ),
    )
    account = world.site["accounts"][case.account]
    with pytest.raises(Mistake, match="cannot be paid"):
        open_case(closed, world.site, account, "medical-licence", "issue")
    with pytest.raises(Mistake, match="cannot be paid"):
        start_payment(closed, world.site, case)
    assert case.state is CaseState.DRAFT
    assert open_case(closed, world.site, account, "clinic-attachment", "attach").state is CaseState.DRAFT
