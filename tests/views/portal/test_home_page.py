"""Ordering a service before one is logged in."""

from __future__ import annotations

from typing import Any

import pytest
from webtest import Form, TestResponse

from egovdocs.sandbox.demo_people import CLINIC_BIN, PASSWORD


def main_form(page: TestResponse) -> Form:
    return next(form for form in page.forms.values() if not form.action.endswith("/logout"))


def test_the_choice_outlives_the_log_in(world: Any) -> None:
    browser = world.browser()
    form = main_form(browser.get("/services/medical-licence"))
    form["action"] = "reissue"
    form = main_form(form.submit(status=303).follow())
    form["login"], form["password"] = CLINIC_BIN, "wrong"
    form = main_form(form.submit(status=403))
    form["login"], form["password"] = CLINIC_BIN, PASSWORD
    page = form.submit(status=303).follow()
    assert page.request.path == "/services/medical-licence"
    assert main_form(page)["action"].value == "reissue"
    assert "/cases/" in main_form(page).submit(status=303).location


def test_a_choice_is_wanted_before_the_log_in(world: Any) -> None:
    page = main_form(world.browser().get("/services/medical-licence")).submit(status=422)
    assert "Select what you ask for" in page.text


def test_a_strange_choice_selects_nothing(world: Any) -> None:
    page = world.browser().get("/services/medical-licence?action=%3Cb%3E")
    assert main_form(page)["action"].value is None


def test_what_cannot_be_paid_is_not_offered(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.office.payments, "has_page", False)
    page = world.browser(CLINIC_BIN).get("/services/medical-licence")
    assert "cannot be paid on this site" in page.text
    assert not page.html.find("form", action="/services/medical-licence")
    page = world.browser(CLINIC_BIN).get("/services/clinic-attachment")
    assert page.html.find("form", action="/services/clinic-attachment")
