"""Table A3: a licence, a reissue or a duplicate, asked of an operator of a public service centre."""

from __future__ import annotations

import pytest
from tests.functional.paths.conftest import Went, everybody, everything
from tests.functional.paths.walking import Crossroads, InPerson

from egovdocs.sandbox import scenario
from egovdocs.sandbox.all_procedures import DESKS

BEGUN = "P1 P2 P3"
REGISTERED = f"{BEGUN} C1+ P5 P6 P7"
POWER = DESKS["A3"].fields


@pytest.fixture
def visitor(town: Crossroads, kind: str, action: str) -> InPerson:
    return InPerson(town, "A3", kind, action)


@everybody
@everything
def test_a3_c1_no_p4(visitor: InPerson, went: Went) -> None:
    assert "P4: The" in visitor.unknown().text
    went(scenario.journal_path(visitor.newest()), f"{BEGUN} C1- P4")


@everybody
@everything
def test_a3_c1_yes_p5(visitor: InPerson, went: Went) -> None:
    case = visitor.registered()
    went(scenario.journal_path(case), f"{REGISTERED} (C2)")
    request = visitor.document(case, "request")
    assert request.findtext("{*}reception/{*}name") == "Сейітова Аружан Бекболатқызы"


@pytest.mark.parametrize("kind", ["legal"], indirect=True)
def test_a3_c1_no_p4_without_a_power_of_attorney(visitor: InPerson, went: Went) -> None:
    visitor.told = {**POWER, "power": "2026-2"}
    refused = visitor.receive(visitor.identifier, expect=403)
    assert "P4: The notary register has no such power" in refused.text
    went(scenario.journal_path(visitor.newest()), f"{BEGUN} C1- P4")


@pytest.mark.parametrize("kind", ["legal"], indirect=True)
def test_a3_c1_yes_p5_by_a_representative(visitor: InPerson, went: Went) -> None:
    visitor.told = dict(POWER)
    case = visitor.registered()
    went(scenario.journal_path(case), f"{REGISTERED} (C2)")
    request = visitor.document(case, "request")
    assert request.findtext("{*}representative/{*}power") == POWER["power"]


@everybody
@everything
def test_a3_c2_no_p8(visitor: InPerson, went: Went) -> None:
    case = visitor.refused()
    went(scenario.journal_path(case), f"{REGISTERED} C2- P8")
    visitor.check_refusal(case)


@everybody
@everything
def test_a3_c2_yes_p9(visitor: InPerson, went: Went) -> None:
    case = visitor.handed_out()
    went(scenario.journal_path(case), f"{REGISTERED} C2+ P9")
    visitor.check_receipt(case)
    visitor.check_limit(case)
    visitor.check_licence(case)
    assert "Handed over at" in case.text
