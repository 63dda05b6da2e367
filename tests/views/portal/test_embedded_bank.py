"""The embedded bank: its page, and the machine entrance that hears its notices."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from webtest import TestApp

from egovdocs.content import CaseState
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedBank
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.signing import sign

NOTICES = "/payments/notice"


def state_of(world: Any, reference: str) -> CaseState:
    with world.site() as site:
        return site["cases"][reference].state


def bank_url(world: Any, reference: str) -> str:
    with world.site() as site:
        return f"/bank/{site['cases'][reference].payment.reference}"


def tell(world: Any, notice: bytes, **expected: Any) -> Any:
    """As the bank's server does: no session, no cookie."""
    return TestApp(world.application).post(NOTICES, notice, content_type="application/xml", **expected)


def test_the_page_names_sum_and_payee_and_not_the_person(world: Any) -> None:
    page = world.browser().get(bank_url(world, world.drafted()))
    assert "₸" in page
    assert "940140000385" in page
    assert "Шипа" not in page
    assert CLINIC_BIN not in page


def test_paying(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, bytes]] = []

    def send(bank: EmbeddedBank, notice: bytes, address: str) -> None:
        sent.append((address, notice))
        tell(world, notice, status=204)

    monkeypatch.setattr(EmbeddedBank, "send_notice", send)
    reference = world.drafted()
    browser = world.browser(CLINIC_BIN)
    url = bank_url(world, reference)
    form = next(form for form in browser.get(url).forms.values() if form.action.endswith("/pay"))
    page = form.submit(status=303).follow()
    deadline = time.monotonic() + 120
    while page.status_int == 200 and time.monotonic() < deadline:
        assert page.headers["Refresh"]
        time.sleep(0.1)
        page = browser.get(f"{url}/paid")
    assert page.location.endswith(f"/cases/{reference}/payment")
    assert state_of(world, reference) is CaseState.PAID
    assert [address for address, _notice in sent] == [f"http://localhost{NOTICES}"]
    assert browser.get(url, status=303).location.endswith(f"/cases/{reference}/payment")


def test_cancelling_pays_nothing(world: Any) -> None:
    reference = world.drafted()
    page = world.browser(CLINIC_BIN).get(bank_url(world, reference))
    form = next(form for form in page.forms.values() if form.action.endswith("/cancel"))
    browser = world.browser(CLINIC_BIN)
    back = browser.get(form.submit(status=303).location)
    assert back.request.path == f"/cases/{reference}/payment"
    assert "You cancelled the payment" in back.text
    assert "has not told us" not in back.text
    assert state_of(world, reference) is CaseState.AWAITING_PAYMENT


def test_a_notice_heard_twice_changes_nothing(world: Any) -> None:
    reference = world.drafted()
    notice = world.notice(reference)
    tell(world, notice, status=204)
    with world.site() as site:
        paid = site["cases"][reference].payment
    tell(world, notice, status=204)
    tell(world, world.notice(reference, transaction="T2"), status=204)
    with world.site() as site:
        assert site["cases"][reference].payment == paid


@pytest.mark.parametrize("changed", [{"amount": Decimal(1)}, {"currency": "USD"}, {"reference": "nobody"}])
def test_a_notice_of_another_payment_changes_nothing(world: Any, changed: dict[str, Any]) -> None:
    reference = world.drafted()
    assert tell(world, world.notice(reference, **changed), status=422).content_type == "text/plain"
    assert state_of(world, reference) is CaseState.AWAITING_PAYMENT


def test_a_forged_notice_changes_nothing(world: Any) -> None:
    reference = world.drafted()
    notice = world.notice(reference)
    tell(world, notice.replace(b"T1", b"T9"), status=422)
    forged = sign(notice[: notice.index(b"<ds:Signature")] + b"</pay:notice>", world.key("stranger"))
    tell(world, forged, status=422)
    assert state_of(world, reference) is CaseState.AWAITING_PAYMENT


@pytest.mark.parametrize("rubbish", [b"", b"\x00", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_rubbish(world: Any, rubbish: bytes) -> None:
    tell(world, rubbish, status=422)


def test_there_is_nothing_else(world: Any) -> None:
    browser = TestApp(world.application)
    browser.get("/bank/nobody", status=404)
    browser.get("/bank", status=404)
    browser.get(NOTICES, status=404)
    browser.post("/payments/other", b"", status=404)
    browser.post(f"{bank_url(world, world.drafted())}/pay", status=400)  # without the token
