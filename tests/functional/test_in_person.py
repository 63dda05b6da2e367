"""Tables A2, A3 and B2 over real HTTP, the registers behind the gateway's stand-in in a process of its own.

Gateway and site are killed in the middle: no request is lost, none is registered twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree
from tests.functional.conftest import Gated, gated

from egovdocs.sandbox import scenario
from egovdocs.sandbox.http_visitor import UnexpectedResponse, Visitor, WebPage
from egovdocs.sandbox.running_site import RunningGateway
from egovdocs.sandbox.sample_requests import ATTACHMENT_REQUEST, LICENCE_REQUEST, SampleRequest

pytestmark = pytest.mark.slow

PERSON, UNKNOWN = "910203450036", "680503250034"
CLINIC, REPRESENTATIVE, POWER = "120540000567", "850311300176", "2026-0602-1"
REQ = "{urn:egovdocs:request:1}"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    with gated(Gated, RunningGateway(tmp_path_factory.mktemp("site"))) as town:
        yield town


def request_of(staff: Visitor, case: WebPage) -> etree._Element:
    return etree.fromstring(staff.open(case.link("/request.xml")).body)


def grant(town: Gated, case: WebPage, officer: str, signatory: str) -> None:
    granted = scenario.review_case(town.logged_in(officer), scenario.request_number(case))
    scenario.sign_outcome(town.logged_in(signatory), granted, town.key(signatory))


def test_a2_c3_yes_p9_from_the_visitor_to_the_licence_in_their_hand(town: Gated) -> None:
    officer = town.logged_in("officer")
    town.gateway.kill()
    waiting = scenario.receive_visitor(officer, LICENCE_REQUEST, PERSON)
    assert "has not answered yet" in waiting.text
    assert scenario.journal_steps(waiting) == ["P1", "C1", "P3", "P4"]
    still = officer.submit(officer.open(waiting.url), "/look-up", expect=422)
    assert "cannot be reached" in still.text
    town.power_cut()
    town.gateway.start()
    parts = scenario.repeat_look_up(officer, officer.open(waiting.url))
    assert "Сапарова Айгерім Маратқызы" in parts.text

    check = scenario.fill_visitor_request(officer, parts)
    assert "Receipt for the licence fee" in check.text
    town.power_cut()
    case = scenario.seal_request(officer, check)
    number = scenario.request_number(case)
    town.power_cut()
    again = officer.submit(check, "/register")  # the button once more, in a page left open
    assert scenario.request_number(again) == number
    assert scenario.journal_steps(again) == ["P1", "C1", "P3", "P4", "C2", "P6", "P7", "C3"]
    assert request_of(officer, case).findtext(f"{REQ}papers/{REQ}paper") == "premises"
    for kind in ("request", "receipt"):
        scenario.verify_document(town.visitor(), f"{kind}.xml", officer.open(case.link(f"/{kind}.xml")).body)

    grant(town, case, "officer2", "signatory")
    case = officer.open(case.url)
    assert scenario.journal_steps(case)[-2:] == ["C3", "P9"]
    licence = officer.open(case.link("/outcome.pdf")).body
    scenario.verify_document(town.visitor(), "licence.pdf", licence)
    assert number in officer.open("/provider/visitors").text
    assert "Handed over at" in scenario.hand_out(officer, case).text

    # Whoever it was for sees it later in their own history, and no other applicant does.
    applicant = town.applicant()
    assert number in applicant.open("/account").text
    assert "Handed over at" in applicant.open(case.url).text
    assert number not in town.logged_in(CLINIC).open("/account").text
    town.logged_in(CLINIC).open(case.url, expect=403)


def test_a3_c2_yes_p9_a_representative_at_the_centre(town: Gated) -> None:
    operator, colleague = town.logged_in("operator"), town.logged_in("operator2")
    parts = scenario.receive_visitor(
        operator, LICENCE_REQUEST, CLINIC, "/centre", representative=REPRESENTATIVE, power=POWER
    )
    assert "Нұрғалиев Ерлан Серікұлы" in parts.text
    check = scenario.fill_visitor_request(operator, parts)
    with pytest.raises(UnexpectedResponse, match="not belong to the organisation"):
        scenario.sign_request(operator, check, scenario.load_key(town.site.keys, "registrar"))
    town.gateway.kill()  # it is needed no more
    case = scenario.sign_request(operator, check, town.key("operator"))
    number = scenario.request_number(case)
    town.power_cut()
    town.gateway.start()
    again = operator.open(f"{case.url}")
    assert scenario.request_number(again) == number
    assert scenario.journal_steps(again) == ["P1", "P2", "P3", "C1", "P5", "P6", "P7", "C2"]
    request = request_of(operator, again)
    assert request.findtext(f"{REQ}representative/{REQ}power") == POWER
    assert request.findtext(f"{REQ}reception/{REQ}name") == "Сейітова Аружан Бекболатқызы"
    scenario.verify_document(town.visitor(), "request.xml", operator.open(again.link("/request.xml")).body)

    grant(town, case, "officer", "signatory")
    assert number in colleague.open("/centre").text
    handed = scenario.hand_out(colleague, colleague.open(case.url))
    assert "Handed over at" in handed.text
    assert number not in colleague.open("/centre").text
    assert number in operator.open("/centre").text
    assert number in town.logged_in(CLINIC).open("/account").text


def test_b2_c2_yes_p8_the_paper_certificate(town: Gated) -> None:
    registrar = town.logged_in("registrar")
    parts = scenario.receive_visitor(registrar, ATTACHMENT_REQUEST, PERSON)
    town.gateway.kill()
    town.power_cut()
    check = scenario.fill_visitor_request(registrar, registrar.open(parts.url), ATTACHMENT_REQUEST)
    case = scenario.sign_request(registrar, check, town.key("registrar"))
    town.gateway.start()
    assert scenario.journal_steps(case) == ["P1", "P2", "P3", "C1", "P5", "P6", "C2"]
    grant(town, case, "registrar", "physician")
    case = registrar.open(case.url)
    assert scenario.journal_steps(case)[-2:] == ["C2", "P8"]
    paper = registrar.open(case.link("/outcome.pdf")).body
    assert "«Толкын»" in scenario.verify_document(town.visitor("ru"), "certificate.pdf", paper).text
    assert "Handed over at" in scenario.hand_out(registrar, case).text


def test_b1_c3_yes_p8_without_the_gateway_and_through_power_cuts(town: Gated) -> None:
    """B1 asks no register: it goes on while the gateway is down; what was acknowledged outlives a cut."""
    applicant = town.applicant()
    town.gateway.kill()
    try:
        check = scenario.fill_request(applicant, ATTACHMENT_REQUEST)
        town.power_cut()
        case = scenario.sign_request(applicant, check, town.key("applicant"))
        number = scenario.request_number(case)
        town.power_cut()
        grant(town, case, "registrar", "physician")
        case = applicant.open(case.url)
        assert scenario.request_number(case) == number
        assert scenario.journal_steps(case) == ["P1", "C1", "P3", "C2", "P5", "P6", "C3", "P8"]
    finally:
        town.gateway.start()


@pytest.mark.parametrize(
    ("login", "door", "errand", "step"),
    [
        ("officer", "/provider/visitors", LICENCE_REQUEST, "P5"),
        ("operator", "/centre", LICENCE_REQUEST, "P4"),
        ("registrar", "/provider/visitors", ATTACHMENT_REQUEST, "P4"),
    ],
    ids=["A2", "A3", "B2"],
)
def test_nobody_of_that_number(town: Gated, login: str, door: str, errand: SampleRequest, step: str) -> None:
    staff = town.logged_in(login)
    refused = scenario.receive_visitor(staff, errand, UNKNOWN, door, expect=403)
    assert f"{step}: The persons register has nobody" in refused.text
    ended = staff.open(staff.open(door).link("/cases/"))
    assert scenario.journal_steps(ended)[-1] == step


def test_a3_c1_no_p4_of_a_power_of_attorney_that_was_revoked(town: Gated) -> None:
    operator = town.logged_in("operator")
    told = {"representative": "960815400214", "power": "2024-0910-8"}
    refused = scenario.receive_visitor(operator, LICENCE_REQUEST, PERSON, "/centre", expect=403, **told)
    assert "P4: The power of attorney is not in force" in refused.text


@pytest.mark.parametrize(
    "wrong", [{"down": True}, {"fault": "SCSS001"}, {"forged": True}, {"altered": True}, {"delay": 20}]
)
def test_an_answer_that_is_not_to_be_believed_ends_nothing(town: Gated, wrong: dict[str, object]) -> None:
    officer = town.logged_in("officer")
    town.gateway.inject_faults(**wrong)
    try:
        waiting = scenario.receive_visitor(officer, LICENCE_REQUEST, PERSON)
        assert "has not answered yet" in waiting.text
    finally:
        town.gateway.inject_faults()
    assert "Not started yet" in scenario.repeat_look_up(officer, waiting).text


def test_a_replayed_answer_is_about_another(town: Gated) -> None:
    officer = town.logged_in("officer")
    scenario.receive_visitor(officer, LICENCE_REQUEST, PERSON)
    town.gateway.inject_faults(replayed=True)
    try:
        assert "has not answered yet" in scenario.receive_visitor(officer, LICENCE_REQUEST, UNKNOWN).text
    finally:
        town.gateway.inject_faults()
