"""Table A3: a licence, a reissue or a duplicate, asked of an operator of a public service centre."""

from __future__ import annotations

import pytest
from tests.casework.conftest import World
from tests.functional.paths.conftest import Went, everybody, everything
from tests.functional.paths.walking import InPerson

from egovdocs import casework
from egovdocs.content import CaseState

BEGUN = "P1 P2 P3"
REGISTERED = f"{BEGUN} C1+ P5 P6 P7"


@pytest.fixture
def visitor(world: World, register_entries: None, kind: str, action: str) -> InPerson:
    return InPerson(world, kind, action, "medical-licence", "centre")


@everybody
@everything
def test_a3_c1_no_p4(visitor: InPerson, world: World, went: Went) -> None:
    case = visitor.receive(known=False)
    with pytest.raises(casework.Refusal, match="knows") as refused:
        casework.look_up_applicant(world.office, world.site, case)
    assert refused.value.step == "P4"
    went(case.journal, f"{BEGUN} C1- P4")
    assert (case.state, case.number) == (CaseState.CLOSED, None)


@everybody
@everything
def test_a3_c1_yes_p5(visitor: InPerson, went: Went) -> None:
    case = visitor.registered()
    went(case.journal, f"{REGISTERED} (C2)")
    assert {entry.actor for entry in case.journal if entry.unit == "operator"} == {"receiving-operator"}


@pytest.mark.parametrize("kind", ["legal"], indirect=True)
def test_a3_c1_no_p4_without_a_power_of_attorney(visitor: InPerson, world: World, went: Went) -> None:
    visitor.power = "2026-2"
    case = visitor.receive()
    with pytest.raises(casework.Refusal, match="no such power") as refused:
        casework.look_up_applicant(world.office, world.site, case)
    assert refused.value.step == "P4"
    went(case.journal, f"{BEGUN} C1- P4")


@pytest.mark.parametrize("kind", ["legal"], indirect=True)
def test_a3_c1_yes_p5_by_a_representative(visitor: InPerson, went: Went) -> None:
    visitor.power = "2026-1"
    case = visitor.registered()
    went(case.journal, f"{REGISTERED} (C2)")
    assert case.values["representative"]["power"] == "2026-1"


@everybody
@everything
def test_a3_c2_no_p8(visitor: InPerson, world: World, went: Went) -> None:
    case = visitor.refused()
    went(case.journal, f"{REGISTERED} C2- P8")
    assert case.state is CaseState.REFUSED
    assert world.is_genuine(case.documents["refusal"].data)


@everybody
@everything
def test_a3_c2_yes_p9(visitor: InPerson, world: World, action: str, went: Went) -> None:
    case = visitor.handed_out()
    went(case.journal, f"{REGISTERED} C2+ P9")
    assert case.journal[-1].limit == {"issue": 15, "reissue": 10, "duplicate": 2}[action]
    licence = world.site["licences"][case.licence]
    assert (licence.holder, licence.kind) == (case.applicant, visitor.kind)
    assert licence.duplicates == int(action == "duplicate")
    assert (licence.replaces is None) is (action == "issue")
    for kind in ("request", "outcome"):
        assert world.is_genuine(case.documents[kind].data)
    assert case.handed_out is not None
