"""A remark is made, answered with a key, and the request taken back, in Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import Person

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor
from egovdocs.sandbox.running_site import RunningSite
from egovdocs.sandbox.sample_requests import sample_file

pytestmark = pytest.mark.browser
IIN = "910203450036"


def test_a_remark_its_answer_and_a_withdrawal(browser: Browser, site: RunningSite, tmp_path: Path) -> None:
    visitor, key = Visitor(site.url), scenario.load_key(site.keys, "applicant")
    scenario.register_applicant(visitor, key)
    check = scenario.fill_request(visitor)
    scenario.pay_fee(visitor, check)
    number = scenario.request_number(scenario.sign_request(visitor, check, key))

    officer = Person(browser, site)
    officer.log_in("officer")
    officer.page.fill("#wanted", IIN)
    officer.press("form:has(#wanted) button")
    assert IIN not in officer.page.url
    officer.press(officer.page.get_by_role("link", name=number))
    officer.press("form[action$='/claim'] button")
    officer.page.locator("summary", has_text="Сделать замечание").click()
    officer.page.fill("#remark", "Приложите договор аренды.")
    officer.press("form[action$='/remark'] button")
    expect(officer.page.locator(".app-exchange")).to_contain_text("Приложите договор аренды.")

    applicant = Person(browser, site)
    applicant.log_in(IIN)
    page = applicant.page
    page.goto("/account")
    expect(page.locator("tr", has_text=number)).to_contain_text("Ответить на замечание")
    applicant.press(page.get_by_role("link", name=number))
    applicant.press("a[href$='/remark/1']")
    page.fill("#text", "Договор приложен.")
    name, data = sample_file("contract")[:2]
    scan = tmp_path / name
    scan.write_bytes(data)
    page.set_input_files("#files", scan)
    applicant.shot("40-answer")
    applicant.press("form[action$='/remark/1'] button")
    expect(page.locator("#signing-document")).to_contain_text("Договор приложен.")
    applicant.sign_with(site.keys / "applicant.p12")
    expect(page.locator(".app-exchange--answer")).to_contain_text("Договор приложен.")
    applicant.shot("41-answered")

    officer.page.goto("/provider?show=mine")
    expect(officer.page.locator("tr", has_text=number)).to_contain_text("Заявитель ответил")

    applicant.press(page.get_by_role("link", name="Отозвать запрос"))
    page.fill("#reason", "Передумала.")
    applicant.press("form[action$='/withdraw'] button")
    applicant.sign_with(site.keys / "applicant.p12")
    expect(page).to_have_url(re.compile("/cases/"))
    expect(page.locator(".govuk-summary-list .govuk-tag")).to_have_text("Отозван заявителем")
    officer.page.reload()
    expect(officer.page.locator("tr", has_text=number)).to_have_count(0)
    assert applicant.complaints == officer.complaints == []
