"""The provider's pages of licences and of orders on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.outcomes.order_licence import offer_order
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.casework.transactions import commit_and_begin
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.signing import sign


@pytest.fixture
def number(world: Any) -> str:
    reference = world.answered()
    with world.site() as site:
        return site["cases"][reference].licence


def ordered(world: Any, number: str, kind: str, ground: str, days: int = 0) -> str:
    """Make an order; its number."""
    with world.site() as site:
        licence, signatory = site["licences"][number], site["accounts"]["signatory"]
        day = world.office.today() + timedelta(days=days)
        signing = offer_order(world.office, site, licence, signatory, kind, ground, "Акт проверки № 7.", day)
        commit_and_begin(site)
        upload_signed(world.office, site, signing, sign(signing.document, world.key("signatory")))
        return licence.events[-1].document


def form_of(page: Any, part: str) -> Any:
    return next(form for form in page.forms.values() if part in form.action)


def test_the_list_finds_by_number_holder_and_state(world: Any, number: str) -> None:
    browser = world.browser("officer")

    def listed(q: str = "", **asked: str) -> list[str]:
        page = browser.get("/provider/licences", asked)
        if q:
            form = form_of(page, "/provider/licences")
            form["q"] = q
            page = form.submit()
            assert (form.method, page.request.query_string) == ("post", ""), "an IIN stands in no address"
            assert q not in "".join(link["href"] for link in page.html.find_all("a"))
        return [link.text for link in page.html.tbody.find_all("a")] if page.html.tbody else []

    assert number in listed()
    assert number in listed(q=CLINIC_BIN)
    assert number in listed(q="шипа")
    assert number in listed(q="шипа", state="issued")
    assert number not in listed(state="terminated")
    assert number not in listed(q="шипа", state="terminated")
    assert listed(q="KZ29LAM00002781") == listed(q="Никто") == []
    form = form_of(browser.get("/provider/licences"), "/provider/licences")
    form["q"] = number.lower()
    assert form.submit().location.endswith(f"/{number}")
    browser.get("/provider/licences?state=sold", status=404)


def test_a_signatory_prepares_an_order(world: Any, number: str) -> None:
    browser = world.browser("signatory")
    page = browser.get(f"/provider/licences/{number}")
    form = form_of(page.click("Suspend the licence"), "/order/suspension")
    assert "Choose a ground." in form.submit(status=422)
    form["ground"] = "court-decision"
    assert "Give the reason" in form.submit(status=422)
    form["reason"] = "Постановление суда."
    form["effective-day"] = "32"
    wrong = form.submit(status=422)
    assert "Enter the day" in wrong
    assert "Постановление суда." in wrong
    form = form_of(wrong, "/order/suspension")
    form["effective-day"], form["effective-year"] = "1", "2020"
    assert "within a year" in form.submit(status=422)
    today = world.office.today()
    form["effective-day"], form["effective-month"], form["effective-year"] = (
        today.day,
        today.month,
        today.year,
    )
    signing = form.submit(status=303).follow()
    assert "Sign the order" in signing
    assert "Постановление суда." in signing
    assert "Судебный акт" in signing


def test_what_the_state_does_not_allow(world: Any, number: str) -> None:
    browser = world.browser("signatory")
    browser.get(f"/provider/licences/{number}/order/resumption", status=409)
    browser.get(f"/provider/licences/{number}/order/sale", status=404)
    browser.get(f"/provider/licences/{number}/order", status=404)
    ordered(world, number, "termination", "holders-request")
    assert "/order/" not in browser.get(f"/provider/licences/{number}")
    browser.get(f"/provider/licences/{number}/order/suspension", status=409)


@pytest.mark.parametrize(("login", "may_read"), [("officer", True), (CLINIC_BIN, False), (None, False)])
def test_only_a_signatory_orders(world: Any, number: str, login: str | None, may_read: bool) -> None:
    browser = world.browser(login)
    page = browser.get(f"/provider/licences/{number}", status=200 if may_read else 403 if login else 303)
    assert "/order/" not in page
    browser.get(f"/provider/licences/{number}/order/suspension", status=403 if login else 303)
    browser.get("/provider/licences", status=200 if may_read else 403 if login else 303)


def test_another_providers_licence_is_not_shown(world: Any, number: str) -> None:
    with world.site() as site:
        if "foreign" not in site["accounts"]:
            add_staff(site, "foreign", "demonstration", "Foreign", ("signatory",), "070941024691")
    browser = world.browser("foreign")
    browser.get(f"/provider/licences/{number}", status=403)
    browser.get(f"/provider/licences/{number}/order/suspension", status=403)
    assert number not in browser.get("/provider/licences")


def test_the_order_is_read_by_whom_it_concerns(world: Any, number: str) -> None:
    order = ordered(world, number, "suspension", "violations-found")
    path = f"/licences/{number}/orders/{order}"
    for login in ("officer", "signatory", "archivist", CLINIC_BIN):
        browser = world.browser(login)
        assert path in browser.get(f"/licences/{number}")
        page = browser.get(path)
        assert "Акт проверки № 7." in page
        assert browser.get(path + ".pdf").body.startswith(b"%PDF-")
    with world.site() as site:
        assert browser.get(path + ".xml").body == site["licences"][number].documents[order].data
    stranger = world.browser()
    page = stranger.get(f"/licences/{number}")
    assert order in page
    assert "An inspection has found" in page
    assert path not in page
    assert "Акт проверки" not in page
    stranger.get(path, status=303)
    browser.get(f"/licences/{number}/orders/2026-000001-00", status=404)
    browser.get(path + ".exe", status=404)


def test_an_order_for_a_later_day(world: Any, number: str) -> None:
    ordered(world, number, "suspension", "violations-found", days=30)
    page = world.browser("signatory").get(f"/provider/licences/{number}")
    assert "takes effect on" in page
    assert "/order/" not in page.html.find(class_="app-desk__side").decode()
    browser, day = world.browser(), world.office.today() + timedelta(days=30)
    assert "In force" in browser.get(f"/licences/{number}")
    assert "Suspended" in browser.get(f"/licences/{number}", {"on": day.isoformat()})
    assert "is in force" in browser.get(f"/verify/{number}")
