"""The whole path of table A1, clicked through in Chromium, in Russian as people see it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from egovdocs.cli import walk
from egovdocs.cli.demo_site import PASSWORD
from egovdocs.cli.running_site import RunningSite
from egovdocs.signing import sign

pytestmark = pytest.mark.browser
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with RunningSite(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield chromium
        chromium.close()


class Person:
    """Somebody at a browser of their own; what their console complains of is kept."""

    def __init__(self, browser: Browser, site: RunningSite, *, javascript: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=site.url,
            locale="ru-RU",
            viewport={"width": 1280, "height": 900},
            java_script_enabled=javascript,
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: object) -> None:
        if message.type in {"error", "warning"}:  # type: ignore[attr-defined]
            self.complaints.append(f"{self.page.url}: {message.text}")  # type: ignore[attr-defined]

    def log_in(self, login: str) -> None:
        self.page.goto("/login")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")

    def sign_with(self, key: Path) -> None:
        """Open the key file, read the certificate, sign."""
        expect(self.page.locator("#signing")).to_have_attribute("data-state", "ready")
        self.page.set_input_files("#signing-key", key)
        self.page.fill("#signing-password", PASSWORD)
        self.page.click("#signing-open")
        expect(self.page.locator("#signing-certificate")).to_be_visible(timeout=30_000)
        self.page.click("#signing-sign")
        self.page.wait_for_url(re.compile(r"^(?!.*/signings/)"), timeout=30_000)

    def shot(self, name: str) -> None:
        if folder := os.environ.get("EGOVDOCS_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fill_form(person: Person, tmp_path: Path) -> None:
    """P3, from the service's page to check-your-answers, as a person who types and clicks."""
    page = person.page
    page.goto("/services/medical-licence")
    person.shot("02-service")
    page.check("[name=action][value=issue]")
    page.click("main button[type=submit]")
    fill_parts(person, tmp_path)


def fill_parts(person: Person, tmp_path: Path) -> None:
    """The form from its first page on, and the documents; originals are shown where they are asked for."""
    page = person.page
    while (match := re.search(r"/form/(\w+)", page.url)) is not None:
        name = match[1]
        for field, value in walk.LICENCE.form[name].items():
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
        page.locator("main form .govuk-button-group button").click()
    for box in page.locator("input[name=paper]").all():
        box.check()
    for field in page.locator("input[type=file]").all():
        name = field.get_attribute("name") or ""
        file = tmp_path / walk._scan(name)[0]
        file.write_bytes(walk._scan(name)[1])
        field.set_input_files(file)
    person.shot("04-attachments")
    page.locator("button[name=continue]").click()
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
    person.page.click("main button[type=submit]")
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
    page.goto(page.url.replace("/check", "/payment"))
    page.click("main button[type=submit]")
    applicant.shot("06-bank")
    page.locator("main form[action$='/pay'] button").click()
    expect(page).to_have_url(re.compile("/check"))
    page.locator("main form[action$='/sign'] button").click()
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
    officer.page.get_by_role("link", name=number).click()
    officer.page.locator("form[action$='/claim'] button").click()
    for radio in officer.page.locator("input[type=radio][value=met]").all():
        radio.check()
    officer.shot("10-review")
    officer.page.locator("button[name=grant]").click()
    officer.shot("11-granted")

    signatory = Person(browser, site)
    signatory.log_in("signatory")
    signatory.page.goto(officer.page.url)
    signatory.page.locator("form[action$='/sign'] button").click()
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
    recipient.page.locator("form:has(#document) button").click()
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
    page.get_by_role("button", name="Принять запрос посетителя").click()
    page.check("[name=errand][value='medical-licence:issue']")
    page.fill("[name=identifier]", "120540000567")
    page.locator("details summary").click()
    page.fill("[name=representative]", "850311300176")
    page.fill("[name=power]", "2026-0602-1")
    operator.shot("20-visitor")
    page.get_by_role("button", name="Запросить данные").click()
    expect(page.locator("main")).to_contain_text("Нұрғалиев Ерлан Серікұлы")
    operator.shot("21-looked-up")
    page.get_by_role("link", name="Заявитель", exact=True).click()
    fill_parts(operator, tmp_path)
    operator.shot("22-check")
    page.locator("main form[action$='/sign'] button").click()
    expect(page.locator("main")).to_contain_text("Документ об уплате лицензионного сбора")
    expect(page.get_by_text("fee-receipt", exact=True)).to_have_count(0)
    operator.shot("22a-signing")
    operator.sign_with(site.keys / "operator.p12")
    expect(page.locator("main")).to_contain_text("Распечатайте заявителю расписку")
    operator.shot("23-registered")
    assert operator.complaints == []


def test_wrong_key_and_wrong_password_are_told_in_plain_words(
    site: RunningSite, applicant: Person, tmp_path: Path
) -> None:
    page = applicant.page
    fill_form(applicant, tmp_path)
    page.goto(page.url.replace("/check", "/payment"))
    page.click("main button[type=submit]")
    page.locator("main form[action$='/pay'] button").click()
    page.locator("main form[action$='/sign'] button").click()
    expect(page.locator("#signing")).to_have_attribute("data-state", "ready")
    page.set_input_files("#signing-key", site.keys / "revoked.p12")
    page.fill("#signing-password", "not the password")
    page.click("#signing-open")
    expect(page.locator("#signing-error-text")).to_be_visible(timeout=30_000)
    page.fill("#signing-password", PASSWORD)
    page.click("#signing-open")
    expect(page.locator("#signing-certificate")).to_be_visible(timeout=30_000)
    page.click("#signing-sign")
    expect(page.locator("#signing-error-text")).to_contain_text("отозван", timeout=30_000)
    applicant.shot("19-revoked")
    applicant.complaints.clear()  # Chromium writes every 403 of a fetch to the console


def test_without_javascript_by_upload(browser: Browser, site: RunningSite, tmp_path: Path) -> None:
    person = Person(browser, site, javascript=False)
    person.log_in("120540000567")
    fill_form(person, tmp_path)
    page = person.page
    page.goto(page.url.replace("/check", "/payment"))
    page.click("main button[type=submit]")
    page.locator("main form[action$='/pay'] button").click()
    page.locator("main form[action$='/sign'] button").click()
    page.locator("#elsewhere summary").click()
    with page.expect_download() as downloading:
        page.locator("a[href$='/document.xml']").click()
    unsigned = Path(downloading.value.path()).read_bytes()
    signed = tmp_path / "signed.xml"
    signed.write_bytes(sign(unsigned, walk.key(site.keys, "clinic")))
    page.set_input_files("#signed", signed)
    person.shot("20-upload")
    page.locator("form[action$='/upload'] button").click()
    expect(page).to_have_url(re.compile("/cases/"))
    assert re.search(r"\d{4}-\d+|\d{6,}", page.locator("h1").inner_text())
