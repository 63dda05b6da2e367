"""The rules of a service change by law: what was begun and made under the former ones goes on and holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.editions import ADDED_GROUND, FIRST, REMOVED, RENAMED, changed, write_second_edition
from tests.factories import PAGES, PASSWORD, png
from tests.worlds import CaseWorld, steps

from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.errors import Mistake, Problems
from egovdocs.casework.outcomes.order_licence import offer_order
from egovdocs.casework.payments.pay_fee import fee_of, receive_payment_notice, start_payment
from egovdocs.casework.requests.attach_file import attach_file
from egovdocs.casework.requests.carry_draft import carry_draft, questions_to_answer
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.status import status
from egovdocs.casework.requests.submit_request import offer_request
from egovdocs.casework.review.remark_case import make_remark, offer_answer
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.content import Account, Case, CaseState
from egovdocs.schemas import Services, load_services

SECOND = "2026-06-08"
BEFORE, AFTER = datetime(2026, 6, 5, 5, 0, tzinfo=UTC), datetime(2026, 6, 9, 5, 0, tzinfo=UTC)
ROOMS = {"site": [PAGES["sites"]["site"][0] | {"rooms": "3"}]}
NEW_PAGES = PAGES | {"activities": {"activity": [RENAMED[1], "general-practice"]}, "sites": ROOMS}


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    folder = tmp_path_factory.mktemp("services")
    write_second_edition(folder, SECOND)
    return load_services(folder)


@pytest.fixture
def officer(world: CaseWorld) -> Account:
    return world.staff("officer", "officer", "signatory")


@pytest.fixture
def one_service(world: CaseWorld, services: Services) -> None:
    """People log in by the medical licence's table, which is numbered anew."""
    only = Services([services["medical-licence"]], services.common)
    world.office = replace(world.office, services=only)


@pytest.fixture
def draft(world: CaseWorld) -> Case:
    """A complete draft of the last working day before the rules change."""
    world.clock.now = BEFORE
    return world.draft(world.register(world.keys.applicant))


def rules_change(world: CaseWorld) -> None:
    world.commit()
    world.clock.now = AFTER


def pay(world: CaseWorld, case: Case, amount: str) -> None:
    start_payment(world.office, world.site, case)
    world.tick()
    receive_payment_notice(world.office, world.site, world.notice(case, amount))


def submit(world: CaseWorld, case: Case) -> None:
    world.submit(case, world.keys.applicant)


def claim(world: CaseWorld, case: Case, officer: Account) -> None:
    claim_case(world.office, world.site, case, officer)
    world.tick()


def answer_remark(world: CaseWorld, case: Case, officer: Account) -> None:
    account = world.site["accounts"][case.account]
    signing = offer_answer(world.office, world.site, case, account, 1, "Приложено.")
    world.commit()
    world.sign(signing, world.keys.applicant)
    world.tick()


WAY: Mapping[str, Callable[[CaseWorld, Case, Account], Any]] = {
    "begun to pay": lambda world, case, officer: start_payment(world.office, world.site, case),
    "paid": lambda world, case, officer: receive_payment_notice(
        world.office, world.site, world.notice(case, "39320")
    ),
    "sent": lambda world, case, officer: submit(world, case),
    "under review": claim,
    "remarked": lambda world, case, officer: make_remark(
        world.office, world.site, case, officer, "Приложите договор."
    ),
    "answered": answer_remark,
    "decided": lambda world, case, officer: world.grant(case, officer),
    "issued": lambda world, case, officer: world.issue(case, officer),
}


@pytest.mark.parametrize("at", WAY)
def test_a_case_ends_in_the_edition_it_was_begun_under(
    world: CaseWorld, officer: Account, draft: Case, at: str
) -> None:
    for step, go in WAY.items():
        go(world, draft, officer)
        world.tick()
        if step == at:
            rules_change(world)
        assert carry_draft(world.office, world.site, draft)
        assert status(world.office, draft).label
    assert draft.edition == FIRST
    assert draft.state is CaseState.ISSUED
    assert steps(draft.journal) == "P1 C1+ P3 P4 C2+ P6 C3+ P8 P9 C4+ P11"
    registered = world.office.calendar.today(draft.registered_at)
    assert draft.deadline == world.office.calendar.add_working_days(registered, 15)
    outcome = world.office.edition_of(draft).outcome.read(read_document(draft, "outcome"))
    (appendix,) = outcome["appendices"]["appendix"]
    assert appendix["activities"]["activity"][0]["code"] == RENAMED[0]
    assert "rooms" not in appendix["site"]
    for kind, document in draft.documents.items():
        assert world.is_genuine(document.data), kind
    (cell, numbers), *_others = world.site.statistics.work
    assert cell.edition == FIRST
    assert numbers["P11/in-time"] == 1


