"""A service that is a folder alone, free and with a table of its own, goes the whole way."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.factories import PAGES, PASSWORD, START
from tests.worlds import CaseWorld, steps

from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.payments.pay_fee import amount_due, start_payment
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.content import Case, CaseState
from egovdocs.schemas import Services, load_services
from egovdocs.schemas.identifiers import is_request_number
from egovdocs.signing import Role

POLYCLINIC = "950341000052"


@pytest.fixture(scope="session")
def services() -> Services:
    return load_services(Path(__file__).parents[1] / "schemas" / "services")


def draft(world: CaseWorld) -> Case:
    account = world.register(world.keys.applicant)
    log_in(world.office, world.site, account.login, PASSWORD)
    world.tick()
    case = open_case(world.office, world.site, account, "no-debt-certificate", "issue")
    for page in ("applicant", "contacts"):
        assert save_page(world.office, case, page, PAGES[page]) == ()
    world.tick()
    return case


def test_from_the_form_to_the_verified_certificate(world: CaseWorld) -> None:
    case = draft(world)
    assert amount_due(world.office, case) == 0
    with pytest.raises(Mistake, match="nothing to pay"):
        start_payment(world.office, world.site, case)
    world.submit(case, world.keys.applicant)
    assert steps(case.journal) == "P1 C1+ P3 P4 C2+ P6 P7 (C3)"
    assert case.deadline == world.office.calendar.add_working_days(START.date(), 3)

    officer = world.staff("officer", "officer", "signatory", provider=POLYCLINIC)
    claim_case(world.office, world.site, case, officer)
    world.tick()
    world.grant(case, officer)
    world.issue(case, officer, world.keys.employee("ГЛАВНАЯ ГУЛЬНАРА", POLYCLINIC, Role.FIRST_HEAD))
    assert case.state is CaseState.ISSUED
    assert steps(case.journal).endswith("P7 C3+ P9")
    certificate = world.office.service("no-debt-certificate").outcome.read(read_document(case, "outcome"))
    assert is_request_number(certificate["number"])
    assert case.licence is None
    assert list(world.site["licences"]) == []
    assert world.is_genuine(case.documents["outcome"].data)


def test_its_refusal_of_a_signature_has_its_own_number(world: CaseWorld) -> None:
    policy = world.keys.policy(world.keys.applicant)
    case = draft(world)
    world.office = replace(world.office, policy=lambda: policy)
    with pytest.raises(Refusal, match="revoked") as refused:
        world.submit(case, world.keys.applicant)
    assert refused.value.step == "P5"
    assert steps(case.journal) == "P1 C1+ P3 P4 C2- P5"


def test_it_is_for_natural_persons_only(world: CaseWorld) -> None:
    company = world.register(world.keys.company)
    with pytest.raises(Mistake, match="for other applicants"):
        open_case(world.office, world.site, company, "no-debt-certificate", "issue")
