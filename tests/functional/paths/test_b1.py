"""Table B1: attachment to a clinic through the portal, which is for natural persons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.casework.conftest import PASSWORD, World
from tests.functional.paths.conftest import Went, a_person, attaching
from tests.functional.paths.walking import Applicant

from egovdocs import casework
from egovdocs.content import CaseState

SERVICE = "clinic-attachment"

BEGUN = "P1 C1+"
SIGNED = f"{BEGUN} P3 C2+ P5 P6"


@pytest.fixture
def applicant(world: World, kind: str, action: str) -> Applicant:
    return Applicant(world, kind, action, SERVICE)


@pytest.fixture(autouse=True)
def _the_only_service(world: World) -> None:
    """Applicants register and log in by the table of the site's first service: let it be this one."""
    world.office = replace(world.office, services={SERVICE: world.office.services[SERVICE]})


@a_person
def test_b1_registration_p1(applicant: Applicant, went: Went) -> None:
    account = applicant.register()
    went(account.journal, "registration P1 C1+")


@a_person
def test_b1_c1_no_p2(applicant: Applicant, world: World, went: Went) -> None:
    account = applicant.register()
    with pytest.raises(casework.Refusal) as refused:
        casework.log_in(world.office, world.site, account.login, "another password")
    assert refused.value.step == "P2"
    went(account.journal, "registration P1 C1+ P1 C1- P2")


@a_person
@attaching
def test_b1_c1_yes_p3(applicant: Applicant, world: World, went: Went) -> None:
    account = applicant.register()
    casework.log_in(world.office, world.site, account.login, PASSWORD)
    world.tick()
    case = casework.open_case(world.office, world.site, account, SERVICE, applicant.action)
    went(case.journal, f"{BEGUN} (P3)")


@a_person
@attaching
def test_b1_c2_no_p4(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.draft()
    with pytest.raises(casework.Refusal, match="expired") as refused:
        world.submit(case, world.keys.expired)
    assert refused.value.step == "P4"
    went(case.journal, f"{BEGUN} P3 C2- P4")
    assert case.number is None


@a_person
@attaching
def test_b1_c2_yes_p5(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.registered()
    went(case.journal, f"{SIGNED} (C3)")
    assert case.deadline == world.office.calendar.deadline(case.registered_at, 1)
    assert case.provider == world.office.service(SERVICE).provider.bin


@a_person
@attaching
def test_b1_c3_no_p7(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.refused()
    went(case.journal, f"{SIGNED} C3- P7")
    assert case.state is CaseState.REFUSED
    assert world.is_genuine(case.documents["refusal"].data)


@a_person
@attaching
def test_b1_c3_yes_p8(applicant: Applicant, world: World, went: Went) -> None:
    case = applicant.granted()
    went(case.journal, f"{SIGNED} C3+ P8")
    assert case.journal[-1].limit == 1
    assert world.is_genuine(case.documents["outcome"].data)
