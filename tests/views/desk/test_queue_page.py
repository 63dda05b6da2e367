"""The desk's lists, search, hand-over and leave, as the provider's people and others reach them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.views.desk.test_review_page import form_of

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.review.take_leave import take_leave
from egovdocs.content import CaseState
from egovdocs.sandbox.demo_people import CLINIC_BIN

OTHER_PROVIDER = "950341000052"


def cases_on(page: Any) -> list[str]:
    return re.findall('/provider/cases/([^"/?]+)"', page.text)


def claimed(world: Any, login: str = "officer") -> str:
    reference = world.registered()
    form_of(world.browser(login).get(f"/provider/cases/{reference}"), "/claim").submit(status=303)
    return reference


def list_form(page: Any) -> Any:
    return next(
        form for form in page.forms.values() if form.method.upper() == "GET" and "officer" in form.fields
    )


def choose(form: Any, field: str, text: str) -> None:
    form[field].select(text=text)


def test_the_list_of_an_officer(world: Any) -> None:
    first, second = claimed(world, "officer"), claimed(world, "officer2")
    browser = world.browser("signatory")
    form = list_form(browser.get("/provider?show=all"))
    choose(form, "officer", "Ким Виктор Андреевич")
    page = form.submit()
    assert first in cases_on(page)
    assert second not in cases_on(page)
    assert "officer" not in page.request.query_string.replace("officer=", ""), "no login in the address"
    assert first not in cases_on(page.click("To sign"))
    browser.get("/provider?officer=nobody", status=404)
    browser.get("/provider?service=nothing", status=404)


def test_a_provider_with_one_service_does_not_choose_one(world: Any) -> None:
    page = world.browser("officer").get("/provider?show=all&service=medical-licence")
    assert "service" not in list_form(page).fields
    world.browser("officer").get("/provider?service=clinic-attachment", status=404)


def found(world: Any, wanted: str, login: str = "officer") -> Any:
    form = form_of(world.browser(login).get("/provider"), "/search")
    form["wanted"] = wanted
    return form.submit()


def test_a_request_is_found_by_number_and_by_applicant_and_no_address_names_them(world: Any) -> None:
    open_case, closed = world.registered(), world.answered()
    draft = world.drafted()
    with world.site() as site:
        number = site["cases"][closed].number
    page = found(world, f" {number} ")
    assert cases_on(page) == [closed]
    assert page.request.path_qs == "/provider/search"
    page = found(world, CLINIC_BIN)
    assert {open_case, closed} <= set(cases_on(page))
    assert draft not in cases_on(page)
    assert "Nothing was found" in found(world, "2026-000000-00")
    assert "Nothing was found" in found(world, "")
    world.browser("officer").get("/provider/search", status=303)


def test_another_providers_requests_are_not_found(world: Any) -> None:
    reference = world.registered()
    with world.site() as site:
        if "finder" not in site["accounts"]:
            add_staff(site, "finder", "demonstration", "Чужой", ("officer",), OTHER_PROVIDER)
        number = site["cases"][reference].number
    for wanted in (number, CLINIC_BIN):
        assert reference not in found(world, wanted, "finder")


def test_a_case_is_handed_over(world: Any) -> None:
    reference = claimed(world)
    url = f"/provider/cases/{reference}"
    form = form_of(world.browser("officer").get(url), "/hand-over")
    assert "Choose one of your colleagues" in form.submit(status=422)
    choose(form, "to", "Жумабаева Сауле Ерлановна")
    form["note"] = "Позвоните заявителю."
    assert "is handed over" in form.submit(status=303).follow()
    page = world.browser("officer2").get(url)
    assert form_of(page, "/review")
    assert "Позвоните заявителю." in page
    assert not [
        form for form in world.browser("officer").get(url).forms.values() if "hand-over" in form.action
    ]
    form_of(world.browser("signatory").get(url), "/hand-over")


def wrong_at(page: Any, field: str, said: str) -> None:
    """The field says what is wrong, and the summary leads there."""
    assert said in page.html.select_one(f"#{field}-error").text
    assert said in page.html.select_one(f".govuk-error-summary a[href='#{field}']").text


def test_a_substitute_has_the_cases_among_their_own(world: Any) -> None:
    reference = claimed(world)
    officer, substitute = world.browser("officer"), world.browser("officer2")
    form = form_of(officer.get("/provider/leave"), "/leave")
    wrong_at(form.submit(status=422), "first", "Give the first and the last day")
    today = world.office.today()
    form["first"], form["last"] = today.isoformat(), (today + timedelta(days=14)).isoformat()
    choose(form, "substitute", "Ким Виктор Андреевич")
    wrong_at(form.submit(status=422), "substitute", "Choose one of your colleagues")
    form["last"] = (today - timedelta(days=1)).isoformat()
    wrong_at(form.submit(status=422), "last", "ends on the day it begins or later")
    form["last"] = (today + timedelta(days=14)).isoformat()
    choose(form, "substitute", "Жумабаева Сауле Ерлановна")
    assert "is noted" in form.submit(status=303).follow()

    page = substitute.get("/provider?show=mine")
    assert reference in cases_on(page)
    assert "You substitute: Ким Виктор Андреевич" in page
    page = substitute.get(f"/provider/cases/{reference}")
    assert "You act for Ким Виктор Андреевич" in page
    form = form_of(page, "/review")
    for name in [name for name in form.fields if name and name.startswith("requirement-")]:
        form[name] = "met"
    page = form.submit("grant", status=303).follow()
    assert "instead of Ким Виктор Андреевич, on leave" in page

    page = officer.get("/provider/leave")
    ending = next(form for form in page.forms.values() if "end" in form.fields)
    assert "is ended" in ending.submit("end", status=303).follow()
    assert reference not in cases_on(substitute.get("/provider?show=mine"))


def test_nobody_ends_anothers_leave(world: Any) -> None:
    today = world.office.today()
    with world.site() as site:
        people = site["accounts"]
        take_leave(world.office, site, people["officer"], people["officer"], today, today, "officer2")
    page = world.browser("officer2").get("/provider/leave")
    assert not [form for form in page.forms.values() if "end" in form.fields]
    ending = next(
        form
        for form in world.browser("signatory").get("/provider/leave").forms.values()
        if "end" in form.fields
    )
    ending.submit("end", status=303)
    with world.site() as site:
        assert site["accounts"]["officer"].leave is None


def test_who_decided_is_told_that_another_signs(world: Any) -> None:
    reference = claimed(world, "signatory")
    browser = world.browser("signatory")
    form = form_of(browser.get(f"/provider/cases/{reference}"), "/review")
    for name in [name for name in form.fields if name and name.startswith("requirement-")]:
        form[name] = "met"
    page = form.submit("grant", status=303).follow()
    assert "another authorised signatory must sign" in page
    assert not [form for form in page.forms.values() if form.action.endswith("/sign")]
    token = form["csrf_token"].value
    answer = browser.post(f"/provider/cases/{reference}/sign", {"csrf_token": token}, status="*")
    assert answer.status_int in (400, 422)
    assert "another authorised signatory must sign" in answer
    with world.site() as site:
        assert site["cases"][reference].state is CaseState.AWAITING_SIGNATURE


@pytest.mark.parametrize("page", ["leave", "search"])
def test_the_desks_pages_are_the_providers_alone(world: Any, page: str) -> None:
    world.browser().get(f"/provider/{page}", status=303)
    world.browser(CLINIC_BIN).get(f"/provider/{page}", status=403)
    world.browser("officer").post(f"/provider/{page}", {"wanted": CLINIC_BIN}, status=400)
