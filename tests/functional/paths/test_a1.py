"""Table A1: a licence, a reissue or a duplicate through the portal, for a person or an organisation.

Registration and log-in are the portal's, whatever is asked for then.
"""

from __future__ import annotations

import pytest
from tests.functional.paths.conftest import Went, everybody, everything
from tests.functional.paths.walking import Applicant, Crossroads
from tests.worlds import steps

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import UnexpectedResponse

BEGUN = "P1 C1+"
FILLED = f"{BEGUN} P3 P4"
PAID = f"{FILLED} C2+"
SIGNED = f"{PAID} P6 C3+ P8 P9"
WRONG_KEYS = {"natural": ("revoked", "revoked"), "legal": ("signatory", "The certificate belongs to")}


@pytest.fixture
def applicant(town: Crossroads, kind: str, action: str) -> Applicant:
    return Applicant(town, "A1", kind, action)


@everybody
def test_a1_registration_p1(applicant: Applicant, town: Crossroads, went: Went) -> None:
    before = len(town.logins(applicant.login))
    newcomer = town.register(applicant.key)
    went(steps(town.logins(applicant.login)[before:]), "registration P1 C1+")
    assert applicant.identifier in newcomer.open("/account").text


@everybody
def test_a1_c1_no_p2(applicant: Applicant, town: Crossroads, went: Went) -> None:
    town.register(applicant.key)
    before = len(town.logins(applicant.login))
    assert "login or the password" in town.refused_login(applicant.login).text
    went(steps(town.logins(applicant.login)[before:]), "P1 C1- P2")


@everybody
@everything
def test_a1_c1_yes_p3(applicant: Applicant, town: Crossroads, went: Went) -> None:
    town.register(applicant.key)
    town.log_in(applicant.login)
    went(scenario.journal_path(applicant.open()), f"{BEGUN} (P3)")


@everybody
@everything
def test_a1_c2_no_p5(applicant: Applicant, went: Went) -> None:
    refused = applicant.unpaid()
    assert "P5" in refused.text
    assert "has not been paid" in refused.text
    case = applicant.visitor.open(scenario.case_url(refused))
    went(scenario.journal_path(case), f"{FILLED} C2- P5")


@everybody
def test_a1_c2_no_p5_cancelled_at_the_bank(applicant: Applicant, went: Went) -> None:
    check = applicant.draft()
    visitor = applicant.visitor
    bank = visitor.submit(visitor.open(f"{scenario.case_url(check)}/payment"), "/payment")
    for _time in range(2):
        page = visitor.submit(bank, "/cancel")
        assert "You cancelled the payment" in page.text
        went(scenario.journal_path(visitor.open(scenario.case_url(check))), f"{FILLED} C2- P5")
    scenario.pay_fee(visitor, check)
    case = visitor.open(scenario.case_url(check))
    assert scenario.journal_path(case) == f"{FILLED} C2- P5 P4 C2+"


@everybody
@everything
def test_a1_c2_yes_p6(applicant: Applicant, went: Went) -> None:
    paid = applicant.paid()
    applicant.visitor.submit(paid, "/sign")
    case = applicant.visitor.open(scenario.case_url(paid))
    went(scenario.journal_path(case), f"{PAID} (P6)")


@everybody
@everything
def test_a1_c3_no_p7(applicant: Applicant, town: Crossroads, went: Went) -> None:
    paid = applicant.paid()
    key, reason = WRONG_KEYS[applicant.kind]
    with pytest.raises(UnexpectedResponse, match=reason):
        scenario.sign_request(applicant.visitor, paid, town.key(key))
    case = applicant.visitor.open(scenario.case_url(paid))
    went(scenario.journal_path(case), f"{PAID} P6 C3- P7")


@everybody
@everything
def test_a1_c3_yes_p8(applicant: Applicant, went: Went) -> None:
    case = applicant.registered()
    went(scenario.journal_path(case), f"{SIGNED} (C4)")
    applicant.document(case, "request")
    applicant.check_receipt(case)


@everybody
@everything
def test_a1_c4_no_p10(applicant: Applicant, went: Went) -> None:
    case = applicant.refused()
    went(scenario.journal_path(case), f"{SIGNED} C4- P10")
    applicant.check_refusal(case)


@everybody
@everything
def test_a1_c4_yes_p11(applicant: Applicant, went: Went) -> None:
    case = applicant.granted()
    went(scenario.journal_path(case), f"{SIGNED} C4+ P11")
    applicant.check_limit(case)
    applicant.check_licence(case)
