"""Table B1: attachment to a clinic through the portal, which is for natural persons.

Registration and log-in are the portal's, whatever is asked for then.
"""

from __future__ import annotations

import pytest
from tests.functional.paths.conftest import Went, a_person, attaching
from tests.functional.paths.walking import Applicant, Crossroads
from tests.worlds import steps

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import UnexpectedResponse

BEGUN = "P1 C1+"
SIGNED = f"{BEGUN} P3 C2+ P5 P6"


@pytest.fixture
def applicant(town: Crossroads, kind: str, action: str) -> Applicant:
    return Applicant(town, "B1", kind, action)


@a_person
def test_b1_registration_p1(applicant: Applicant, town: Crossroads, went: Went) -> None:
    before = len(town.logins(applicant.login))
    newcomer = town.register(applicant.key)
    went(steps(town.logins(applicant.login)[before:]), "registration P1 C1+")
    assert applicant.identifier in newcomer.open("/account").text


@a_person
def test_b1_c1_no_p2(applicant: Applicant, town: Crossroads, went: Went) -> None:
    town.register(applicant.key)
    before = len(town.logins(applicant.login))
    assert "login or the password" in town.refused_login(applicant.login).text
    went(steps(town.logins(applicant.login)[before:]), "P1 C1- P2")


@a_person
@attaching
def test_b1_c1_yes_p3(applicant: Applicant, town: Crossroads, went: Went) -> None:
    town.register(applicant.key)
    town.log_in(applicant.login)
    went(scenario.journal_path(applicant.open()), f"{BEGUN} (P3)")


@a_person
@attaching
def test_b1_c2_no_p4(applicant: Applicant, town: Crossroads, went: Went) -> None:
    draft = applicant.draft()
    with pytest.raises(UnexpectedResponse, match="expired"):
        scenario.sign_request(applicant.visitor, draft, town.key("expired"))
    case = applicant.visitor.open(scenario.case_url(draft))
    went(scenario.journal_path(case), f"{BEGUN} P3 C2- P4")


@a_person
@attaching
def test_b1_c2_yes_p5(applicant: Applicant, went: Went) -> None:
    case = applicant.registered()
    went(scenario.journal_path(case), f"{SIGNED} (C3)")
    applicant.document(case, "request")
    applicant.check_receipt(case)


@a_person
@attaching
def test_b1_c3_no_p7(applicant: Applicant, went: Went) -> None:
    case = applicant.refused()
    went(scenario.journal_path(case), f"{SIGNED} C3- P7")
    applicant.check_refusal(case)


@a_person
@attaching
def test_b1_c3_yes_p8(applicant: Applicant, went: Went) -> None:
    case = applicant.granted()
    went(scenario.journal_path(case), f"{SIGNED} C3+ P8")
    applicant.check_limit(case)
    applicant.document(case, "outcome")
