"""Off to the payment gateway and back in Chromium, which holds forms to the content security policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import Person

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor
from egovdocs.sandbox.running_site import RunningGateway, RunningSite

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> RunningGateway:
    return RunningGateway(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def site(gateway: RunningGateway) -> Iterator[RunningSite]:
    """It pays at the gateway, which is not there yet."""
    with RunningSite(gateway.folder, gateway.url, payments="gateway", payment_pages=gateway.url) as running:
        gateway.forward_to(running)
        yield running


def case_to_pay(site: RunningSite) -> str:
    visitor = Visitor(site.url)
    key = scenario.load_key(site.keys, "applicant")
    scenario.register_applicant(visitor, key)
    return scenario.case_url(scenario.fill_request(visitor))


def login_of(keys: Path) -> str:
    return scenario.login_of(scenario.load_key(keys, "applicant"))


def test_p4_the_gateway_is_down_then_cancelled_then_paid(
    browser: Browser, site: RunningSite, gateway: RunningGateway
) -> None:
    case = case_to_pay(site)
    person = Person(browser, site)
    person.log_in(login_of(site.keys))
    page = person.page
    page.goto(f"{case}/payment")
    person.press(page.get_by_role("button", name="Перейти"))
    expect(page.get_by_role("alert")).to_contain_text("Платёжный шлюз сейчас недоступен")
    person.shot("payment-down")
    (complaint,) = person.complaints
    assert "503 (Service Unavailable)" in complaint
    person.complaints.clear()
    with gateway:
        person.press(page.get_by_role("button", name="Перейти"))
        page.wait_for_url(re.compile(f"^{re.escape(gateway.url)}/pay/"))
        person.shot("payment-page")
        person.press(page.get_by_role("button", name="Отменить"))
        page.wait_for_url("**/payment?cancelled=1")
        person.shot("payment-cancelled")
        person.press(page.get_by_role("button", name="Перейти"))
        person.press(page.get_by_role("button", name="Оплатить"))
        page.wait_for_url(f"{case}/check")
        person.shot("payment-paid")
    assert person.complaints == []
