"""Table A1: a licence, a reissue or a duplicate through the portal, for a person or an organisation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.casework.conftest import PASSWORD, World
from tests.functional.paths.conftest import Went, everybody, everything
from tests.functional.paths.walking import Applicant

from egovdocs import casework
from egovdocs.content import CaseState, LicenceChange, LicenceState

BEGUN = "P1 C1+"
FILLED = f"{BEGUN} P3 P4"
PAID = f"{FILLED} C2+"
SIGNED = f"{PAID} P6 C3+ P8 P9"


@pytest.fixture
def applicant(world: World, kind: str, action: str) -> Applicant:
    return Applicant(world, kind, action, "medical-licence")


@everybody
def test_a1_registration_p1(applicant: Applicant, went: Went) -> None:
    account = applicant.register()
    went(account.journal, "registration P1 C1+")
    assert account.login == account.identifier


@everybody
def test_a1_c1_no_p2(applicant: Applicant, world: World, went: Went) -> None:
    account = applicant.register()
    with pytest.raises(casework.Refusal) as refused:
        casework.log_in(world.office, world.site, account.login, "another password")
    assert refused.value.step == "P2"
    went(account.journal, "registration P1 C1+ P1 C1- P2")


@everybody
@everything
def test_a1_c1_yes_p3(applicant: Applicant, world: World, action: str, went: Went) -> None:
    account = applicant.register()
    casework.log_in(world.office, world.site, account.login, PASSWORD)
    world.tick()
    case = casework.open_case(world.office, world.site, account, "medical-licence", action)
    went(case.journal, f"{BEGUN} (P3)")


@everybody
@everything
def test_a1_c2_no_p5(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.draft()
    account = world.site["accounts"][case.account]
    with pytest.raises(casework.Refusal) as refused:
        casework.offer_request(world.office, world.site, case, account)
    assert refused.value.step == "P5"
    went(case.journal, f"{FILLED} C2- P5")
    assert case.number is None


@everybody
@everything
def test_a1_c2_yes_p6(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.paid()
    casework.offer_request(world.office, world.site, case, world.site["accounts"][case.account])
    went(case.journal, f"{PAID} (P6)")
    assert case.state is CaseState.PAID


@everybody
@everything
def test_a1_c3_no_p7(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.paid()
    policy = world.keys.policy(applicant.key)
    world.office = replace(world.office, policy=lambda: policy)
    with pytest.raises(casework.Refusal, match="revoked") as refused:
        world.submit(case, applicant.key)
    assert refused.value.step == "P7"
    went(case.journal, f"{PAID} P6 C3- P7")
    assert case.number is None


@everybody
@everything
def test_a1_c3_yes_p8(applicant: Applicant, world: World, action: str, went: Went) -> None:
    case = applicant.registered()
    went(case.journal, f"{SIGNED} (C4)")
    days = {"issue": 15, "reissue": 10, "duplicate": 2}[action]
    assert case.deadline == world.office.calendar.deadline(case.registered_at, days)
    assert {"request", "receipt"} <= set(case.documents)


@everybody
@everything
def test_a1_c4_no_p10(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.refused()
    went(case.journal, f"{SIGNED} C4- P10")
    assert case.state is CaseState.REFUSED
    assert world.is_genuine(case.documents["refusal"].data)


@everybody
@everything
def test_a1_c4_yes_p11(applicant: Applicant, world: World, action: str, went: Went) -> None:
    case = applicant.granted()
    went(case.journal, f"{SIGNED} C4+ P11")
    assert case.journal[-1].limit == {"issue": 15, "reissue": 10, "duplicate": 2}[action]
    assert world.is_genuine(case.documents["outcome"].data)
    licence = world.site["licences"][case.licence]
    assert (licence.holder, licence.kind) == (case.applicant, applicant.kind)
    assert licence.duplicates == int(action == "duplicate")
    if action != "issue":
        former = world.site["licences"][licence.replaces]
        assert (former.state, former.events[-1].document) == (LicenceState.REISSUED, licence.number)
        assert (former.events[-1].change is LicenceChange.DUPLICATED) is (action == "duplicate")
