"""Table A2: a licence, a reissue or a duplicate, asked of an officer of the provider."""

from __future__ import annotations

import pytest
from tests.casework.conftest import World
from tests.functional.paths.conftest import Went, everybody, everything
from tests.functional.paths.walking import InPerson

from egovdocs import casework
from egovdocs.content import CaseState

BEGUN = "P1 C1+ P3 P4"
REGISTERED = f"{BEGUN} C2+ P6 P7"


@pytest.fixture
def visitor(world: World, register_entries: None, kind: str, action: str) -> InPerson:
    return InPerson(world, kind, action, "medical-licence", "provider")


def test_a2_c1_no_p2(visitor: InPerson, world: World, went: Went) -> None:
    officer = world.staff("officer", "officer", provider=visitor.provider)
    with pytest.raises(casework.Refusal) as refused:
        casework.log_in(world.office, world.site, officer.login, "another password")
    assert refused.value.step == "P2"
    went(officer.journal, "P1 C1- P2")


def test_a2_c1_yes_p3(visitor: InPerson, went: Went) -> None:
    officer = visitor.receiver()
    went(visitor.receive().journal, "P1 C1+ P3 (P4)")
    assert {entry.unit for entry in officer.journal} == {"officer", "licence-register"}


@everybody
@everything
def test_a2_c2_no_p5(visitor: InPerson, world: World, went: Went) -> None:
    case = visitor.receive(known=False)
    with pytest.raises(casework.Refusal, match="knows") as refused:
        casework.look_up_applicant(world.office, world.site, case)
    assert refused.value.step == "P5"
    went(case.journal, f"{BEGUN} C2- P5")
    assert (case.state, case.number) == (CaseState.CLOSED, None)


@everybody
@everything
def test_a2_c2_yes_p6(visitor: InPerson, went: Went) -> None:
    case = visitor.draft()
    went(case.journal, f"{BEGUN} C2+ (P6)")
    assert case.papers == tuple(attachment.kind for attachment in case.attachments)


@everybody
@everything
def test_a2_c3_no_p8(visitor: InPerson, world: World, went: Went) -> None:
    case = visitor.refused()
    went(case.journal, f"{REGISTERED} C3- P8")
    assert case.state is CaseState.REFUSED
    assert world.is_genuine(case.documents["refusal"].data)


@everybody
@everything
def test_a2_c3_yes_p9(visitor: InPerson, world: World, action: str, went: Went) -> None:
    case = visitor.handed_out()
    went(case.journal, f"{REGISTERED} C3+ P9")
    assert case.journal[-1].limit == {"issue": 15, "reissue": 10, "duplicate": 2}[action]
    licence = world.site["licences"][case.licence]
    assert (licence.holder, licence.kind) == (case.applicant, visitor.kind)
    assert licence.duplicates == int(action == "duplicate")
    assert (licence.replaces is None) is (action == "issue")
    for kind in ("request", "outcome"):
        assert world.is_genuine(case.documents[kind].data)
    assert case.handed_out is not None
