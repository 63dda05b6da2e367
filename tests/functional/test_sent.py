"""Table B1 with its signed request sent over SOAP (P5, P6), and A3 (P6, P7); site and gateway a process each.

Both are killed between signing, sending and registering: no request is lost, none is registered twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from lxml import etree
from tests.functional.conftest import Gated, gated

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import Visitor, WebPage
from egovdocs.sandbox.running_site import RunningGateway
from egovdocs.sandbox.sample_requests import ATTACHMENT_REQUEST, LICENCE_REQUEST

pytestmark = pytest.mark.slow

ON_ITS_WAY = "on its way to the provider through the e-government gateway"
RCP = "{urn:egovdocs:receipt:1}"


class Sending(Gated):
    """A town whose site sends signed requests over the gateway."""

    def signed(self, applicant: Visitor) -> WebPage:
        """P3 to P5."""
        return scenario.sign_request(
            applicant, scenario.fill_request(applicant, ATTACHMENT_REQUEST), self.key("applicant")
        )

    def queue(self) -> str:
        return self.logged_in("registrar").open("/provider?show=all").text


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sending]:
    with gated(Sending, RunningGateway(tmp_path_factory.mktemp("site")), sending="gateway") as town:
        yield town


@pytest.fixture
def applicant(town: Sending) -> Visitor:
    return town.applicant()


def numbers(applicant: Visitor) -> list[str]:
    """The numbers of the history's requests."""
    page = applicant.open("/account")
    return [link.text for link in page.tree.xpath("//main//th//a[contains(@href, '/cases/')]")]


def test_b1_c3_yes_p8_signed_while_the_gateway_is_down(town: Sending, applicant: Visitor) -> None:
    check = scenario.fill_request(applicant, ATTACHMENT_REQUEST)
    form = applicant.open(f"{scenario.case_url(check)}/form/choice")
    before = town.queue()
    town.gateway.kill()
    case = scenario.sign_request(applicant, check, town.key("applicant"))
    assert ON_ITS_WAY in case.text
    assert scenario.journal_steps(case) == ["P1", "C1", "P3", "C2", "P5"]
    assert "no number yet" in numbers(applicant)
    signed = applicant.open(case.link("/request.xml")).body
    scenario.verify_document(town.visitor(), "request.xml", signed)
    scenario.verify_document(town.visitor(), "request.pdf", applicant.open(case.link("/request.pdf")).body)
    town.power_cut()

    # What is signed stays as it is, whoever tries.
    assert ON_ITS_WAY in applicant.open(f"{scenario.case_url(check)}/form/choice").text
    other = applicant.submit(form, "/form/choice", {"clinic": "tolqyn", "reason": "moved"}, expect=422)
    assert "can no longer be changed" in other.text
    assert "signed already" in applicant.submit(check, "/sign", expect=422).text
    assert town.queue() == before

    town.gateway.start()
    case = scenario.wait_until_registered(applicant, case)
    number = scenario.request_number(case)
    assert scenario.journal_steps(case) == ["P1", "C1", "P3", "C2", "P5", "P6", "C3"]
    assert applicant.open(case.link("/request.xml")).body == signed
    receipt = etree.fromstring(applicant.open(case.link("/receipt.xml")).body)
    assert receipt.findtext(f"{RCP}number") == number
    assert town.queue().count(number) == 1

    granted = scenario.review_case(town.logged_in("registrar"), number)
    scenario.sign_outcome(town.logged_in("physician"), granted, town.key("physician"))
    case = applicant.open(case.url)
    assert scenario.journal_steps(case)[-2:] == ["C3", "P8"]
    scenario.verify_document(
        town.visitor(), "certificate.xml", applicant.open(case.link("/outcome.xml")).body
    )
    assert numbers(applicant).count(number) == 1


def test_many_wait_and_each_arrives_once(town: Sending, applicant: Visitor) -> None:
    before = numbers(applicant)
    town.gateway.kill()
    cases = [town.signed(applicant) for _time in range(3)]
    town.site.kill()
    town.gateway.start()
    town.site.start()
    arrived = [scenario.request_number(scenario.wait_until_registered(applicant, case)) for case in cases]
    assert len(set(arrived)) == 3
    assert sorted(numbers(applicant)) == sorted([*before, *arrived])


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3])
def test_the_site_killed_at_any_moment_after_it_was_signed(
    town: Sending, applicant: Visitor, seconds: float
) -> None:
    before = numbers(applicant)
    case = town.signed(applicant)
    time.sleep(seconds)
    town.power_cut()
    number = scenario.request_number(scenario.wait_until_registered(applicant, case))
    assert sorted(numbers(applicant)) == sorted([*before, number])


