"""Each refusal of table A1, over real HTTP: what is said, and how it goes on."""

from __future__ import annotations

import pytest
from tests.functional.conftest import unseen

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import UnexpectedResponse


def test_a1_c1_no_p2_a_wrong_password_is_refused_and_told_nothing_more(town):
    for login in ("120540000567", "000000000000"):
        page = town.visitor().open("/login")
        refused = town.visitor()
        answer = refused.submit(
            refused.open(page.url), "password", {"login": login, "password": "wrong"}, expect=403
        )
        assert "login or the password" in answer.text
        assert refused.open("/account", expect=200).url.endswith("next=%2Faccount") or "login" in answer.url


def test_a1_c2_no_p5_no_payment_no_signing(town):
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    case = scenario.case_url(check)
    refused = applicant.submit(unseen(applicant, f"{case}/sign"), "/sign", expect=403)
    assert "fee" in refused.text
    # The draft is kept, and the applicant may begin again at P4; the journal keeps both attempts.
    scenario.pay_fee(applicant, check)
    registered = scenario.sign_request(applicant, check, town.key("applicant"))
    steps = scenario.journal_steps(registered)
    assert steps[: steps.index("P6")] == ["P1", "C1", "P3", "P4", "C2", "P5", "P4", "C2"]


@pytest.mark.parametrize(
    ("key", "reason"),
    [("expired", "expired"), ("revoked", "revoked"), ("stranger", "The certificate belongs to")],
)
def test_a1_c3_no_p7_the_signature_is_not_confirmed(town, key, reason):
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    scenario.pay_fee(applicant, check)
    with pytest.raises(UnexpectedResponse) as refused:
        scenario.sign_request(applicant, check, town.key(key))
    assert reason in str(refused.value)
    # A second attempt with the right key succeeds; the journal keeps both.
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    steps = scenario.journal_steps(case)
    assert steps[steps.index("P7") - 2 : steps.index("P7") + 1] == ["P6", "C3", "P7"]
    assert steps[-5:] == ["P6", "C3", "P8", "P9", "C4"]


@pytest.mark.parametrize("key", ["employee", "stranger"])
def test_only_who_may_sign_for_the_provider_signs(town, key):
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    scenario.pay_fee(applicant, check)
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    officer, signatory = town.logged_in("officer"), town.logged_in("signatory")
    granted = scenario.review_case(officer, scenario.request_number(case))
    with pytest.raises(UnexpectedResponse):
        scenario.sign_outcome(signatory, granted, town.key(key))
    scenario.sign_outcome(signatory, granted, town.key("signatory"))
    assert scenario.journal_steps(applicant.open(case.url))[-2:] == ["C4", "P11"]
