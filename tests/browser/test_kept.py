"""What was typed stays, whatever happens to the language or the session in the middle of a form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Person

from egovdocs.sandbox.demo_people import PASSWORD
from egovdocs.sandbox.running_site import RunningSite

pytestmark = pytest.mark.browser
CLINIC = "120540000567"
TOWN = "г. Жаңаөзен"


def form(browser: Browser, site: RunningSite, *, javascript: bool = True) -> Person:
    """An applicant at the first page of a form, with something typed."""
    person = Person(browser, site, javascript=javascript)
    person.log_in(CLINIC)
    page = person.page
    page.goto("/services/medical-licence")
    page.check("[name=action][value=issue]")
    person.press("main form button")
    page.select_option("[name=address-region]", "47")
    page.fill("[name=address-locality]", TOWN)
    page.fill("[name=address-street]", "2-й микрорайон, дом 5")
    return person


def log_in_here(page: Page) -> None:
    page.fill("[name=login]", CLINIC)
    page.fill("[name=password]", PASSWORD)


@pytest.mark.parametrize("javascript", [True, False])
def test_over_the_end_of_a_session(browser: Browser, site: RunningSite, javascript: bool) -> None:
    person = form(browser, site, javascript=javascript)
    page, save = person.page, "main form .govuk-button-group button"
    here = page.url
    person.context.clear_cookies(name="session")
    person.press(save)
    expect(page.locator("main")).to_contain_text("отправить это ещё раз")
    log_in_here(page)
    person.press(page.locator("main form button[type=submit]").last)
    expect(page.locator("h1")).to_have_text("Введённые данные сохранены")
    person.press("main form button")
    expect(page).to_have_url(re.compile("/form/activities"))
    page.goto(here)
    expect(page.locator("[name=address-locality]")).to_have_value(TOWN)


def test_over_a_change_of_language(browser: Browser, site: RunningSite) -> None:
    page = form(browser, site).page
    page.get_by_role("link", name="Қазақша").click()
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    expect(page.locator("[name=address-locality]")).to_have_value(TOWN)
    expect(page.locator("[name=address-region]")).to_have_value("47")
    page.reload()  # not longer than that
    expect(page.locator("[name=address-locality]")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0


def test_over_a_change_of_language_of_a_page_that_says_what_is_wrong(
    browser: Browser, site: RunningSite
) -> None:
    person = form(browser, site)
    page = person.page
    page.select_option("[name=address-region]", "")
    person.press("main form .govuk-button-group button")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=address-locality]")).to_have_value(TOWN)
