"""The whole path of table A1, clicked through in Chromium, in Russian as people see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import Person

from egovdocs.sandbox import scenario
from egovdocs.sandbox.demo_people import PASSWORD
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.sandbox.sample_requests import LICENCE_REQUEST, sample_file
from egovdocs.signing import sign

pytestmark = pytest.mark.browser


def fill_form(person: Person, tmp_path: Path) -> None:
    """P3, from the service's page to check-your-answers, as a person who types and clicks."""
    page = person.page
    page.goto("/services/medical-licence")
    person.shot("02-service")
    page.check("[name=action][value=issue]")
    person.press("main button[type=submit]")
    fill_parts(person, tmp_path)


def fill_parts(person: Person, tmp_path: Path) -> None:
    """The form from its first page on, and the documents; originals are shown where they are asked for."""
    page = person.page
    while (match := re.search(r"/form/(\w+)", page.url)) is not None:
        name = match[1]
        for field, value in LICENCE_REQUEST.form[name].items():
            inputs = page.locator(f"[name='{field}']")
            kind = inputs.first.evaluate("e => e.tagName == 'SELECT' ? 'select' : e.type")
            for one in value if isinstance(value, list) else [value]:
                if kind == "select":
                    inputs.select_option(one)
                elif kind in {"checkbox", "radio"}:
                    page.check(f"[name='{field}'][value='{one}']")
                else:
                    inputs.fill(one)
        person.shot(f"03-form-{name}")
        person.press("main form .govuk-button-group button")
    for box in page.locator("input[name=paper]").all():
        box.check()
    for field in page.locator("input[type=file]").all():
        name = field.get_attribute("name") or ""
        file = tmp_path / sample_file(name)[0]
        file.write_bytes(sample_file(name)[1])
        field.set_input_files(file)
    person.shot("04-attachments")
    person.press("button[name=continue]")
    expect(page).to_have_url(re.compile("/check"))


@pytest.fixture(scope="module")
def applicant(browser: Browser, site: RunningSite) -> Person:
    """A person who registers with a certificate."""
    person = Person(browser, site)
    person.page.goto("/")
    person.shot("00-home")
    person.page.goto("/register")
    person.page.fill("[name=password]", PASSWORD)
    person.page.fill("[name=again]", PASSWORD)
    person.press("main button[type=submit]")
    person.shot("01-registration")
    person.sign_with(site.keys / "applicant.p12")
    expect(person.page).to_have_url(re.compile("/account"))
    return person


def test_from_registration_to_verification(
    browser: Browser, site: RunningSite, applicant: Person, tmp_path: Path
) -> None:
    page = applicant.page
    fill_form(applicant, tmp_path)
    applicant.shot("05-check")
    applicant.pay()
    applicant.press("main form[action$='/sign'] button")
    applicant.shot("07-signing")
    applicant.sign_with(site.keys / "applicant.p12")
    expect(page).to_have_url(re.compile("/cases/"))
    applicant.shot("08-registered")
    case = page.url
    number = (page.locator("h1").inner_text()).split()[-1]

    officer = Person(browser, site)
    officer.log_in("officer")
    officer.shot("09-queue")
    officer.page.goto("/provider?show=all")
    officer.press(officer.page.get_by_role("link", name=number))
    officer.press("form[action$='/claim'] button")
    for radio in officer.page.locator("input[type=radio][value=met]").all():
        radio.check()
    officer.shot("10-review")
    officer.press("button[name=grant]")
    officer.shot("11-granted")

    signatory = Person(browser, site)
    signatory.log_in("signatory")
    signatory.page.goto(officer.page.url)
    signatory.press("form[action$='/sign'] button")
    signatory.shot("12-signing-the-licence")
    signatory.sign_with(site.keys / "signatory.p12")
    signatory.shot("13-signed")

    page.goto(case)
    applicant.shot("14-issued")
    page.goto(f"{case}/documents/outcome")
    applicant.shot("15-result")
    with page.expect_download() as downloading:
        page.locator("a[href$='/outcome.pdf']").first.click()
    licence = tmp_path / "licence.pdf"
    downloading.value.save_as(licence)

    recipient = Person(browser, site)
    recipient.page.goto("/verify")
    recipient.shot("16-verify")
    recipient.page.set_input_files("#document", licence)
    recipient.press("form:has(#document) button")
    expect(recipient.page.locator("[data-verdict=genuine]").first).to_be_visible()
    recipient.shot("17-genuine")

    archivist = Person(browser, site)
    archivist.log_in("archivist")
    archivist.page.goto("/archive")
    archivist.shot("18-archive")

    people = (applicant, officer, signatory, recipient, archivist)
    assert [complaint for person in people for complaint in person.complaints] == []


