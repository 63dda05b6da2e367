"""Table A1 with its fee paid at the payment gateway, over SOAP; site and gateway are a process each.

Both are killed between opening, paying and hearing: no payment is lost, none counts twice.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import requests
from lxml import etree
from tests.functional.conftest import Gated, gated

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor, WebPage
from egovdocs.sandbox.running_site import RunningGateway

pytestmark = pytest.mark.slow

REQ = "{urn:egovdocs:request:1}"
PAID = ["P1", "C1", "P3", "P4", "C2", "P6", "C3", "P8", "P9", "C4"]


class Paying(Gated):
    """A town whose site has fees paid at the payment gateway."""

    def gateway_dies(self) -> None:
        self.gateway.kill()
        self.gateway.start()

    def payments(self) -> list[dict[str, Any]]:
        """What the payment gateway keeps."""
        return json.loads(self.gateway.payments.read_text("utf-8"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    gateway = RunningGateway(tmp_path_factory.mktemp("site"))
    with gated(Paying, gateway, payments="gateway", payment_pages=gateway.url) as town:
        yield town


@pytest.fixture(autouse=True)
def _nothing_goes_wrong(town: Paying) -> None:
    town.gateway.inject_faults()


def press(page: WebPage, wish: str) -> str:
    """A button at the payment gateway, by somebody who closes the window then; where they were sent."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{page.url}/{wish}", allow_redirects=False, timeout=60)
    assert answer.status_code == 303
    return answer.headers["Location"]


def go_to_pay(visitor: Visitor, check: WebPage, expect: int = 200) -> WebPage:
    page = visitor.open(f"{scenario.case_url(check)}/payment")
    return visitor.submit(page, "/payment", expect=expect)


def until(true: Callable[[], bool], patience: float = 300) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)


def is_paid(visitor: Visitor, check: WebPage) -> bool:
    """By the site's own knowledge: opening this page asks nobody."""
    return visitor.open(f"{scenario.case_url(check)}/payment").url.endswith("/check")


def registered(town: Paying, visitor: Visitor, check: WebPage) -> WebPage:
    """The request signed and registered; it says what was paid."""
    case = scenario.sign_request(visitor, check, town.key("applicant"))
    request = etree.fromstring(visitor.open(case.link("/request.xml")).body)
    paid = request.find(f"{REQ}payment")
    (kept,) = (
        each for each in town.payments() if each["order"]["reference"] == paid.findtext(f"{REQ}reference")
    )
    assert paid.findtext(f"{REQ}amount") == kept["order"]["amount"]
    assert datetime.fromisoformat(paid.findtext(f"{REQ}paidAt")) == datetime.fromisoformat(
        kept["paid_at"]
    ).replace(microsecond=0)
    return case


def test_a1_c2_yes_p11_through_every_death(town: Paying) -> None:
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    town.gateway.kill()
    page = go_to_pay(applicant, check, expect=503)
    assert "payment gateway cannot be reached" in page.text
    assert "39,320" in page.text
    town.power_cut()
    town.gateway.start()
    town.gateway.inject_faults(silent=True)
    till = go_to_pay(applicant, check)
    assert till.url.startswith(f"{town.gateway.url}/pay/")
    town.gateway_dies()
    assert go_to_pay(applicant, check).url == till.url
    assert not is_paid(applicant, check)
    assert press(till, "pay").startswith(scenario.case_url(check))
    town.gateway.kill()  # before the site heard anything
    back = applicant.open(f"{scenario.case_url(check)}/payment?back=1")
    assert "do not pay again" in back.text
    town.power_cut()
    town.gateway.start()
    until(lambda: is_paid(applicant, check))  # by the outbox: nobody came back, and there was no notice

    town.power_cut()
    case = registered(town, applicant, check)
    number = scenario.request_number(case)
    town.gateway.inject_faults()  # now the notice comes, late
    until(lambda: all(each["notified"] for each in town.payments()))
    case = applicant.open(case.url)
    assert scenario.journal_steps(case) == PAID
    numbers = [link.text_content() for link in applicant.open("/account").tree.xpath("//main//a")]
    assert sum(number in text for text in numbers) == 1

    granted = scenario.review_case(town.logged_in("officer"), number)
    town.gateway_dies()
    town.power_cut()
    scenario.sign_outcome(town.logged_in("signatory"), granted, town.key("signatory"))
    licence = applicant.open(applicant.open(case.url).link("/outcome.pdf")).body
    scenario.verify_document(town.visitor(), "licence.pdf", licence)


def test_a1_c2_yes_the_notice_alone(town: Paying) -> None:
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    till = go_to_pay(applicant, check)
    town.site.kill()
    press(till, "pay")
    town.site.start()
    until(lambda: all(each["notified"] for each in town.payments()))
    assert is_paid(applicant, check)
    press(till, "pay")  # again, in a window left open
    press(till, "cancel")
    assert scenario.journal_steps(registered(town, applicant, check)) == PAID


def test_a1_c2_no_p5_cancelled_and_paid_at_the_second_attempt(town: Paying) -> None:
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    page = applicant.submit(go_to_pay(applicant, check), "/cancel")
    assert page.url.endswith("/payment?cancelled=1")
    assert "You cancelled the payment" in page.text
    until(lambda: all(each["notified"] for each in town.payments()))
    page = scenario.pay_fee(applicant, check)
    assert page.url.endswith("/check")
    case = registered(town, applicant, check)
    assert scenario.journal_steps(case) == [*PAID[:5], "P5", "P4", *PAID[4:]]


def test_logs_name_nobody(town: Paying) -> None:
    applicant = town.applicant()
    check = scenario.fill_request(applicant)
    press(go_to_pay(applicant, check), "pay")
    until(lambda: is_paid(applicant, check))
    logs = town.site.log.read_text("utf-8") + town.gateway.log.read_text("utf-8")
    for secret in (scenario.login_of(town.key("applicant")), "Traceback", " ERROR "):
        assert secret not in logs
    for payment in town.payments():
        assert payment["order"]["reference"] not in logs