def test_what_is_begun_afterwards_follows_the_new_rules(world: CaseWorld, officer: Account) -> None:
    world.clock.now = AFTER
    account = world.register(world.keys.applicant)
    case = open_case(world.office, world.site, account, "medical-licence", "issue")
    assert save_page(world.office, case, "activities", PAGES["activities"]) != ()
    assert [p.path for p in save_page(world.office, case, "sites", PAGES["sites"])] == ["sites/site[1]/rooms"]
    fill_in(world, case, NEW_PAGES)
    assert fee_of(world.office, case) == Decimal(12 * 3932)
    pay(world, case, str(12 * 3932))
    submit(world, case)
    claim(world, case, officer)
    world.issue(world.grant(case, officer), officer)
    assert case.edition == SECOND
    assert steps(case.journal) == "P21 C21+ P23 P24 C22+ P26 C23+ P28 P29 C24+ P31"
    assert case.deadline == world.office.calendar.add_working_days(AFTER.date(), 8)
    assert world.is_genuine(case.documents["outcome"].data)
    assert dict(world.site.editions) == {
        f"medical-licence/{SECOND}": world.office.edition_of(case).fingerprint
    }


def fill_in(world: CaseWorld, case: Case, pages: Mapping[str, Any]) -> None:
    for page, values in pages.items():
        assert save_page(world.office, case, page, values) == ()
    for kind in world.office.edition_of(case).attachments_for(case.action, case.channel):
        if kind.required:
            attach_file(world.office, case, kind.code, "a.png", png())
    world.tick()


class TestDraft:
    def test_is_carried_to_the_new_edition(self, world: CaseWorld, officer: Account, draft: Case) -> None:
        assert find_problems(world.office, draft) == ()
        rules_change(world)
        assert carry_draft(world.office, world.site, draft)
        assert (draft.edition, draft.begun_under) == (SECOND, FIRST)
        assert steps(draft.journal) == "P21 C21+ (P23)"
        assert draft.values["activities"] == NEW_PAGES["activities"]
        assert draft.values["contacts"] == PAGES["contacts"]
        assert len(draft.attachments) == 4
        (question,) = questions_to_answer(world.office, draft)
        assert (question.ru, question.en) == ("Число кабинетов", "Number of rooms")
        assert save_page(world.office, draft, "sites", ROOMS) == ()
        assert questions_to_answer(world.office, draft) == []
        pay(world, draft, str(12 * 3932))
        submit(world, draft)
        claim(world, draft, officer)
        world.issue(world.grant(draft, officer), officer)
        assert steps(draft.journal) == "P21 C21+ P23 P24 C22+ P26 C23+ P28 P29 C24+ P31"

    def test_is_asked_again_what_the_new_edition_has_no_place_for(
        self, world: CaseWorld, draft: Case
    ) -> None:
        save_page(world.office, draft, "activities", {"activity": [REMOVED]})
        rules_change(world)
        assert carry_draft(world.office, world.site, draft)
        assert draft.values["activities"] == {"activity": []}
        asked = [label.en for label in questions_to_answer(world.office, draft)]
        assert asked == ["Sub-activities", "Number of rooms"] or len(asked) == 2

    def test_is_not_paid_for_or_signed_by_former_rules(self, world: CaseWorld, draft: Case) -> None:
        rules_change(world)
        account = world.site["accounts"][draft.account]
        with pytest.raises(Mistake, match="rules of this service have changed"):
            start_payment(world.office, world.site, draft)
        with pytest.raises(Mistake, match="rules of this service have changed"):
            offer_request(world.office, world.site, draft, account)
        carry_draft(world.office, world.site, draft)
        with pytest.raises(Problems):
            start_payment(world.office, world.site, draft)

    def test_keeps_the_fee_that_is_being_paid(self, world: CaseWorld, draft: Case) -> None:
        start_payment(world.office, world.site, draft)
        rules_change(world)
        assert carry_draft(world.office, world.site, draft)
        assert draft.edition == FIRST
        receive_payment_notice(world.office, world.site, world.notice(draft, "39320"))
        assert draft.state is CaseState.PAID

    def test_stays_where_the_service_offers_it_no_more(self, world: CaseWorld, draft: Case) -> None:
        def without_issue(edition: Any) -> Any:
            kept = {name: action for name, action in edition.actions.items() if name != "issue"}
            return replace(edition, actions=kept) if edition.edition == SECOND else edition

        world.office = replace(world.office, services=changed(world.office.services, without_issue))
        rules_change(world)
        assert not carry_draft(world.office, world.site, draft)
        assert draft.edition == FIRST
        assert status(world.office, draft).step is not None
        with pytest.raises(Mistake, match="rules of this service have changed"):
            start_payment(world.office, world.site, draft)

    def test_of_a_removed_document_loses_its_file(self, world: CaseWorld, draft: Case) -> None:
        def without_staff(edition: Any) -> Any:
            kept = tuple(kind for kind in edition.attachments if kind.code != "staff")
            return replace(edition, attachments=kept) if edition.edition == SECOND else edition

        world.office = replace(world.office, services=changed(world.office.services, without_staff))
        rules_change(world)
        carry_draft(world.office, world.site, draft)
        assert [file.kind for file in draft.attachments] == ["premises", "sanitary-conclusion", "equipment"]


