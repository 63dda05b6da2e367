"""Table B2: attachment to a clinic, asked of an officer of the provider."""

from __future__ import annotations

import pytest
from tests.functional.paths.conftest import Went, a_person, attaching
from tests.functional.paths.walking import Crossroads, InPerson

from egovdocs.sandbox import scenario

BEGUN = "P1 P2 P3"
REGISTERED = f"{BEGUN} C1+ P5 P6"


@pytest.fixture
def visitor(town: Crossroads, kind: str, action: str) -> InPerson:
    return InPerson(town, "B2", kind, action)


@a_person
@attaching
def test_b2_c1_no_p4(visitor: InPerson, went: Went) -> None:
    assert "P4: The" in visitor.unknown().text
    went(scenario.journal_path(visitor.newest()), f"{BEGUN} C1- P4")


@a_person
@attaching
def test_b2_c1_yes_p5(visitor: InPerson, went: Went) -> None:
    case = visitor.registered()
    went(scenario.journal_path(case), f"{REGISTERED} (C2)")
    assert visitor.document(case, "request").findtext("{*}reception/{*}name") == "Ермекова Динара Асқарқызы"


@a_person
@attaching
def test_b2_c2_no_p7(visitor: InPerson, went: Went) -> None:
    case = visitor.refused()
    went(scenario.journal_path(case), f"{REGISTERED} C2- P7")
    visitor.check_refusal(case)


@a_person
@attaching
def test_b2_c2_yes_p8(visitor: InPerson, went: Went) -> None:
    former, case = visitor.granted(), visitor.handed_out()
    went(scenario.journal_path(case), f"{REGISTERED} C2+ P8")
    visitor.check_limit(case)
    visitor.document(case, "outcome")
    assert "Handed over at" in case.text
    assert "A later document has taken its place" in visitor.visitor.open(former.url).text