def test_the_gateway_killed_at_any_moment_while_requests_are_sent(town: Sending, applicant: Visitor) -> None:
    before = numbers(applicant)
    ended = threading.Event()

    def kill() -> None:
        while not ended.wait(0.4):
            town.gateway.kill()
            town.gateway.start()

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        cases = [town.signed(applicant) for _time in range(3)]
    finally:
        ended.set()
        killing.join(120)
    arrived = [scenario.request_number(scenario.wait_until_registered(applicant, case)) for case in cases]
    assert sorted(numbers(applicant)) == sorted([*before, *arrived])


def test_answers_that_are_lost_or_not_to_be_believed(town: Sending, applicant: Visitor) -> None:
    before, cases = numbers(applicant), []
    for wrong in ({"forged": True}, {"altered": True}, {"fault": "no-answer"}, {"delay": 12}):
        town.gateway.inject_faults(**wrong)
        cases.append(town.signed(applicant))
        time.sleep(1)  # it may have arrived by now, and what is answered goes wrong
    town.gateway.inject_faults()
    arrived = [scenario.request_number(scenario.wait_until_registered(applicant, case)) for case in cases]
    time.sleep(6)  # by now each would have been sent again
    assert sorted(numbers(applicant)) == sorted([*before, *arrived])


def test_a3_c2_yes_p9_an_operators_signature_is_sent_once_the_gateway_is_back(town: Sending) -> None:
    operator = town.logged_in("operator")
    check = scenario.fill_visitor_request(
        operator, scenario.receive_visitor(operator, LICENCE_REQUEST, "910203450036", "/centre")
    )
    town.gateway.kill()
    case = scenario.sign_request(operator, check, town.key("operator"))
    assert "Refresh the status to print the receipt" in case.text
    assert "no number yet" in operator.open("/centre").text
    assert scenario.journal_steps(case) == ["P1", "P2", "P3", "C1", "P5", "P6"]
    town.power_cut()
    town.gateway.start()
    case = scenario.wait_until_registered(operator, case)
    assert scenario.journal_steps(case) == ["P1", "P2", "P3", "C1", "P5", "P6", "P7", "C2"]
    assert "Print the receipt" in case.text
    granted = scenario.review_case(town.logged_in("officer"), scenario.request_number(case))
    scenario.sign_outcome(town.logged_in("signatory"), granted, town.key("signatory"))
    case = operator.open(case.url)
    scenario.verify_document(town.visitor(), "licence.xml", operator.open(case.link("/outcome.xml")).body)
    assert "Handed over at" in scenario.hand_out(operator, case).text


def test_a2_and_b2_are_registered_where_they_were_taken_down(town: Sending) -> None:
    """Their tables send no request through the gateway."""
    officer, registrar = town.logged_in("officer"), town.logged_in("registrar")
    licence = scenario.fill_visitor_request(
        officer, scenario.receive_visitor(officer, LICENCE_REQUEST, "910203450036")
    )
    attachment = scenario.fill_visitor_request(
        registrar, scenario.receive_visitor(registrar, ATTACHMENT_REQUEST, "910203450036"), ATTACHMENT_REQUEST
    )
    town.gateway.kill()
    try:
        assert scenario.journal_steps(scenario.seal_request(officer, licence))[-2:] == ["P7", "C3"]
        case = scenario.sign_request(registrar, attachment, town.key("registrar"))
        assert scenario.journal_steps(case)[-2:] == ["P6", "C2"]
    finally:
        town.gateway.start()


def test_logs_name_nobody(town: Sending, applicant: Visitor) -> None:
    town.gateway.kill()
    case = town.signed(applicant)
    deadline = time.monotonic() + scenario.TIMEOUT
    while "outbox: sending " not in town.site.log.read_text("utf-8") and time.monotonic() < deadline:
        time.sleep(0.1)
    town.gateway.start()
    scenario.wait_until_registered(applicant, case)
    logs = town.site.log.read_text("utf-8") + town.gateway.log.read_text("utf-8")
    assert "outbox: sending " in logs
    for name in ("910203450036", "Сапарова", "Traceback"):
        assert name not in logs