def test_people_log_in_after_the_numbers_of_the_steps_have_changed(
    world: CaseWorld, one_service: None, draft: Case, officer: Account
) -> None:
    rules_change(world)
    for login in (draft.account, officer.login):
        log_in(world.office, world.site, login, PASSWORD)
    world.commit()
    account = world.site["accounts"][draft.account]
    assert steps(account.journal).endswith("P21 C21+")
    case = open_case(world.office, world.site, account, "medical-licence", "issue")
    assert steps(case.journal) == "P21 C21+ (P23)"


def test_who_logged_in_before_begins_a_case_with_that_log_in(
    world: CaseWorld, one_service: None, draft: Case
) -> None:
    rules_change(world)
    account = world.site["accounts"][draft.account]
    assert steps(account.journal).endswith("P1 C1+")
    case = open_case(world.office, world.site, account, "medical-licence", "issue")
    assert steps(case.journal) == "P21 C21+ (P23)"


@pytest.fixture
def licensed(world: CaseWorld, officer: Account, draft: Case) -> Case:
    """A case whose licence was issued under the first edition."""
    pay(world, draft, "39320")
    submit(world, draft)
    claim(world, draft, officer)
    return world.issue(world.grant(draft, officer), officer)


def test_an_old_licence_is_genuine(world: CaseWorld, licensed: Case) -> None:
    rules_change(world)
    found = examine_document(world.office, world.site, licensed.documents["outcome"].data)
    assert found.verdict is Verdict.GENUINE
    assert found.licence is not None
    assert found.recognised is not None
    assert found.recognised.edition is world.office.edition_of(licensed)


def test_an_old_licence_is_known_by_its_form_where_it_is_not_kept(
    world: CaseWorld, licensed: Case, connect: Any
) -> None:
    """So the fault is that the site keeps no such document, and not its form."""
    signed = licensed.documents["outcome"].data
    del world.site["cases"].by_number(licensed.number).documents["outcome"]
    rules_change(world)
    found = examine_document(world.office, world.site, signed)
    assert found.verdict is Verdict.NOT_OURS
    assert "keeps no such document" in str(found.reason)


def ask(world: CaseWorld, action: str, licence: str, group: dict[str, str], pages: Mapping[str, Any]) -> Case:
    account = world.site["accounts"].get(world.register(world.keys.applicant).login)
    case = open_case(world.office, world.site, account, "medical-licence", action)
    fill_in(world, case, {**pages, action: {"licence": licence, **group}})
    return case


