"""A signatory signs several decisions in Chromium, with the key opened once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Person

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor
from egovdocs.sandbox.running_site import RunningSite

pytestmark = pytest.mark.browser
COUNT = 5


@pytest.fixture(scope="module")
def decided(site: RunningSite) -> list[str]:
    """The numbers of decided requests: twice ``COUNT``, the last of each refused, and one more."""
    applicant, officer = Visitor(site.url), Visitor(site.url)
    key = scenario.load_key(site.keys, "applicant")
    scenario.register_applicant(applicant, key)
    scenario.log_in(officer, "officer")
    numbers = []
    for count in range(2 * COUNT + 1):
        check = scenario.fill_request(applicant)
        scenario.pay_fee(applicant, check)
        case = scenario.sign_request(applicant, check, key)
        number = scenario.request_number(case)
        page = scenario.review_case(officer, number, met=count % COUNT < COUNT - 1)
        if count % COUNT == COUNT - 1:
            scenario.refuse_case(officer, page)
        numbers.append(number)
    return numbers


def choose(person: Person, numbers: list[str]) -> Page:
    person.log_in("signatory")
    page = person.page
    page.goto("/provider/to-sign")
    for number in numbers:
        page.locator("tr", has_text=number).locator("input[type=checkbox]").check()
    person.shot("30-to-sign")
    person.press("#choices button")
    return page


def test_five_with_one_password(browser: Browser, site: RunningSite, decided: list[str]) -> None:
    person = Person(browser, site)
    page = choose(person, decided[:COUNT])
    documents = page.locator("[data-signing]")
    expect(documents).to_have_count(COUNT)
    person.open_key(site.keys / "signatory.p12")
    expect(documents.first.locator(".signing-xml")).to_contain_text("urn:egovdocs:licence:1")
    expect(documents.last.locator(".signing-xml")).to_contain_text("urn:egovdocs:refusal:1")
    person.shot("31-batch")
    batch = page.url
    page.click("#signing-sign")
    expect(page.locator("h1")).to_have_text("Решения подписаны")
    assert page.url == batch
    expect(page.locator(".app-check--passed")).to_have_count(COUNT)
    person.shot("32-batch-signed")
    page.locator("details").first.locator("summary").click()
    person.press(page.locator("details").first.get_by_role("link", name=re.compile(decided[0])))
    expect(page.locator(".app-strip .govuk-tag")).to_contain_text("выдан")
    assert person.complaints == []


def test_what_fails_is_named_and_the_others_go_through(
    browser: Browser, site: RunningSite, decided: list[str]
) -> None:
    chosen = decided[COUNT : 2 * COUNT]
    person = Person(browser, site)
    page = choose(person, chosen)
    officer = Person(browser, site)
    officer.log_in("officer")
    officer.page.goto("/provider?show=sign")
    officer.press(officer.page.get_by_role("link", name=chosen[1]))
    officer.press("form[action$='/return'] button")
    person.open_key(site.keys / "signatory.p12")
    page.click("#signing-sign")
    error = page.locator("#signing-error-text")
    expect(error).to_contain_text(f"Не подписано: 1 из {COUNT} ({chosen[1]})")
    expect(page.locator("#signing-sign")).to_have_text("Подписать все (1)")
    expect(page.locator(".app-check--passed")).to_have_count(COUNT - 1)
    failed = page.locator(f"[data-name='{chosen[1]}'] .app-check--failed")
    expect(failed).to_contain_text("Не подписано:")
    person.shot("33-batch-failed")
    page.reload()
    expect(page.locator("[data-signing]")).to_have_count(1)


def test_a_document_that_was_changed_on_the_way_is_not_signed(
    browser: Browser, site: RunningSite, decided: list[str]
) -> None:
    number = decided[2 * COUNT]
    person = Person(browser, site)

    def lie(route, request) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("issuedOn", "issuedAt"))

    person.page.route("**/canonical.xml", lie)
    page = choose(person, [number])
    person.open_key(site.keys / "signatory.p12")
    page.click("#signing-sign")
    expect(page.locator(f"[data-name='{number}'] .app-check--failed")).to_contain_text(
        "не под тем документом"
    )
