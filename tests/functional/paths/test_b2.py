"""Table B2: attachment to a clinic, asked of an officer of the provider."""

from __future__ import annotations

import pytest
from tests.casework.conftest import World
from tests.functional.paths.conftest import Went, a_person, attaching
from tests.functional.paths.walking import InPerson

from egovdocs import casework
from egovdocs.content import CaseState

BEGUN = "P1 P2 P3"
REGISTERED = f"{BEGUN} C1+ P5 P6"


@pytest.fixture
def visitor(world: World, register_entries: None, kind: str, action: str) -> InPerson:
    return InPerson(world, kind, action, "clinic-attachment", "provider")


@a_person
@attaching
def test_b2_c1_no_p4(visitor: InPerson, world: World, went: Went) -> None:
    case = visitor.receive(known=False)
    with pytest.raises(casework.Refusal, match="knows nobody") as refused:
        casework.look_up_applicant(world.office, world.site, case)
    assert refused.value.step == "P4"
    went(case.journal, f"{BEGUN} C1- P4")
    assert (case.state, case.number) == (CaseState.CLOSED, None)


@a_person
@attaching
def test_b2_c1_yes_p5(visitor: InPerson, went: Went) -> None:
    case = visitor.registered()
    went(case.journal, f"{REGISTERED} (C2)")
    assert {entry.actor for entry in case.journal if entry.unit == "officer"} == {"receiving-officer"}


@a_person
@attaching
def test_b2_c2_no_p7(visitor: InPerson, world: World, went: Went) -> None:
    case = visitor.refused()
    went(case.journal, f"{REGISTERED} C2- P7")
    assert case.state is CaseState.REFUSED
    assert world.is_genuine(case.documents["refusal"].data)


@a_person
@attaching
def test_b2_c2_yes_p8(visitor: InPerson, world: World, went: Went) -> None:
    former, case = visitor.granted(), visitor.handed_out()
    went(case.journal, f"{REGISTERED} C2+ P8")
    assert (case.journal[-1].limit, former.superseded_by) == (1, case.reference)
    for kind in ("request", "outcome"):
        assert world.is_genuine(case.documents[kind].data)