def test_a_visitor_at_the_centre(browser: Browser, site: RunningSite, tmp_path: Path) -> None:
    """Table A3: looked up, filled in, signed with the operator's key."""
    operator = Person(browser, site)
    operator.log_in("operator")
    page = operator.page
    operator.press(page.get_by_role("button", name="Принять запрос посетителя"))
    page.check("[name=errand][value='medical-licence:issue']")
    page.fill("[name=identifier]", "120540000567")
    page.locator("details summary").click()
    page.fill("[name=representative]", "850311300176")
    page.fill("[name=power]", "2026-0602-1")
    operator.shot("20-visitor")
    operator.press(page.get_by_role("button", name="Запросить данные"))
    expect(page.locator("main")).to_contain_text("Нұрғалиев Ерлан Серікұлы")
    operator.shot("21-looked-up")
    operator.press(page.get_by_role("link", name="Заявитель", exact=True))
    fill_parts(operator, tmp_path)
    operator.shot("22-check")
    operator.press("main form[action$='/sign'] button")
    expect(page.locator("main")).to_contain_text("Документ об уплате лицензионного сбора")
    expect(page.get_by_text("fee-receipt", exact=True)).to_have_count(0)
    operator.shot("22a-signing")
    operator.sign_with(site.keys / "operator.p12")
    expect(page.locator("main")).to_contain_text("Распечатайте заявителю расписку")
    operator.shot("23-registered")
    assert operator.complaints == []


def test_wrong_key_and_wrong_password_are_told_in_plain_words(
    browser: Browser, site: RunningSite, applicant: Person, tmp_path: Path
) -> None:
    person = Person(browser, site)  # Chromium writes every 403 of a fetch to their console
    person.log_in(scenario.login_of(scenario.load_key(site.keys, "revoked")))
    page = person.page
    fill_form(person, tmp_path)
    person.pay()
    person.press("main form[action$='/sign'] button")
    expect(page.locator("#signing")).to_have_attribute("data-state", "ready")
    page.set_input_files("#signing-key", site.keys / "revoked.p12")
    page.fill("#signing-password", "not the password")
    page.click("#signing-open")
    expect(page.locator("#signing-error-text")).to_be_visible()
    page.fill("#signing-password", PASSWORD)
    page.click("#signing-open")
    expect(page.locator("#signing-certificate")).to_be_visible()
    page.click("#signing-sign")
    expect(page.locator("#signing-error-text")).to_contain_text("отозван")
    person.shot("19-revoked")


def test_without_javascript_by_upload(browser: Browser, site: RunningSite, tmp_path: Path) -> None:
    person = Person(browser, site, javascript=False)
    person.log_in("120540000567")
    fill_form(person, tmp_path)
    page = person.page
    person.pay()
    person.press("main form[action$='/sign'] button")
    page.locator("#elsewhere summary").click()
    with page.expect_download() as downloading:
        page.locator("a[href$='/document.xml']").click()
    unsigned = Path(downloading.value.path()).read_bytes()
    signed = tmp_path / "signed.xml"
    signed.write_bytes(sign(unsigned, scenario.load_key(site.keys, "clinic")))
    page.set_input_files("#signed", signed)
    person.shot("20-upload")
    person.press("form[action$='/upload'] button")
    expect(page).to_have_url(re.compile("/cases/"))
    assert re.search(r"\d{4}-\d+|\d{6,}", page.locator("h1").inner_text())
