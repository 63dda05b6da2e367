"""A reissue and a duplicate of table A1 take the place of the licence they are about."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.editions import changed
from tests.factories import PAGES, png
from tests.worlds import CaseWorld

from egovdocs.casework.errors import Decided, Problems
from egovdocs.casework.payments.pay_fee import receive_payment_notice, start_payment
from egovdocs.casework.requests.attach_file import attach_file
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.content import Account, Case, LicenceState
from egovdocs.schemas import load_edition

GROUPS = {
    "reissue": {"reason": "name-change", "since": "2026-05-20"},
    "duplicate": {"reason": "lost"},
}


@pytest.fixture
def officer(world: CaseWorld) -> Account:
    return world.staff("officer", "officer", "signatory")


@pytest.fixture
def licensed(world: CaseWorld, officer: Account) -> Case:
    return world.issue(world.granted(officer), officer)


def granted(world: CaseWorld, case: Case, officer: Account, fee: str) -> Case:
    start_payment(world.office, world.site, case)
    world.tick()
    receive_payment_notice(world.office, world.site, world.notice(case, fee))
    world.submit(case, world.keys.applicant)
    claim_case(world.office, world.site, case, officer)
    world.tick()
    return world.grant(case, officer)


def ask(world: CaseWorld, action: str, licence: str, key: str = "applicant") -> Case:
    account = world.site["accounts"].get(world.register(getattr(world.keys, key)).login)
    case = open_case(world.office, world.site, account, "medical-licence", action)
    pages = {**PAGES, action: {"licence": licence, **GROUPS[action]}}
    for page, values in pages.items():
        if action == "reissue" or page not in ("activities", "sites"):
            assert save_page(world.office, case, page, values) == ()
    if action == "reissue":
        attach_file(world.office, case, "change", "a.png", png())
    world.tick()
    return case


@pytest.mark.parametrize(("action", "fee"), [("reissue", "3932"), ("duplicate", "39320")])
def test_it_takes_the_old_ones_place(
    world: CaseWorld, licensed: Case, officer: Account, action: str, fee: str
) -> None:
    old = world.site["licences"][licensed.licence]
    world.clock.now = world.clock.now.replace(day=10)
    case = granted(world, ask(world, action, old.number), officer, fee)
    rival = granted(world, ask(world, action, old.number), officer, fee)
    world.issue(case, officer)
    with pytest.raises(Decided, match="no longer in force"):
        world.issue(rival, officer)
    assert rival.licence is None

    new = world.site["licences"][case.licence]
    assert new.number != old.number
    assert (
        (new.activities, new.places)
        == (old.activities, old.places)
        == (("therapy", "general-practice"), ("47",))
    )
    assert (new.replaces, new.duplicates) == (old.number, int(action == "duplicate"))
    assert new.in_force(world.office.today())
    assert old.state is LicenceState.REISSUED
    assert (old.events[-1].document, old.events[-1].change[:5]) == (new.number, action[:5])
    content = world.office.edition_of(case).outcome.read(read_document(case, "outcome"))
    assert (content["replaces"], content["firstIssuedOn"]) == (old.number, "2026-06-01")
    assert content["issuedOn"] == "2026-06-10"
    assert old.replaced_by(world.office.today()) == new.number
    assert content.get("duplicate") == ("1" if action == "duplicate" else None)
    if action == "duplicate":  # it says what the old one says, to the last appendix
        former = world.office.edition_of(case).outcome.read(read_document(licensed, "outcome"))
        for part in ("licensee", "activity", "appendices"):
            assert content[part] == former[part]
        assert new.appendices == old.appendices

    third = ask(world, action, old.number)  # the old one is no longer in force
    assert {p.path for p in find_problems(world.office, third)} == {f"{action}/licence"}


def test_a_licence_of_another_form_is_reissued_too(
    world: CaseWorld, officer: Account, tmp_path: Path
) -> None:
    whole = world.office.service("medical-licence").outcome.schema_path.parent
    folder = tmp_path / "medical-licence" / whole.name
    shutil.copytree(whole, folder)
    for name, pattern in (
        ("outcome.xsd", r'<xs:element name="firstIssuedOn".*?</xs:element>'),
        ("outcome.xsl", r'<xsl:apply-templates select="\$decision/com:firstIssuedOn" mode="copy"/>'),
    ):
        text, count = re.subn(pattern, "", (folder / name).read_text("utf-8"), flags=re.DOTALL)
        assert count == 1
        (folder / name).write_text(text, "utf-8")
    other = load_edition(folder, world.office.services.common)
    services = changed(world.office.services, lambda edition: other if edition.folder == whole else edition)
    world.office = replace(world.office, services=services)
    number = world.issue(world.granted(officer), officer).licence
    case = world.issue(granted(world, ask(world, "reissue", number), officer, "3932"), officer)
    assert world.site["licences"][case.licence].replaces == number


def test_duplicates_are_counted_until_a_reissue(world: CaseWorld, licensed: Case, officer: Account) -> None:
    number, counted = licensed.licence, []
    for action, fee in (
        ("duplicate", "39320"),
        ("duplicate", "39320"),
        ("reissue", "3932"),
        ("duplicate", "39320"),
    ):
        case = world.issue(granted(world, ask(world, action, number), officer, fee), officer)
        document = world.office.edition_of(case).outcome.read(read_document(case, "outcome"))
        counted.append((world.site["licences"][case.licence].duplicates, int(document.get("duplicate", 0))))
        assert len(world.site["licences"][case.licence].appendices) == 1
        number = case.licence
    assert counted == [(1, 1), (2, 2), (0, 0), (1, 1)]


@pytest.mark.parametrize("key", ["another", "company"])
def test_only_ones_own_licence(world: CaseWorld, licensed: Case, key: str) -> None:
    case = ask(world, "duplicate", licensed.licence, key)
    assert [p.path for p in find_problems(world.office, case)] == ["duplicate/licence"]
    with pytest.raises(Problems):
        start_payment(world.office, world.site, case)