def test_an_old_licence_is_reissued_into_the_new_edition(
    world: CaseWorld, licensed: Case, officer: Account
) -> None:
    rules_change(world)
    old = world.site["licences"][licensed.licence]
    case = ask(world, "reissue", old.number, {"reason": "site-address", "since": "2026-06-01"}, NEW_PAGES)
    pay(world, case, "4718")
    submit(world, case)
    claim(world, case, officer)
    world.issue(world.grant(case, officer), officer)
    new = world.site["licences"][case.licence]
    assert (old.edition, new.edition) == (FIRST, SECOND)
    assert (old.replaced_by(AFTER.date()), new.replaces) == (new.number, old.number)
    assert new.activities == (RENAMED[1], "general-practice")
    for one in (licensed, case):
        assert world.is_genuine(one.documents["outcome"].data)


def test_a_duplicate_says_in_the_new_codes_what_the_old_licence_says(
    world: CaseWorld, licensed: Case, officer: Account
) -> None:
    rules_change(world)
    pages = {name: PAGES[name] for name in ("applicant", "contacts", "declarations")}
    case = ask(world, "duplicate", licensed.licence, {"reason": "lost"}, pages)
    pay(world, case, str(12 * 3932))
    submit(world, case)
    claim(world, case, officer)
    world.issue(world.grant(case, officer), officer)
    made = world.office.edition_of(case).outcome.read(read_document(case, "outcome"))
    (appendix,) = made["appendices"]["appendix"]
    assert [one["code"] for one in appendix["activities"]["activity"]] == [RENAMED[1], "general-practice"]
    assert world.site["licences"][case.licence].activities == (RENAMED[1], "general-practice")


def test_no_duplicate_is_requested_of_what_the_new_edition_has_no_word_for(
    world: CaseWorld, officer: Account
) -> None:
    world.clock.now = BEFORE
    draft = world.draft(world.register(world.keys.applicant))
    save_page(world.office, draft, "activities", {"activity": [REMOVED, "surgery"]})
    pay(world, draft, "39320")
    submit(world, draft)
    claim(world, draft, officer)
    world.issue(world.grant(draft, officer), officer)
    rules_change(world)
    pages = {name: PAGES[name] for name in ("applicant", "contacts", "declarations")}
    case = ask(world, "duplicate", draft.licence, {"reason": "lost"}, pages)
    (problem,) = find_problems(world.office, case)
    assert problem.path == "duplicate/licence"
    assert "Palliative care" in problem.message.en
    assert "Request a reissue" in problem.message.en


def test_an_order_on_an_old_licence_is_made_under_the_present_rules(
    world: CaseWorld, licensed: Case, officer: Account
) -> None:
    rules_change(world)
    licence = world.site["licences"][licensed.licence]
    today = world.office.today()
    for kind, ground in (("suspension", "court-decision"), ("resumption", ADDED_GROUND)):
        known = [one.code for one in world.office.common_edition().order_grounds[kind]]
        chosen = ground if ground in known else known[0]
        signing = offer_order(world.office, world.site, licence, officer, kind, chosen, "Предписание.", today)
        world.sign(signing, world.keys.signatory)
        world.tick()
        number = licence.events[-1].document
        assert licence.documents[number].edition == SECOND
        assert world.is_genuine(licence.documents[number].data)
    assert licence.events[-1].ground == ADDED_GROUND
    assert set(world.site.editions) == {f"medical-licence/{FIRST}", f"medical-licence/{SECOND}"}


def test_used_editions_that_are_missing_or_changed_are_named(
    world: CaseWorld, draft: Case, services: Services
) -> None:
    assert list(world.site.editions.problems(services)) == []
    touched = changed(services, lambda edition: replace(edition, fingerprint="0" * 64))
    (problem,) = world.site.editions.problems(touched)
    assert f"the edition {FIRST} of “medical-licence” was changed" in problem
    later = changed(services, lambda edition: edition)
    later["medical-licence"].editions = later["medical-licence"].editions[1:]
    (problem,) = world.site.editions.problems(later)
    assert f"the edition {FIRST} of “medical-licence” is missing" in problem
