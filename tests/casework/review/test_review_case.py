"""Who has a case at the provider's: handed over, substituted in leave, decided and signed by two people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

import pytest
from tests.factories import ANOTHER, COMPANY, PASSWORD, PROVIDER
from tests.worlds import CaseWorld

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.outcomes.decide_case import grant_case, return_case
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.review.review_case import claim_case, hand_over, release_case, set_checklist
from egovdocs.casework.review.take_leave import absent_colleagues, end_leave, take_leave
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import Account, Case, CaseState, Site

TODAY = date(2026, 6, 1)


@pytest.fixture
def colleague(world: CaseWorld) -> Account:
    return world.staff("colleague", "officer")


@pytest.fixture
def head(world: CaseWorld) -> Account:
    return world.staff("head", "signatory")


@pytest.fixture
def case(world: CaseWorld, officer: Account) -> Case:
    case = world.submitted()
    claim_case(world.office, world.site, case, officer)
    world.commit()
    return case


def hand(world: CaseWorld, case: Case, by: Account, to: str, note: str = "") -> None:
    hand_over(world.office, world.site, case, by, to, note)
    world.commit()


def test_a_case_is_handed_over_with_a_note(
    world: CaseWorld, case: Case, officer: Account, colleague: Account
) -> None:
    hand(world, case, officer, "colleague", " Проверить аренду. ")
    assert (case.assignee, case.state) == ("colleague", CaseState.IN_REVIEW)
    assert list(world.site["cases"].assigned("colleague")) == [case]
    assert list(world.site["cases"].assigned("officer")) == []
    assert [(e.what, e.by, e.to, e.note) for e in case.desk] == [
        ("claimed", "officer", "", ""),
        ("handed-over", "officer", "colleague", "Проверить аренду."),
    ]
    with pytest.raises(Decided, match="Another officer"):
        hand(world, case, officer, "officer")
    assert world.site.index_differences() == []


def test_the_head_hands_over_for_an_officer(
    world: CaseWorld, case: Case, colleague: Account, head: Account
) -> None:
    hand(world, case, head, "colleague")
    assert case.assignee == "colleague"
    assert case.desk[-1].by == "head"
    release_case(world.office, world.site, case, colleague)
    with pytest.raises(Mistake, match="Take the case first"):
        hand(world, case, head, "officer")


@pytest.mark.parametrize("login", ["head", "elsewhere", "nobody", ""])
def test_a_case_goes_to_an_officer_of_the_same_provider(
    world: CaseWorld, case: Case, officer: Account, head: Account, login: str
) -> None:
    world.staff("elsewhere", "officer", provider=COMPANY)
    with pytest.raises(Mistake, match="Choose one of your colleagues"):
        hand(world, case, officer, login)


def test_only_who_has_it_or_the_head_hands_over(
    world: CaseWorld, case: Case, officer: Account, colleague: Account
) -> None:
    with pytest.raises(Decided, match="Another officer"):
        hand(world, case, colleague, "colleague")
    stranger = world.staff("stranger", "signatory", provider=COMPANY)
    with pytest.raises(Mistake, match="another provider's"):
        hand(world, case, stranger, "colleague")
    with pytest.raises(Mistake, match="has the case already"):
        hand(world, case, officer, "officer")
    with pytest.raises(Mistake, match="longer than 1000"):
        hand(world, case, officer, "colleague", "о" * 1001)
    assert len(case.desk) == 1


def leave(world: CaseWorld, by: Account, officer: Account, first: int, last: int, substitute: str) -> None:
    days = [TODAY + timedelta(days=n) for n in (first, last)]
    take_leave(world.office, world.site, by, officer, *days, substitute)
    world.commit()


def test_a_substitute_works_the_cases_of_an_officer_on_leave(
    world: CaseWorld, case: Case, officer: Account, colleague: Account
) -> None:
    leave(world, officer, officer, 1, 14, "colleague")
    assert list(absent_colleagues(world.office, world.site, colleague)) == []
    with pytest.raises(Decided, match="Another officer"):
        set_checklist(world.office, case, colleague, {"staff": True})
    world.clock.now += timedelta(days=1)
    assert list(absent_colleagues(world.office, world.site, colleague)) == [officer]
    requirements = world.office.edition_of(case).requirements
    set_checklist(world.office, case, colleague, {r.code: True for r in requirements})
    set_checklist(world.office, case, colleague, {}, "Всё на месте.")
    grant_case(world.office, world.site, case, colleague)
    assert [(e.what, e.by, e.instead_of) for e in case.desk] == [
        ("claimed", "officer", ""),
        ("checked", "colleague", "officer"),
        ("granted", "colleague", "officer"),
    ]
    assert case.assignee == "officer"
    assert case.decision.by == "colleague"


def test_after_the_leave_the_officer_has_their_cases_alone(
    world: CaseWorld, case: Case, officer: Account, colleague: Account, head: Account
) -> None:
    leave(world, head, officer, 0, 2, "colleague")
    set_checklist(world.office, case, colleague, {"staff": True})
    set_checklist(world.office, case, officer, {"staff": False})
    world.clock.now += timedelta(days=3)
    with pytest.raises(Decided, match="Another officer"):
        set_checklist(world.office, case, colleague, {"staff": True})
    leave(world, head, officer, 3, 9, "colleague")
    end_leave(world.office, world.site, officer, officer)
    assert officer.leave is None


def test_whom_and_when(world: CaseWorld, officer: Account, colleague: Account, head: Account) -> None:
    third = world.staff("third", "officer")
    for who, what, days in (
        ("officer", "Choose one of your colleagues", (0, 1)),
        ("head", "Choose one of your colleagues", (0, 1)),
        ("colleague", "ends on the day", (2, 1)),
        ("colleague", "over already", (-2, -1)),
    ):
        with pytest.raises(Mistake, match=what):
            leave(world, officer, officer, *days, who)
    with pytest.raises(Mistake, match="the officer or by a signatory"):
        leave(world, colleague, officer, 0, 1, "third")
    stranger = world.staff("stranger", "signatory", provider=COMPANY)
    with pytest.raises(Mistake, match="another provider's"):
        leave(world, stranger, officer, 0, 1, "colleague")
    leave(world, officer, officer, 2, 9, "colleague")
    with pytest.raises(Mistake, match="Officer is on leave then"):
        leave(world, third, third, 9, 12, "officer")
    with pytest.raises(Mistake, match="Officer counts on this officer"):
        leave(world, colleague, colleague, 5, 6, "third")
    leave(world, colleague, colleague, 10, 12, "third")


# Two people answer for an outcome


@pytest.fixture
def strict(world: CaseWorld) -> CaseWorld:
    world.office = replace(world.office, two_person_rule=True)
    return world


def test_who_decided_does_not_sign(strict: CaseWorld) -> None:
    world, both = strict, strict.staff("both", "officer", "signatory")
    case = world.granted(both)
    with pytest.raises(Mistake, match="You decided this request"):
        offer_outcome(world.office, world.site, case, both)
    signing = offer_outcome(world.office, world.site, case, world.staff("head", "signatory"))
    world.sign(signing, world.keys.signatory)
    assert case.state is CaseState.ISSUED


def test_the_key_of_who_decided_does_not_sign_in_anothers_account(strict: CaseWorld) -> None:
    world = strict
    reviewer = add_staff(world.site, "reviewer", PASSWORD, "Обзоров", ["officer"], PROVIDER, ANOTHER)
    world.commit()
    case = world.granted(reviewer)
    signing = offer_outcome(world.office, world.site, case, world.staff("head", "signatory"))
    with pytest.raises(Mistake, match="You decided this request"):
        world.sign(signing, world.keys.signatory)  # whose IIN is the reviewer's
    with pytest.raises(Mistake, match="You decided this request"):
        upload_signed(world.office, world.site, signing, world.signed(signing.document, world.keys.signatory))
    assert case.state is CaseState.AWAITING_SIGNATURE


def test_where_one_person_works_alone_the_rule_is_switched_off(world: CaseWorld) -> None:
    both = world.staff("both", "officer", "signatory")
    case = world.granted(both)
    world.issue(case, both)
    assert case.state is CaseState.ISSUED


def test_a_decision_taken_over_in_the_last_moment_is_not_signed_by_the_same_person(
    strict: CaseWorld, connect: Callable[[], CaseWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the checks and the lock the signatory decides the same; the outcome's bytes do not tell."""
    world, both = strict, strict.staff("both", "officer", "signatory")
    case = world.granted(world.staff("reviewer", "officer"))
    signing = offer_outcome(world.office, world.site, case, both)
    world.commit()
    signed = world.signed(signing.document, world.keys.signatory)
    other = connect()

    def decide_first(site: Site) -> AbstractContextManager[None]:
        office, same = world.office, other.site.cases[case.reference]
        own = other.site.accounts["both"]
        return_case(office, other.site, same, own)
        hand_over(office, other.site, same, own, "both")
        other.commit()
        grant_case(office, other.site, same, own)
        return exclusive_transaction(site)

    module = import_module("egovdocs.casework.outcomes.issue_outcome")
    monkeypatch.setattr(module, "exclusive_transaction", decide_first)
    with pytest.raises(Mistake, match="You decided this request"):
        upload_signed(world.office, world.site, signing, signed)
    assert case.state is CaseState.AWAITING_SIGNATURE
    assert case.decision is not None
    assert case.decision.by == "both"
