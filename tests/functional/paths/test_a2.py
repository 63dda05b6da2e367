"""Table A2: a licence, a reissue or a duplicate, asked of an officer of the provider."""

from __future__ import annotations

import pytest
from tests.functional.paths.conftest import Went, everybody, everything
from tests.functional.paths.walking import Crossroads, InPerson
from tests.worlds import steps

from egovdocs.sandbox import scenario

BEGUN = "P1 C1+ P3 P4"
REGISTERED = f"{BEGUN} C2+ P6 P7"


@pytest.fixture
def visitor(town: Crossroads, kind: str, action: str) -> InPerson:
    return InPerson(town, "A2", kind, action)


def test_a2_c1_no_p2(visitor: InPerson, town: Crossroads, went: Went) -> None:
    before = len(town.logins(visitor.login))
    assert "login or the password" in town.refused_login(visitor.login).text
    went(steps(town.logins(visitor.login)[before:]), "P1 C1- P2")


def test_a2_c1_yes_p3(visitor: InPerson, town: Crossroads, went: Went) -> None:
    town.log_in(visitor.login)
    went(scenario.journal_path(visitor.open()), f"{BEGUN} C2+ (P6)")


@everybody
@everything
def test_a2_c2_no_p5(visitor: InPerson, went: Went) -> None:
    assert "P5: The" in visitor.unknown().text
    went(scenario.journal_path(visitor.newest()), f"{BEGUN} C2- P5")


@everybody
@everything
def test_a2_c2_yes_p6(visitor: InPerson, went: Went) -> None:
    check = visitor.draft()
    case = visitor.visitor.open(scenario.case_url(check))
    went(scenario.journal_path(case), f"{BEGUN} C2+ (P6)")


@everybody
@everything
def test_a2_c3_no_p8(visitor: InPerson, went: Went) -> None:
    case = visitor.refused()
    went(scenario.journal_path(case), f"{REGISTERED} C3- P8")
    visitor.check_refusal(case)


@everybody
@everything
def test_a2_c3_yes_p9(visitor: InPerson, went: Went) -> None:
    case = visitor.handed_out()
    went(scenario.journal_path(case), f"{REGISTERED} C3+ P9")
    visitor.check_receipt(case)
    visitor.check_limit(case)
    visitor.check_licence(case)
    assert "Handed over at" in case.text
