"""A request is taken back by its applicant before its answer is signed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.casework.visitors.test_receive_visitor import A2, fill_in, looked_up, register, staff
from tests.worlds import CaseWorld, steps, together

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.outcomes.decide_case import return_case
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.requests.status import status
from egovdocs.casework.requests.withdraw_request import enter_withdrawal, offer_withdrawal
from egovdocs.casework.review.remark_case import make_remark
from egovdocs.casework.review.review_case import claim_case, release_case, set_checklist
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.content import Account, Case, CaseState, Signing

Connect = Callable[[], CaseWorld]


def offer(world: CaseWorld, case: Case, reason: str = " Передумала. ") -> Signing:
    account = world.site["accounts"][case.account]
    signing = offer_withdrawal(world.office, world.site, case, account, reason)
    world.commit()
    return signing


def withdraw(world: CaseWorld, case: Case) -> None:
    world.sign(offer(world, case), world.keys.applicant)
    world.tick()


def test_a_withdrawn_request_is_closed_and_kept(world: CaseWorld, officer: Account) -> None:
    case = world.submitted()
    claim_case(world.office, world.site, case, officer)
    world.commit()
    withdraw(world, case)
    assert (case.state, case.closed_at is not None) == (CaseState.CLOSED, True)
    found = status(world.office, case)
    assert (found.label, found.step, found.days_left) == ("Withdrawn by the applicant", None, None)
    assert steps(case.journal).endswith("P9 C4?")
    assert case.payment is not None
    paid = f"Отозван заявителем. Уплачен сбор 39320 тенге (платёж {case.payment.transaction})"
    assert (case.journal[-1].actor, case.journal[-1].note) == (case.account, paid)
    said = world.office.common_edition().document_types["withdrawal"].read(read_document(case, "withdrawal"))
    assert (said["reason"], said["applicant"]) == ("Передумала.", case.applicant)
    assert said["request"]["sha256"] == case.documents["request"].sha256
    assert world.is_genuine(case.documents["withdrawal"].data)
    *_others, letter = world.site.outbox.waiting("notice")
    assert letter.data["subject"].endswith("закрыт")
    assert "Уплаченный сбор сам собой не возвращается" in letter.data["text"]
    assert "/questionnaire" not in letter.data["text"], "there is no answer to ask about"
    cases = world.site["cases"]
    assert list(cases.queue(case.provider)) == list(cases.assigned("officer")) == []
    assert list(cases.of_account(case.account)) == [case]
    assert world.site.index_differences() == []
    for act in (
        lambda: set_checklist(world.office, case, officer, {}),
        lambda: release_case(world.office, world.site, case, officer),
        lambda: make_remark(world.office, world.site, case, officer, "?"),
        lambda: offer(world, case),
    ):
        with pytest.raises(Decided):
            act()


def test_a_decision_that_is_not_signed_does_not_stand_in_the_way(world: CaseWorld, officer: Account) -> None:
    case = world.granted(officer)
    signatory = world.staff("signatory", "signatory")
    signing = offer_outcome(world.office, world.site, case, signatory)
    world.commit()
    withdraw(world, case)
    assert case.licence is None
    with pytest.raises(Decided, match="has withdrawn this request"):
        offer_outcome(world.office, world.site, case, signatory)
    with pytest.raises(Decided, match="has withdrawn this request"):
        world.sign(signing, world.keys.signatory)
    with pytest.raises(Decided):
        return_case(world.office, world.site, case, officer)
    assert set(case.documents) == {"request", "receipt", "withdrawal"}


def test_what_is_answered_is_not_withdrawn(world: CaseWorld, officer: Account) -> None:
    case = world.granted(officer)
    early = offer(world, case)
    signatory = world.staff("signatory", "signatory")
    world.issue(case, signatory)
    world.commit()
    with pytest.raises(Decided, match="answered already"):
        world.sign(early, world.keys.applicant)
    with pytest.raises(Decided, match="answered already"):
        offer(world, case)
    assert case.state is CaseState.ISSUED
    assert world.site["licences"].get(case.licence) is not None


def test_a_draft_is_not_withdrawn(world: CaseWorld) -> None:
    case = world.draft(world.register(world.keys.applicant))
    with pytest.raises(Mistake, match="not sent yet"):
        offer(world, case)


def test_sent_twice_it_happens_once(world: CaseWorld) -> None:
    case = world.submitted()
    signing = offer(world, case)
    signed = world.signed(signing.document, world.keys.applicant)
    for _ in range(2):
        assert upload_signed(world.office, world.site, signing, signed) is case
    assert len([entry for entry in case.journal if entry.note]) == 1


def test_withdrawing_and_signing_at_the_same_time(
    world: CaseWorld, connect: Connect, officer: Account
) -> None:
    case = world.granted(officer)
    signatory = world.staff("signatory", "signatory")
    outcome = offer_outcome(world.office, world.site, case, signatory).token
    withdrawal = offer(world, case).token
    keys = {outcome: world.keys.signatory, withdrawal: world.keys.applicant}
    waiting = [outcome, withdrawal]

    def send(other: CaseWorld) -> str:
        token = waiting.pop()
        signing = other.site["signings"][token]
        try:
            upload_signed(other.office, other.site, signing, other.signed(signing.document, keys[token]))
        except Decided:
            return "too late"
        return signing.purpose

    results = together([connect(), connect()], send)
    world.commit()
    won = next(result for result in results if result != "too late")
    assert sorted(results) == sorted([won, "too late"])
    assert case.state is (CaseState.ISSUED if won == "outcome" else CaseState.CLOSED)
    assert ("outcome" in case.documents) != ("withdrawal" in case.documents)


def test_another_persons_key_withdraws_nothing(world: CaseWorld) -> None:
    case = world.submitted()
    signing = offer(world, case)
    with pytest.raises(Mistake, match="The certificate belongs to"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.another))
    assert case.state is CaseState.REGISTERED


def test_a_withdrawal_of_a_request_of_the_portal_is_not_taken_down(
    world: CaseWorld, officer: Account
) -> None:
    case = world.submitted()
    with pytest.raises(Mistake, match="with their own key"):
        enter_withdrawal(world.office, world.site, case, officer)


def test_a_visitors_withdrawal_is_taken_down_and_sealed(
    world: CaseWorld, officer: Account, register_entries: None
) -> None:
    case = looked_up(world, A2, staff(world, A2, "receiver"))
    fill_in(world, case)
    register(world, case)
    world.tick()
    enter_withdrawal(world.office, world.site, case, officer, "Заявление от 1 июня.")
    said = world.office.common_edition().document_types["withdrawal"].read(read_document(case, "withdrawal"))
    assert (said["enteredBy"], said["reason"]) == ("Officer", "Заявление от 1 июня.")
    assert steps(case.journal).endswith("P7 C3?")
    assert [entry.what for entry in case.desk] == ["withdrawal-entered"]
    with pytest.raises(Decided, match="withdrawn already"):
        enter_withdrawal(world.office, world.site, case, officer)
