"""Paying at the payment gateway: off to its page and back, and its notice at the gateway's entrance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.api.test_soap_endpoint import Line, key
from tests.casework.payments.test_pay_fee_gateway import Desk
from tests.worlds import WebWorld, connected
from webtest import TestApp

from egovdocs.content import CaseState
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway.client import Fault
from egovdocs.integrations.payments import payment_messages
from egovdocs.integrations.payments.payment_port import PaymentNotice, PaymentStatus, Unpaid
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.sandbox.demo_people import CLINIC_BIN

PAGES = "https://pay.example"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="module")
def world(new_demo_site: Callable[[], Path], desk: Desk) -> Iterator[WebWorld]:
    """A site whose fees are paid at a payment gateway that says what the test wants."""
    settings = {"egovdocs.payments": "gateway", "egovdocs.payment_pages": PAGES}
    with connected(new_demo_site(), settings, payments=desk) as world:
        assert world.office.registers is EmbeddedRegisters
        yield world


@pytest.fixture(autouse=True)
def _pending(desk: Desk) -> None:
    desk.says = None


@pytest.fixture
def line(world: WebWorld) -> Line:
    return Line(world, key(world, "gateway"))


@pytest.fixture
def reference(world: WebWorld) -> str:
    return world.drafted()


def notice(world: WebWorld, reference: str, /, **changed: Any) -> PaymentNotice:
    with world.site() as site:
        payment = site["cases"][reference].payment
    told = {"reference": payment.reference, "amount": payment.amount, "currency": payment.currency}
    return PaymentNotice(**{**told, "paid_at": datetime.now(UTC), "transaction": "T1", **changed})


def state_of(world: WebWorld, reference: str) -> tuple[CaseState, str]:
    """And the journal from the form on."""
    with world.site() as site:
        case = site["cases"][reference]
        steps = [entry.step for entry in case.journal]
        return case.state, " ".join(steps[steps.index("P3") :])


def tell(line: Line, told: PaymentNotice | Unpaid) -> str:
    return line.call(
        payment_messages.NOTICE, payment_messages.build_status(told), payment_messages.parse_reference
    )


def press(browser: TestApp, reference: str, **expected: Any) -> Any:
    page = browser.get(f"/cases/{reference}/payment")
    form = next(form for form in page.forms.values() if form.action.endswith("/payment"))
    return form.submit(**expected)


def test_off_to_the_one_place_that_forms_may_lead_to(world: WebWorld, reference: str) -> None:
    answer = press(world.browser(CLINIC_BIN), reference, status=303)
    assert answer.location == f"{PAGES}/1"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert f"form-action 'self' {PAGES}" in policy
    assert [rule for rule in policy if PAGES in rule] == [f"form-action 'self' {PAGES}"]


@pytest.mark.parametrize("problem", [ExternalSystemUnavailable("down"), ForgedResponse("forged")])
def test_without_an_answer_the_page_says_so_and_can_be_tried_again(
    world: WebWorld, desk: Desk, reference: str, problem: Exception
) -> None:
    browser = world.browser(CLINIC_BIN)
    desk.says = problem
    page = press(browser, reference, status=503)
    assert "payment gateway cannot be reached" in page
    assert "Go to the bank" in page
    assert state_of(world, reference) == (CaseState.AWAITING_PAYMENT, "P3 P4")
    desk.says = None
    press(browser, reference, status=303)


def test_back_from_paying(world: WebWorld, desk: Desk, reference: str) -> None:
    browser = world.browser(CLINIC_BIN)
    back = f"/cases/{reference}/payment?back=1"
    assert "has not told us" in browser.get(back, status=200)
    desk.says = ExternalSystemUnavailable("down")
    assert "do not pay again" in browser.get(back, status=200)
    desk.says = notice(world, reference, amount=Decimal(1))
    assert "The amount is not" in browser.get(back, status=200)
    desk.says = notice(world, reference)
    assert browser.get(back, status=303).location.endswith(f"/cases/{reference}/check")
    assert state_of(world, reference) == (CaseState.PAID, "P3 P4 C2")


def test_back_from_cancelling(world: WebWorld, desk: Desk, reference: str) -> None:
    browser = world.browser(CLINIC_BIN)
    desk.says = Unpaid(notice(world, reference).reference, PaymentStatus.CANCELLED)
    page = browser.get(f"/cases/{reference}/payment?back=1", status=303).follow()
    assert "You cancelled the payment" in page
    assert state_of(world, reference) == (CaseState.AWAITING_PAYMENT, "P3 P4 C2 P5")


def test_nobody_else_asks(world: WebWorld, desk: Desk, reference: str) -> None:
    desk.says = notice(world, reference)
    world.browser("officer").get(f"/cases/{reference}/payment?back=1", status=403)
    assert state_of(world, reference)[0] is CaseState.AWAITING_PAYMENT


def test_the_amount_is_that_of_the_payment_that_was_begun(world: WebWorld, reference: str) -> None:
    office = world.office
    later = replace(office, monthly_index=dict.fromkeys(office.monthly_index, Decimal(5000)))
    world.application.registry["office"] = later
    try:
        browser = world.browser(CLINIC_BIN)
        for page in ("payment", "check"):
            text = browser.get(f"/cases/{reference}/{page}").text
            assert "39,320" in text
            assert "50,000" not in text
    finally:
        world.application.registry["office"] = office


# The notice


def test_a_notice_is_heard_once(world: WebWorld, line: Line, reference: str) -> None:
    told = notice(world, reference)
    assert tell(line, told) == told.reference
    assert tell(line, replace(told, transaction="T2")) == told.reference
    assert state_of(world, reference) == (CaseState.PAID, "P3 P4 C2")
    with world.site() as site:
        assert site["cases"][reference].payment.transaction == "T1"


def test_a_notice_that_came_before_or_was_changed_is_not_heard(world: WebWorld, reference: str) -> None:
    line = Line(world, key(world, "gateway"))
    told = notice(world, reference, amount=Decimal(1))
    with pytest.raises(Fault, match="not-accepted"):
        tell(line, told)
    again = line.sent[0]
    line.change = lambda message: again
    with pytest.raises(Fault, match="replayed"):
        tell(line, told)
    line.change = lambda message: message.replace(b">1<", b">39320<")
    with pytest.raises(Fault, match="bad-signature"):
        tell(line, told)
    for name in ("site", "centre"):
        with pytest.raises(Fault, match="bad-signature"):
            tell(Line(world, key(world, name)), notice(world, reference))
    assert state_of(world, reference) == (CaseState.AWAITING_PAYMENT, "P3 P4")


@pytest.mark.parametrize(
    "changed", [{"currency": "USD"}, {"reference": "nobody"}, {"amount": Decimal(39319)}]
)
def test_a_notice_of_another_payment_is_not_accepted(
    world: WebWorld, line: Line, reference: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(Fault, match="not-accepted"):
        tell(line, notice(world, reference, **changed))
    assert state_of(world, reference)[0] is CaseState.AWAITING_PAYMENT


def test_the_embedded_banks_entrance_believes_nobody_here(world: WebWorld, reference: str) -> None:
    notices = TestApp(world.application)
    signed = world.notice(reference)
    notices.post("/payments/notice", signed, content_type="application/xml", status=422)
    assert state_of(world, reference)[0] is CaseState.AWAITING_PAYMENT
