"""A service whose applicant has at most one outcome in force."""

import pytest
from tests.factories import PAGES, PASSWORD
from tests.worlds import CaseWorld

from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.outcomes.decide_case import refuse_case
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.content import Account, Case
from egovdocs.sandbox.authority import IssuedKey
from egovdocs.signing import Role

FORM = {
    "applicant": PAGES["applicant"],
    "choice": {"clinic": "akbota", "reason": "first"},
    "contacts": PAGES["contacts"],
    "declarations": {"truthful": True, "oneClinic": True, "personalData": True},
}


class Clinic:
    """The polyclinics and who attaches people there."""

    def __init__(self, world: CaseWorld) -> None:
        self.world = world
        self.bin = world.office.service("clinic-attachment").provider.bin
        self.physician = world.staff("physician", "officer", "signatory", provider=self.bin)
        self.key = world.keys.employee("ГЛАВНАЯ ГУЛЬНАРА", self.bin, Role.FIRST_HEAD)

    def decided(self, account: Account, key: IssuedKey, *, granted: bool = True) -> Case:
        world, office, site = self.world, self.world.office, self.world.site
        log_in(office, site, account.login, PASSWORD)
        world.tick()
        case = open_case(office, site, account, "clinic-attachment", "attach")
        for page, values in FORM.items():
            assert save_page(office, case, page, values) == ()
        world.tick()
        world.submit(case, key)
        claim_case(office, site, case, self.physician)
        world.tick()
        if granted:
            world.grant(case, self.physician)
        else:
            refuse_case(office, site, case, self.physician, ["no-room"], "Мест нет.")
        return world.issue(case, self.physician, self.key)

    def superseded(self, case: Case) -> bool:
        data = case.documents["outcome"].data
        finding = examine_document(self.world.office, self.world.site, data)
        assert finding.verdict is Verdict.GENUINE
        return finding.superseded


@pytest.fixture
def clinic(world: CaseWorld) -> Clinic:
    return Clinic(world)


def test_a_new_outcome_takes_the_place_of_the_former(world: CaseWorld, clinic: Clinic) -> None:
    account = world.register(world.keys.applicant)
    cases = [clinic.decided(account, world.keys.applicant) for _time in range(3)]
    assert [case.superseded_by for case in cases] == [cases[1].reference, cases[2].reference, None]
    assert [clinic.superseded(case) for case in cases] == [True, True, False]


def test_a_refusal_and_anothers_outcome_leave_it_in_force(world: CaseWorld, clinic: Clinic) -> None:
    account, another = world.register(world.keys.applicant), world.register(world.keys.another)
    first = clinic.decided(account, world.keys.applicant)
    clinic.decided(account, world.keys.applicant, granted=False)
    clinic.decided(another, world.keys.another)
    assert first.superseded_by is None
    assert not clinic.superseded(first)
