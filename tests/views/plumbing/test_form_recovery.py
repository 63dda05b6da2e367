"""A session that ends in the middle of a form loses nothing of it, and gives nobody else a hold."""

from __future__ import annotations

from typing import Any

import pytest

from egovdocs.sandbox.demo_people import CLINIC_BIN, PASSWORD
from egovdocs.views.plumbing.form_recovery import load_form

HERE = {"Origin": "http://localhost"}


def contacts(world: Any, browser: Any) -> tuple[str, Any]:
    """A draft's page, filled in by somebody whose session then ends."""
    path = f"/cases/{world.drafted()}/form/contacts"
    form = next(form for form in browser.get(path).forms.values() if "phone" in form.fields)
    form["phone"] = "+7 701 123 45 67"
    browser.reset()
    return path, form


def phone(world: Any, path: str) -> str:
    with world.site() as site:
        return site["cases"][path.split("/")[2]].values["contacts"]["phone"]


def test_what_was_filled_in_is_sent_again_after_logging_in(world: Any) -> None:
    browser = world.browser(CLINIC_BIN)
    path, form = contacts(world, browser)
    page = form.submit(headers=HERE, status=403)
    assert "What you sent last is kept" in page.text
    form = next(form for form in page.forms.values() if "password" in form.fields)
    form["login"], form["password"] = CLINIC_BIN, "a wrong one"
    page = form.submit(status=403)
    form = next(form for form in page.forms.values() if "password" in form.fields)
    form["password"] = PASSWORD
    page = form.submit(status=200)
    assert "Nothing was sent yet" in page.text
    assert phone(world, path) == "+7 701 000 00 01"
    next(form for form in page.forms.values() if "phone" in form.fields).submit(status=303)
    assert phone(world, path) == "+7 701 123 45 67"


def test_a_form_older_than_the_session_is_sent_again(world: Any) -> None:
    browser = world.browser(CLINIC_BIN)
    path, form = contacts(world, browser)
    login = next(form for form in browser.get("/login").forms.values() if "password" in form.fields)
    login["login"], login["password"] = CLINIC_BIN, PASSWORD
    login.submit(status=303)
    page = form.submit(headers=HERE, status=400)
    next(form for form in page.forms.values() if "phone" in form.fields).submit(status=303)
    assert phone(world, path) == "+7 701 123 45 67"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_nothing_that_another_site_sent_is_given_back(world: Any, headers: dict[str, str]) -> None:
    browser = world.browser(CLINIC_BIN)
    _path, form = contacts(world, browser)
    assert "ended=1" in form.submit(headers=headers, status=303).location


def test_files_and_passwords_are_not_given_back(world: Any) -> None:
    browser = world.browser()
    path = f"/cases/{world.drafted()}/attachments"
    files = [("file-other", "scan.pdf", b"%PDF-1.7")]
    told = browser.post(path, {"add": "1"}, upload_files=files, headers=HERE, status=303)
    assert "ended=1" in told.location
    page = world.browser(CLINIC_BIN).post("/register", {"password": "secret words"}, headers=HERE, status=400)
    assert "secret words" not in page.text


@pytest.mark.parametrize(
    "dumped", ["", "[]", "null", '["//elsewhere", []]', '["/", [1]]', '["/\\n", []]', "[" * 9999]
)
def test_nothing_else_is_taken_for_a_kept_form(dumped: str) -> None:
    assert load_form(dumped) is None


def test_the_languages_of_an_answered_form_are_those_of_its_page(world: Any) -> None:
    browser = world.browser("officer")
    case = f"/provider/cases/{world.registered()}"
    page = browser.post(
        f"{case}/claim", {"csrf_token": browser.get(case).forms[1]["csrf_token"].value}
    ).follow()
    form = next(form for form in page.forms.values() if form.action.endswith("/review"))
    referer = {"Referer": f"http://localhost{case}?lang=en"}
    answer = form.submit("grant", headers=referer, status=422)
    assert answer.html.find("a", hreflang="kk")["href"] == f"{case}?lang=kk"
    elsewhere = form.submit("grant", headers={"Referer": "https://elsewhere.example/x"}, status=422)
    itself = elsewhere.html.find("a", hreflang="kk")["href"]
    assert itself == f"{case}/review?lang=kk"
    assert browser.get(itself, status=303).location == case
    assert browser.get(case).html.html["lang"] == "kk"


@pytest.mark.parametrize("path", ["/account", "/provider", "/static"])
def test_nobody_is_led_to_a_host_that_was_asked_for(world: Any, path: str) -> None:
    answer = world.browser().get(path, headers={"Host": "elsewhere.example"}, expect_errors=True)
    assert "elsewhere" not in answer.text
    assert "elsewhere" not in str(answer.headers)
    assert answer.status_int == 404 or answer.headers["Location"].startswith("/login")


def test_an_address_that_begins_like_another_site_leads_nowhere(world: Any) -> None:
    browser = world.browser(CLINIC_BIN)
    reference = world.drafted()
    assert browser.get(f"/cases/{reference}/sign", status=303).location == f"/cases/{reference}"
    assert "Location" not in browser.get(f"//cases/{reference}/sign", status=404).headers
    browser.reset()
    refused = browser.post(f"//cases/{reference}/form/contacts", {"phone": "1"}, headers=HERE, status=303)
    assert refused.location.startswith("/login?")
