from datetime import timedelta
from types import MappingProxyType

import pytest
from tests.factories import START
from tests.worlds import steps

from egovdocs.casework.procedures import OutOfOrder, ProcedureRun
from egovdocs.content import JournalEntry
from egovdocs.schemas import Action, Limit, Procedure, Step, Text

NOTHING = Text("", "", "")
MINUTE = timedelta(minutes=1)


def row(number: str, does: str, **following: str) -> Step:
    return Step(
        number=number,
        kind="condition" if number.startswith("C") else "process",
        unit="portal",
        unit_title=NOTHING,
        text=NOTHING,
        limit=Limit(by_action=True) if number == "P8" else Limit(most=MINUTE),
        next=MappingProxyType(following),
        does=tuple(does.split()),
    )


def table(*rows: Step) -> Procedure:
    return Procedure("B1", "portal", NOTHING, MappingProxyType({step.number: step for step in rows}))


B1 = table(
    row("registration", "registration", done="P1"),
    row("P1", "login", done="C1"),
    row("C1", "check-login", no="P2", yes="P3"),
    row("P2", "refuse-login", done="end"),
    row("P3", "form certificate", done="C2"),
    row("C2", "check-certificate", no="P4", yes="P5"),
    row("P4", "refuse-certificate", done="end"),
    row("P5", "sign send", done="P6"),
    row("P6", "register", done="C3"),
    row("C3", "review", no="P7", yes="P8"),
    row("P7", "refuse", done="end"),
    row("P8", "grant", done="end"),
)
ISSUE = Action("issue", NOTHING, 15, None)


@pytest.fixture
def journal() -> list[JournalEntry]:
    return []


@pytest.fixture
def walk(journal: list[JournalEntry]) -> ProcedureRun:
    return ProcedureRun(B1, journal, ISSUE)


def to_form(walk: ProcedureRun) -> None:
    walk.enter("login", START, "me")
    walk.answer_condition("check-login", True, START, "me")
    walk.enter("form", START + MINUTE, "me")


def test_entering_a_step_ends_the_one_before(walk: ProcedureRun, journal: list[JournalEntry]) -> None:
    to_form(walk)
    assert [(e.step, e.started, e.ended) for e in journal] == [
        ("P1", START, START),
        ("C1", START, START),
        ("P3", START + MINUTE, None),
    ]
    assert (journal[-1].unit, journal[-1].actor, journal[-1].limit) == ("portal", "me", MINUTE)
    walk.enter("form", START + 2 * MINUTE, "me")
    assert len(journal) == 3


def test_one_step_may_do_two_things(walk: ProcedureRun, journal: list[JournalEntry]) -> None:
    to_form(walk)
    walk.enter("certificate", START, "me")
    assert steps(journal) == "P1 C1+ (P3)"
    assert walk.is_at("form")
    assert walk.is_at("certificate")
    assert not walk.is_at("sign")


def test_a_table_without_the_step_is_walked_past(walk: ProcedureRun, journal: list[JournalEntry]) -> None:
    to_form(walk)
    walk.enter("payment", START, "me")
    walk.answer_condition("check-payment", True, START, "me")
    assert walk.carry_out("refuse-payment", START, "me") == ""
    assert not walk.is_at("payment")
    assert steps(journal) == "P1 C1+ (P3)"


def test_no_step_is_left_out(walk: ProcedureRun) -> None:
    to_form(walk)
    for does in ("sign", "register", "review", "grant"):
        with pytest.raises(OutOfOrder):
            ProcedureRun(B1, list(walk.journal), ISSUE).enter(does, START, "me")


def test_an_ended_attempt_may_be_begun_anew(walk: ProcedureRun, journal: list[JournalEntry]) -> None:
    to_form(walk)
    walk.answer_condition("check-certificate", False, START, "me")
    assert walk.carry_out("refuse-certificate", START, note="expired") == "P4"
    assert walk.step is None
    assert journal[-1].note == "expired"
    walk.enter("certificate", START, "me")
    walk.answer_condition("check-certificate", True, START, "me")
    walk.enter("sign", START, "me")
    walk.enter("certificate", START, "me")  # on second thoughts
    assert steps(journal) == "P1 C1+ P3 C2- P4 P3 C2+ P5? (P3)"


def test_what_is_registered_stays_so(walk: ProcedureRun, journal: list[JournalEntry]) -> None:
    to_form(walk)
    walk.answer_condition("check-certificate", True, START, "me")
    walk.enter("sign", START, "me")
    walk.enter("register", START, "me")
    walk.enter("review", START, "officer")
    for does in ("form", "sign", "register"):
        with pytest.raises(OutOfOrder):
            ProcedureRun(B1, list(journal), ISSUE).enter(does, START, "me")
    walk.answer_condition("review", True, START, "officer")
    walk.enter("grant", START, "officer")
    walk.enter("review", START, "officer")
    walk.answer_condition("review", False, START, "officer")
    walk.carry_out("refuse", START, "officer")
    assert steps(journal) == "P1 C1+ P3 C2+ P5 P6 C3+ P8? C3- P7"
    with pytest.raises(OutOfOrder):
        walk.enter("grant", START, "officer")


def test_limits_in_working_days_are_the_actions() -> None:
    journal: list[JournalEntry] = []
    ProcedureRun(B1, journal, ISSUE).enter("grant", START, "officer")
    assert journal[0].limit == 15


def test_an_event_the_step_does_not_know(walk: ProcedureRun) -> None:
    with pytest.raises(OutOfOrder):
        walk.leave(START)
    walk.enter("login", START, "me")
    with pytest.raises(OutOfOrder):
        walk.leave(START, "yes")
