from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Iterator

import pytest

from egovdocs.sandbox.demo_people import CLINIC_BIN


@pytest.fixture
def browser(world) -> Iterator:
    yield world.browser(CLINIC_BIN)
    with world.site() as site:
        account = site["accounts"][CLINIC_BIN]
        account.email, account.language, account.notices, account.undelivered = None, "ru", True, ""


def test_who_is_written_to_has_settings(world):
    world.browser().get("/settings", status=303)
    world.browser("archivist").get("/settings", status=403)
    page = world.browser("officer").get("/provider").click("Notices")
    assert "when requests wait for a review" in page
    form = page.forms[1]
    form["email"] = "officer@work.example"
    assert "Your settings are saved." in form.submit(status=303).follow().html.text
    with world.site() as site:
        account = site["accounts"]["officer"]
        assert account.email == "officer@work.example"
        account.email = None


def test_address_language_and_silence_are_kept(world, browser):
    form = browser.get("/account").click("Notices").forms[1]
    assert (form["notices"].checked, form["email"].value, form["language"].value) == (True, "", "ru")
    form["notices"], form["email"], form["language"] = False, "me@example.kz", "kk"
    assert "Your settings are saved." in form.submit(status=303).follow()
    form = browser.get("/settings").forms[1]
    assert (form["notices"].checked, form["email"].value, form["language"].value) == (
        False,
        "me@example.kz",
        "kk",
    )


def test_a_wrong_address_is_shown_with_its_mistake(browser):
    form = browser.get("/settings").forms[1]
    form["email"] = "me@example"
    page = form.submit(status=422)
    assert "Enter an e-mail address" in page
    assert page.forms[1]["email"].value == "me@example"


def test_an_address_that_failed_is_named(world, browser):
    with world.site() as site:
        site["accounts"][CLINIC_BIN].undelivered = "gone@example.kz"
    assert "could not be delivered to gone@example.kz" in browser.get("/settings")


def test_the_letters_of_a_case_lie_in_the_folder(world):
    reference = world.answered()
    with world.site() as site:
        number = site["cases"][reference].number
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        letters = [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in (world.folder / "mail").glob("*.eml")
        ]
        told = sorted(letter["Subject"] for letter in letters if number in letter["Subject"])
        if len(told) == 3:
            break
        time.sleep(0.05)
    assert [subject.partition(": ")[2] for subject in told] == [
        "документ готов",
        "зарегистрирован",
        "на рассмотрении",
    ]
