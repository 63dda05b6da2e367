"""Pages of every kind: WCAG 2.2 by axe-core, titles, errors, telephones, the keyboard alone, and paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Person

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.sandbox.sample_requests import LICENCE_REQUEST

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
WHAT = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"heading-order": {"enabled": True}, "page-has-heading-one": {"enabled": True}},
    "resultTypes": ["violations"],
}
TELEPHONE = {"width": 375, "height": 800}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
NOBODY, APPLICANT, CLINIC = "", "910203450036", "120540000567"

# By who looks: addresses, and where a button is named, the page that answers it when nothing is filled in.
PAGES: dict[str, list[tuple[str, str]]] = {
    NOBODY: [
        ("/", ""),
        ("/login", ""),
        ("/login", "main form[action='/login'] .govuk-button[data-prevent-double-click]"),
        ("/register", ""),
        ("/register", "main form [data-prevent-double-click]"),
        ("/services/medical-licence", ""),
        ("/services/medical-licence", "main form button"),
        ("/services/medical-licence/procedure/portal", ""),
        ("/verify", ""),
        ("/verify", "form:has(#number) button"),
        ("/verify/{licence}", ""),
        ("/verify/{licence}", "main form button"),
        ("/licences", ""),
        ("/licences/{licence}", ""),
        ("/indicators", ""),
        ("/questionnaire", ""),
        ("/questionnaire", "main form button"),
        ("/nowhere", ""),
    ],
    APPLICANT: [
        ("/account", ""),
        ("/settings", ""),
        ("{draft}", ""),
        *(
            (f"{{draft}}/form/{page}", press)
            for page in ("applicant", "reissue", "activities", "sites", "contacts", "declarations")
            for press in ("", "main form .govuk-button-group button")
        ),
        ("{draft}/attachments", ""),
        ("{draft}/attachments", "button[name=continue]"),
        ("{draft}/check", ""),
        ("{paid}/payment", ""),
        ("{paid}/check", ""),
        ("{paid}/check", "form[action$='/sign'] button"),
        ("{issued}", ""),
        ("{issued}/diagram", ""),
        ("{issued}/documents/outcome", ""),
        ("{issued}/documents/receipt", ""),
        ("{issued}/questionnaire", ""),
        ("{asked}", ""),
        ("{asked}/remark/1", ""),
        ("{asked}/remark/1", "main form button"),
        ("{asked}/withdraw", ""),
        ("/provider{issued}", ""),
    ],
    "officer": [
        ("/provider?show=all", ""),
        ("/provider/leave", ""),
        ("/provider/leave", "form:has(#first) button"),
        ("/provider{waiting}", ""),
        ("/provider{claimed}", ""),
        ("/provider{claimed}", "button[name=grant]"),
        ("/provider{claimed}/refuse", ""),
        ("/provider{claimed}/refuse", "main form button"),
        ("/provider/visitors", ""),
        ("/provider/visitors/new", ""),
        ("/provider/visitors/new", "main form button"),
        ("/provider/licences", ""),
        ("/provider/licences/{licence}", ""),
    ],
    "signatory": [
        ("/provider/to-sign", ""),
        ("/provider/to-sign", "#choices button"),
        ("/provider/to-sign?all=1", "#choices button"),
        ("/provider{decided}", ""),
        ("/provider/licences/{licence}/order/suspension", ""),
        ("/provider/licences/{licence}/order/suspension", "main form button"),
    ],
    "operator": [
        ("/centre", ""),
        ("/centre/new", ""),
        ("/centre/new", "main form button"),
        ("{visitor}", ""),
        ("{visitor}/form/applicant", ""),
        ("{visitor}/attachments", ""),
    ],
    "archivist": [("/archive", ""), ("/archive", "form[action$='/export'] button:not([name])")],
}


@pytest.fixture(scope="module")
def places(site: RunningSite) -> dict[str, str]:
    """Cases in every state, made below the browser: where they are."""
    applicant, officer, signatory, operator = (Visitor(site.url) for _ in range(4))
    key = scenario.load_key(site.keys, "applicant")
    scenario.register_applicant(applicant, key)
    for staff, login in ((officer, "officer"), (signatory, "signatory"), (operator, "operator")):
        scenario.log_in(staff, login)

    def path(case: Any) -> str:
        return scenario.case_url(case).removeprefix(site.url)

    def decided(case: Any) -> Any:
        return scenario.review_case(officer, scenario.request_number(case))

    issued, asked, claimed, waits = (scenario.submit_request(applicant, key) for _ in range(4))
    scenario.sign_outcome(signatory, decided(issued), scenario.load_key(site.keys, "signatory"))
    scenario.make_remark(
        officer, scenario.claim_case(officer, scenario.request_number(asked)), "Пришлите договор аренды."
    )
    scenario.claim_case(officer, scenario.request_number(claimed))
    to_sign = scenario.submit_request(applicant, key)
    decided(to_sign)
    paid = scenario.fill_request(applicant)
    scenario.pay_fee(applicant, paid)
    service = applicant.open("/services/medical-licence")
    draft = applicant.submit(service, "/services/medical-licence", {"action": "reissue"})
    licence = officer.open("/provider/licences").link("/provider/licences/KZ").rpartition("/")[2]
    cases = {"issued": issued, "asked": asked, "claimed": claimed, "waiting": waits, "decided": to_sign}
    visitor = scenario.receive_visitor(operator, LICENCE_REQUEST, CLINIC, "/centre")
    cases |= {"paid": paid, "draft": draft, "visitor": visitor}
    return {"licence": licence, **{name: path(case) for name, case in cases.items()}}


def person_of(browser: Browser, site: RunningSite, login: str) -> Person:
    person = Person(browser, site)
    if login:
        person.log_in(login)
    return person


def violations(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE)
    found = page.evaluate("what => axe.run(document, what)", WHAT)["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("login", PAGES)
def test_anybody_can_use_it(browser: Browser, site: RunningSite, places: dict[str, str], login: str) -> None:
    person = person_of(browser, site, login)
    page, titles, faults = person.page, {}, []
    for address, press in PAGES[login]:
        path = address.format_map(places)
        page.goto(path)
        if press:
            person.press(page.locator(press).last)
        here = f"{path} {press}"
        faults += [f"{here}: {fault}" for fault in violations(page)]
        title = page.title()
        if page.locator(".govuk-error-summary:not([hidden])").count():
            if not title.startswith("Ошибка: "):
                faults.append(f"{here}: the title {title} says nothing of the error")
            if "govuk-error-summary" not in page.evaluate("document.activeElement.className"):
                faults.append(f"{here}: the errors do not get the focus")
            for link in page.locator(".govuk-error-summary a[href^='#']").all():
                if not page.locator(link.get_attribute("href") or "").count():
                    faults.append(f"{here}: {link.inner_text()} leads nowhere")
        elif titles.setdefault(title, page.url) != page.url:
            faults.append(f"{here}: has the title of {titles[title]}")
    assert faults == []


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("login", PAGES)
def test_nothing_is_wider_than_a_telephone(
    browser: Browser, site: RunningSite, places: dict[str, str], login: str, language: str
) -> None:
    person = person_of(browser, site, login)
    page = person.page
    page.goto(f"/?lang={language}")
    page.set_viewport_size(TELEPHONE)
    wide = []
    for address in dict.fromkeys(address for address, _press in PAGES[login]):
        page.goto(address.format_map(places))
        if page.evaluate(TOO_WIDE):
            wide.append(address)
    assert wide == []


def test_on_paper_stands_the_document_and_nothing_to_press(
    browser: Browser, site: RunningSite, places: dict[str, str]
) -> None:
    page = person_of(browser, site, APPLICANT).page
    page.goto(f"{places['issued']}/documents/receipt")
    page.emulate_media(media="print")
    expect(page.locator(".app-paper")).to_be_visible()
    for part in ("header", "footer", ".govuk-phase-banner", ".govuk-back-link", "main .govuk-button"):
        expect(page.locator(part).first).to_be_hidden()


def test_a_page_of_the_form_by_keyboard_alone(
    browser: Browser, site: RunningSite, places: dict[str, str]
) -> None:
    page = person_of(browser, site, APPLICANT).page
    press = page.keyboard.press
    page.goto(f"{places['draft']}/form/reissue")
    press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_in_viewport()
    press("Enter")
    press("Tab")
    page.keyboard.type(places["licence"])
    press("Tab")
    press("Space")
    expect(page.locator("[name=reason]").first).to_be_checked()
    for part in ("31", "02", "2026"):
        press("Tab")
        page.keyboard.type(part)
    with page.expect_navigation():
        press("Enter")
    day = page.locator("#since-day")
    assert "since-error" in (page.locator("fieldset", has=day).get_attribute("aria-describedby") or "")
    press("Tab")
    press("Enter")
    expect(day).to_be_focused()
    expect(day).to_have_value("31")
