"""The questionnaire: once for each request, with nobody's name, and shown only where nobody can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.worlds import CaseWorld, together
from ZODB import DB

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.statistics.answer_questionnaire import (
    answer_questionnaire,
    find_by_code,
    is_questionnaire_open,
    opinions,
)
from egovdocs.casework.statistics.read_indicators import read_indicators
from egovdocs.content import Account, Case, CaseState, Cell

BOTH = {"quality": "satisfied", "accessibility": "partly"}


@pytest.fixture
def case(world: CaseWorld, officer: Account, signatory: Account) -> Case:
    return world.issue(world.granted(officer), signatory)


def counted(world: CaseWorld) -> dict[str, int]:
    return {
        name: number for _cell, numbers in world.site.statistics.answers for name, number in numbers.items()
    }


def test_two_answers_are_counted_once(world: CaseWorld, case: Case) -> None:
    assert is_questionnaire_open(world.office, case)
    answer_questionnaire(world.office, world.site, case, BOTH)
    assert list(world.site.statistics.answers) == [
        (Cell("medical-licence", "portal", "2026-06"), {"quality/satisfied": 1, "accessibility/partly": 1})
    ]
    assert not is_questionnaire_open(world.office, case)
    with pytest.raises(Decided):
        answer_questionnaire(world.office, world.site, case, BOTH)
    assert counted(world) == {"quality/satisfied": 1, "accessibility/partly": 1}


def test_a_question_may_be_skipped(world: CaseWorld, case: Case) -> None:
    answer_questionnaire(world.office, world.site, case, {"quality": "", "accessibility": "satisfied"})
    assert counted(world) == {"accessibility/satisfied": 1}


@pytest.mark.parametrize("answers", [{}, {"quality": ""}, {"quality": "splendid"}, {"price": "satisfied"}])
def test_what_is_no_answer_counts_nothing(world: CaseWorld, case: Case, answers: dict[str, str]) -> None:
    with pytest.raises(Mistake):
        answer_questionnaire(world.office, world.site, case, answers)
    assert is_questionnaire_open(world.office, case)
    assert counted(world) == {}


def test_not_before_the_outcome(world: CaseWorld) -> None:
    case = world.submitted()
    assert not is_questionnaire_open(world.office, case)
    with pytest.raises(Mistake):
        answer_questionnaire(world.office, world.site, case, BOTH)


def test_after_a_refusal_too(world: CaseWorld, case: Case) -> None:
    case.state = CaseState.REFUSED
    assert is_questionnaire_open(world.office, case)


def test_pressed_twice_at_the_same_time(
    connect: Callable[[], CaseWorld], case: Case, world: CaseWorld
) -> None:
    world.commit()

    def answer(other: CaseWorld) -> str:
        theirs = other.site["cases"][case.reference]
        answer_questionnaire(other.office, other.site, theirs, BOTH)
        return "counted"

    results = together([connect(), connect()], answer)
    assert sorted(result.startswith("counted") for result in results) == [False, True]
    assert any("Decided" in result for result in results)
    world.commit()
    assert counted(world) == {"quality/satisfied": 1, "accessibility/partly": 1}


def test_no_name_stands_at_the_transaction(world: CaseWorld, case: Case, database: DB) -> None:
    transaction = world.manager.get()
    transaction.user, transaction.description = case.account, f"/cases/{case.reference}/questionnaire"
    answer_questionnaire(world.office, world.site, case, BOTH)
    *_earlier, last = database.storage.iterator()
    assert (last.user, last.description) == (b"", b"")


def answer(world: CaseWorld, month: str, service: str = "medical-licence", **numbers: int) -> None:
    counts = {name.replace("_", "/"): number for name, number in numbers.items()}
    world.site.statistics.answers.add(Cell(service, "portal", month), counts)


def shown(world: CaseWorld, month: int = 9) -> list[tuple[str, str, str, dict[str, int]]]:
    office = replace(world.office, clock=lambda: datetime(2026, month, 1, 12, tzinfo=UTC))
    return [
        (each.indicator, each.first, each.last, dict(each.answers)) for each in opinions(office, world.site)
    ]


def test_five_answers_of_a_month_that_is_over_are_shown(world: CaseWorld) -> None:
    answer(world, "2026-06", quality_satisfied=4, quality_partly=1)
    told = [("quality", "2026-06", "2026-06", {"satisfied": 4, "partly": 1})]
    assert shown(world, month=6) == []
    assert shown(world, month=7) == told


def test_fewer_wait_for_the_months_after(world: CaseWorld) -> None:
    answer(world, "2026-05", quality_satisfied=4, accessibility_satisfied=5)
    answer(world, "2026-06", quality_partly=1, accessibility_partly=4)
    answer(world, "2026-07", quality_partly=2)
    assert shown(world) == [
        ("quality", "2026-05", "2026-06", {"satisfied": 4, "partly": 1}),
        ("accessibility", "2026-05", "2026-05", {"satisfied": 5}),
    ]


def test_what_is_not_shown_is_in_no_sum_either(world: CaseWorld) -> None:
    answer(world, "2026-06", quality_satisfied=5)
    answer(world, "2026-06", service="clinic-attachment", quality_partly=4)
    office = replace(world.office, clock=lambda: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=12))
    indicators = read_indicators(office, world.site)
    assert indicators.answers("quality") == {"satisfied": 5}
    assert indicators.narrowed(service="clinic-attachment").answers("quality") == {}


def test_the_code_on_a_receipt_opens_the_questions_of_a_request_made_in_person(
    world: CaseWorld, case: Case
) -> None:
    assert case.number is not None
    code = case.documents["request"].sha256[:12]

    def found(number: str = case.number, code: str = code) -> Case | None:
        return find_by_code(world.office, world.site, number, code)

    assert found() is None, "of the portal: its applicant has an account"
    case.received_by = case.provider
    assert found() is found(code=code.upper()) is case
    for wrong in ("", code[:-1], code + "0", "0" * 12, case.documents["request"].sha256, "кириллица"):
        assert found(code=wrong) is None
    assert found(number="2026-000009-00") is None
    case.state = CaseState.IN_REVIEW
    assert found() is None, "not answered yet"
    case.state = CaseState.ISSUED
    world.commit()
    answer_questionnaire(world.office, world.site, case, BOTH)
    assert found() is None, "once"
