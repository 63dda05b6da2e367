"""The rules of a service change by law while a site has cases at every step, over real HTTP.

The site is stopped, a second edition of the medical licence that is in force from today is put into its
folder of services, and the site is started again.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from tests.editions import RENAMED, write_second_edition
from tests.functional.conftest import Town

from egovdocs.i18n import ZONE
from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import WebPage
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.sandbox.sample_requests import LICENCE_REQUEST, licence_change

FIRST_STEPS = "P1 C1+ P3 P4 C2+ P6 C3+ P8 P9"
SECOND_SITES = {**LICENCE_REQUEST.form["sites"], "site-0-rooms": "3"}
SECOND_REQUEST = replace(
    LICENCE_REQUEST,
    form={
        **LICENCE_REQUEST.form,
        "activities": {"activity": [RENAMED[1], "paediatrics"]},
        "sites": SECOND_SITES,
    },
)


@dataclass
class ChangedTown(Town):
    """A town whose site was started again under new rules.

    :ivar cases: the addresses of cases, by how far they had come before.
    :ivar licence: the number of a licence of the former edition; ``document`` and ``paper`` are its files.
    """

    services: Path = field(default=Path())
    cases: dict[str, str] = field(default_factory=dict)
    licence: str = ""
    document: bytes = b""
    paper: bytes = b""

    def open(self, name: str) -> WebPage:
        return self.applicant().open(self.cases[name])


def sent(town: Town) -> WebPage:
    return scenario.submit_request(town.applicant(), town.key("applicant"))


def grant(town: Town, case: WebPage) -> WebPage:
    return scenario.review_case(town.logged_in("officer"), scenario.request_number(case))


def issue(town: Town, decided: WebPage) -> None:
    scenario.sign_outcome(town.logged_in("signatory"), decided, town.key("signatory"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChangedTown]:
    services = tmp_path_factory.mktemp("services")
    site = RunningSite(tmp_path_factory.mktemp("site"), services=services)
    town = ChangedTown(site, services)
    with site:
        case = sent(town)
        issue(town, grant(town, case))
        town.cases["issued"] = case.url
        applicant = town.applicant()
        town.document = applicant.open(f"{case.url}/documents/outcome.xml").body
        town.paper = applicant.open(f"{case.url}/documents/outcome.pdf").body
        page = town.logged_in("signatory").open("/provider/licences")
        town.licence = urlsplit(page.link("/provider/licences/KZ")).path.rpartition("/")[2]
        for name in ("draft", "open page", "paid", "in payment"):
            check = scenario.fill_request(applicant)
            town.cases[name] = scenario.case_url(check)
            if name == "paid":
                scenario.pay_fee(applicant, check)
            elif name == "in payment":
                page = applicant.open(f"{town.cases[name]}/payment")
                applicant.submit(page, "/payment")
        for name in ("sent", "claimed", "remarked", "decided"):
            case = sent(town)
            town.cases[name] = case.url
            if name in ("claimed", "remarked"):
                officer = town.logged_in("officer")
                page = scenario.claim_case(officer, scenario.request_number(case))
                if name == "remarked":
                    scenario.make_remark(officer, page, "Приложите договор.")
            elif name == "decided":
                grant(town, case)
    write_second_edition(services, datetime.now(ZONE).date().isoformat())
    with site:
        yield town


def test_every_page_of_what_was_begun_answers(town: ChangedTown) -> None:
    applicant, officer = town.applicant(), town.logged_in("officer")
    for path in ("/account", "/account/history", "/indicators", "/licences", "/"):
        applicant.open(path)
    officer.open("/provider?show=all")
    for name, url in town.cases.items():
        if name in ("draft", "open page"):
            continue
        applicant.open(f"{url}/diagram")
        page = applicant.open(url)
        if "/documents/" not in page.body.decode():
            continue
        path = urlsplit(url).path
        officer.open(f"/provider{path}")
        officer.open(f"/provider{path}/diagram")
        for file, content in scenario.download_documents(applicant, page).items():
            assert content, (name, file)


@pytest.mark.parametrize("name", ["paid", "in payment", "sent", "claimed", "remarked", "decided"])
def test_a_case_ends_by_the_rules_it_was_begun_under(town: ChangedTown, name: str) -> None:
    applicant, officer = town.applicant(), town.logged_in("officer")
    case = town.open(name)
    if name == "in payment":
        scenario.pay_fee(applicant, case)
    if name in ("paid", "in payment"):
        case = scenario.sign_request(applicant, case, town.key("applicant"))
    if name == "remarked":
        scenario.answer_remark(applicant, case, "Приложен.", town.key("applicant"))
    review = officer.open(f"/provider{urlsplit(case.url).path}")
    if name in ("paid", "in payment", "sent"):
        decided = grant(town, case)
    elif name == "decided":
        decided = review
    else:
        decided = scenario.decide_case(officer, review)
    issue(town, decided)
    case = town.open(name)
    assert scenario.journal_path(case) == f"{FIRST_STEPS} C4+ P11"
    outcome = applicant.open(case.link("/outcome.xml")).body
    assert f"<lic:code>{RENAMED[0]}</lic:code>".encode() in outcome
    assert b"rooms" not in outcome
    scenario.verify_document(town.visitor(), "licence.xml", outcome)


def test_a_draft_is_carried_and_its_owner_is_told(town: ChangedTown) -> None:
    applicant = town.applicant()
    url = town.cases["draft"]
    page = applicant.open(f"{url}/check")
    assert page.url.endswith(url), "the page that tells of the new rules comes first"
    assert "The rules of this service changed on" in page.text
    assert "By the new rules you have to answer: Number of rooms" in page.text
    assert scenario.journal_path(page) == "P21 C21+ (P23)"
    for language, words in (("ru", "Число кабинетов"), ("kk", "Кабинеттер саны")):
        visitor = town.visitor(language)
        scenario.log_in(visitor, scenario.login_of(town.key("applicant")))
        assert words in visitor.open(url).text
    page = applicant.open(f"{url}/form/sites")
    applicant.submit(page, "/form/sites", {"site-0-rooms": "3"})
    page = applicant.open(f"{url}/check")
    assert "Number of rooms" in page.text
    assert "47,184" in page.text.replace("\u00a0", ",").replace(" ", ",") or "47184" in page.text
    scenario.pay_fee(applicant, page)
    case = scenario.sign_request(applicant, page, town.key("applicant"))
    issue(town, grant(town, case))
    case = applicant.open(url)
    assert scenario.journal_path(case) == "P21 C21+ P23 P24 C22+ P26 C23+ P28 P29 C24+ P31"
    outcome = applicant.open(case.link("/outcome.xml")).body
    assert f"<lic:code>{RENAMED[1]}</lic:code>".encode() in outcome
    assert b"<lic:rooms>3</lic:rooms>" in outcome
    scenario.verify_document(town.visitor(), "licence.xml", outcome)


def test_a_page_that_was_open_when_the_rules_changed_saves_its_answers(town: ChangedTown) -> None:
    applicant = town.applicant()
    url = town.cases["open page"]
    shown = WebPage(
        f"{url}/form/contacts",
        200,
        f"""<main><form action="{url}/form/contacts">
        <input name="csrf_token" value="{csrf(applicant.open("/account"))}"></form></main>""".encode(),
    )
    contacts = {"phone": "+7 701 111 22 33", "email": "new@example.test"}
    page = applicant.submit(shown, "/form/contacts", contacts)
    assert "The rules of this service changed on" in page.text
    assert "+7 701 111 22 33" in applicant.open(f"{url}/check").text


def csrf(page: WebPage) -> str:
    return str(page.tree.xpath("string(//input[@name='csrf_token']/@value)"))


def test_an_old_licence_is_genuine_everywhere(town: ChangedTown, tmp_path: Path) -> None:
    anybody = town.visitor()
    for name, content in (("licence.xml", town.document), ("licence.pdf", town.paper)):
        text = scenario.verify_document(anybody, name, content).text
        assert "genuine and in force" in text
        assert "Терапия" in text
    assert "Internal medicine" in anybody.open(f"/licences/{town.licence}").text
    assert town.licence in anybody.open(f"/verify/{town.licence}").text
    for code in (RENAMED[1], "paediatrics"):
        assert town.licence in anybody.open(f"/licences?activity={code}").text
    paper = town.applicant().open(f"{town.cases['issued']}/documents/outcome.pdf").body
    assert PdfReader(BytesIO(paper)).pages[0].extract_text()

    file = tmp_path / "licence.xml"
    file.write_bytes(town.document)
    trust = town.site.folder / "trust"
    trusted = ("--trust", trust / "anchors", "--crl", trust / "crls")
    assert "TOTAL_PASSED" in egovdocs("verify", "--json", *trusted, file)

    archive = scenario.export_case(town.logged_in("archivist"), number_of(town, "issued"))
    with ZipFile(BytesIO(archive)) as packed:
        packed.extractall(tmp_path / "bags")
    (bag,) = (tmp_path / "bags").iterdir()
    assert (bag / "data" / "documents" / "outcome.pdf").exists()
    said = egovdocs("archive", "check", *trusted, bag)
    assert "in order" in said
    assert "NOT" not in said


def number_of(town: ChangedTown, name: str) -> str:
    return scenario.request_number(town.open(name))


def egovdocs(*arguments: object) -> str:
    command = [sys.executable, "-m", "egovdocs", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_old_licence_is_reissued_into_the_new_edition(town: ChangedTown) -> None:
    applicant = town.applicant()
    change = licence_change("reissue", town.licence)
    form = {**change.form, "activities": SECOND_REQUEST.form["activities"], "sites": SECOND_SITES}
    case = scenario.submit_request(applicant, town.key("applicant"), replace(change, form=form))
    issue(town, grant(town, case))
    outcome = applicant.open(applicant.open(case.url).link("/outcome.xml")).body
    assert f"<lic:replaces>{town.licence}</lic:replaces>".encode() in outcome
    assert f"<lic:code>{RENAMED[1]}</lic:code>".encode() in outcome
    scenario.verify_document(town.visitor(), "licence.xml", outcome)
    old = scenario.verify_document(town.visitor(), "licence.xml", town.document)
    assert "genuine, but replaced by another one" in old.text


def test_the_site_does_not_start_without_an_edition_that_was_used(town: ChangedTown) -> None:
    (edition,) = (town.services / "medical-licence").iterdir()
    town.site.stop()
    try:
        named = f"the edition {edition.name} of “medical-licence”"
        file = edition / "outcome.xsl"
        text = file.read_text("utf-8")
        file.write_text(f"{text}\n", "utf-8")
        with pytest.raises(RuntimeError, match=f"{named} was changed"):
            town.site.start()
        file.write_text(text, "utf-8")
        away = town.services.parent / "away"
        shutil.move(edition, away)
        with pytest.raises(RuntimeError, match=f"{named} is missing"):
            town.site.start()
        shutil.move(away, edition)
    finally:
        town.site.start()
    town.visitor().open("/")
