"""A service that a site adds as a folder of data, over real HTTP: from the form to the verified outcome."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader
from tests.functional.conftest import Town

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.content import bootstrap, open_database
from egovdocs.rendering import embedded_xml
from egovdocs.sandbox import scenario
from egovdocs.sandbox.authority import Authority
from egovdocs.sandbox.demo_people import PASSWORD
from egovdocs.sandbox.http_visitor import UnexpectedResponse
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.sandbox.sample_requests import ADDRESS, CONTACTS, SampleRequest
from egovdocs.signing import Role

SERVICES = Path(__file__).parents[1] / "schemas" / "services"
POLYCLINIC = "950341000052"
CERT = "{urn:egovdocs:certificate:1}"
NO_DEBT = SampleRequest(
    "no-debt-certificate",
    "issue",
    {"applicant": ADDRESS, "contacts": CONTACTS},
    ("debt",),
    "Не оплачен приём 3 марта.",
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A site with the third service, and the people who provide it."""
    folder = tmp_path_factory.mktemp("site")
    site = RunningSite(folder, services=SERVICES)
    with site:
        pass  # the first start makes the demo authority and the database
    authority = Authority.load(folder / "demo" / "authority", PASSWORD)
    people = (
        ("head", "ГЛАВНАЯ ГУЛЬНАРА", "871008401427", Role.FIRST_HEAD, ["officer", "signatory"]),
        ("clerk", "РЯДОВАЯ РАУШАН", "930609350794", Role.EMPLOYEE, ["officer"]),
    )
    database = open_database(f"file://{folder}/site")
    for login, name, iin, role, roles in people:
        key = authority.issue_employee(name, iin, "Поликлиника № 1", POLYCLINIC, role=role)
        (site.keys / f"{login}.p12").write_bytes(key.pkcs12(PASSWORD))
        with database.transaction() as connection:
            add_staff(bootstrap(connection.root()), login, PASSWORD, name.title(), roles, POLYCLINIC, iin)
    database.close()
    with site:
        yield Town(site)


def answered(town: Town, *, met: bool = True) -> tuple[scenario.Visitor, scenario.Page]:
    applicant, clerk = town.applicant(), town.logged_in("clerk")
    case = scenario.submit_request(applicant, town.key("applicant"), NO_DEBT)
    assert scenario.journal_steps(case) == ["P1", "C1", "P3", "P4", "C2", "P6", "P7", "C3"]
    decided = scenario.review_case(clerk, scenario.request_number(case), met)
    if not met:
        decided = scenario.refuse_case(clerk, decided, NO_DEBT)
    scenario.sign_outcome(town.logged_in("head"), decided, town.key("head"))
    return applicant, applicant.open(case.url)


def test_from_the_form_to_the_verified_certificate(town: Town) -> None:
    assert "Certificate of no debt" in town.visitor().open("/").text
    applicant, case = answered(town)
    assert scenario.journal_steps(case)[-2:] == ["C3", "P9"]
    certificate = applicant.open(case.link("/outcome.xml")).body
    root = etree.fromstring(certificate)
    assert root.findtext(f"{CERT}statement/{CERT}kk") == "Емхана алдында берешек жоқ."
    paper = applicant.open(case.link("/outcome.pdf")).body
    assert embedded_xml(paper) == certificate
    assert "Справка об отсутствии задолженности" in PdfReader(BytesIO(paper)).pages[0].extract_text()
    for name, document in (("certificate.xml", certificate), ("certificate.pdf", paper)):
        assert (
            "Задолженности перед поликлиникой нет."
            in scenario.verify_document(town.visitor(), name, document).text
        )


def test_its_refusals_have_their_own_numbers(town: Town) -> None:
    applicant, case = answered(town, met=False)
    assert scenario.journal_steps(case)[-2:] == ["C3", "P8"]
    scenario.verify_document(town.visitor(), "refusal.xml", applicant.open(case.link("/refusal.xml")).body)
    check = scenario.fill_request(applicant, NO_DEBT)
    with pytest.raises(UnexpectedResponse):
        scenario.sign_request(applicant, check, town.key("stranger"))
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    assert scenario.journal_steps(case) == ["P1", "C1", "P3", "P4", "C2", "P5", "P4", "C2", "P6", "P7", "C3"]


@pytest.mark.parametrize(("staff", "door"), [("clerk", "/provider/visitors"), ("operator", "/centre")])
def test_who_comes_in_person_is_served(town: Town, staff: str, door: str) -> None:
    receiver = town.logged_in(staff)
    parts = scenario.receive_visitor(receiver, NO_DEBT, "910203450036", door)
    case = scenario.sign_request(
        receiver, scenario.fill_visitor_request(receiver, parts, NO_DEBT), town.key(staff)
    )
    assert scenario.journal_steps(case) == ["P1", "P2", "P3", "C1", "P5", "P6", "C2"]
    decided = scenario.review_case(town.logged_in("clerk"), scenario.request_number(case))
    scenario.sign_outcome(town.logged_in("head"), decided, town.key("head"))
    handed = scenario.hand_out(receiver, case)
    assert scenario.journal_steps(handed)[-1] == "P8"
    scenario.verify_document(
        town.visitor(), "certificate.xml", receiver.open(handed.link("/outcome.xml")).body
    )
    refused = scenario.receive_visitor(receiver, NO_DEBT, "680503250034", door, expect=403)
    assert "P4: The persons register has nobody" in refused.text


@pytest.mark.parametrize(("channel", "table"), [("portal", "D1"), ("provider", "D2"), ("centre", "D3")])
def test_its_procedures_are_drawn(town: Town, channel: str, table: str) -> None:
    page = town.visitor("kk").open(f"/services/no-debt-certificate/procedure/{channel}")
    assert table in page.text
    assert page.tree.xpath("//*[local-name()='svg']//*[@data-step='C2']")
