"""The history of services received, and what the regulation puts on its screens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from egovdocs.content import LicenceChange, LicenceEvent
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.views.accounts import history_page


def words(page) -> str:
    return " ".join(page.html.find("main").get_text(" ").split())


def test_the_words_of_the_regulation(world):
    """Second procedure, paragraphs 8 and 9."""
    browser = world.browser(CLINIC_BIN)
    assert "Заказать услугу online" in browser.get("/services/clinic-attachment?lang=ru")
    browser.set_cookie("lang", "ru")
    paid, reference = world.paid(), world.answered()
    assert "Отправить запрос" in browser.get(f"/cases/{paid}/check").html.find("main").find("form").get_text()
    history, case = words(browser.get("/account")), browser.get(f"/cases/{reference}")
    for word in ("Номер запроса", "Тип услуги", "Статус запроса", "Срок оказания услуги", "Обновить статус"):
        assert word in history
        assert word in words(case)
    assert "История получения услуг" in history
    assert "БИН" in words(case), "a person's is the ИИН"
    assert "1414" in case
    link = next(
        a for a in browser.get("/account").html.find_all("a") if "Просмотр результата" in a.get_text()
    )
    result = case.html.find(id=link["href"].partition("#")[2])
    assert "Просмотр результата" in result.get_text()
    assert "лицензи" in words(browser.get(result.find("a", string=lambda s: "Открыть" in s)["href"]))


def test_a_licence_that_lost_its_force_is_shown_so_in_the_history(world):
    reference = world.answered()
    with world.site() as site:
        licence = site["licences"][site["cases"][reference].licence]
        number = licence.number
    browser = world.browser(CLINIC_BIN)
    case = browser.get(f"/cases/{reference}")
    assert "Suspended" not in words(case) + words(browser.get("/account"))
    assert number in case.click(number).html.find("h1").get_text()
    with world.site() as site:
        site["licences"][number].record(LicenceEvent(change=LicenceChange.SUSPENDED, on=licence.issued_on))
    for path in (f"/cases/{reference}", "/account"):
        assert "Suspended" in words(browser.get(path))


@pytest.mark.parametrize(
    ("show", "wanted"),
    [("all", "upra"), ("unsent", "u"), ("open", "p"), ("answered", "ra"), ("uncollected", "")],
)
def test_filtered_by_state(world, show, wanted):
    made = {
        "u": world.drafted(),
        "p": world.registered(),
        "r": world.answered(grant=False),
        "a": world.answered(),
    }
    page = world.browser(CLINIC_BIN).get(f"/account?show={show}")
    assert {kind for kind, reference in made.items() if f"/cases/{reference}" in page} == set(wanted)


def test_paged(world, monkeypatch):
    monkeypatch.setattr(history_page, "PAGE_SIZE", 2)
    browser = world.browser(CLINIC_BIN)
    made = [world.drafted() for _ in range(3)]
    first = browser.get("/account?show=unsent")
    assert [reference in first for reference in made] == [False, True, True], "the newest first"
    second = first.click("Older requests")
    assert made[0] in second
    assert made[1] not in second
    assert made[2] in second.click("Newer requests")


def test_no_such_page(world):
    browser = world.browser(CLINIC_BIN)
    browser.get("/account?show=nothing", status=404)
    assert "There are no such requests." in browser.get("/account?page=999999")
    browser.get("/account?page=-1", status=200)


def test_an_answer_that_was_not_collected_is_kept_and_shown_so(world):
    reference = world.answered()
    browser = world.browser(CLINIC_BIN)
    assert "Not collected" not in browser.get(f"/cases/{reference}").html.find("main").get_text()
    with world.site() as site:
        site["cases"][reference].closed_at -= timedelta(days=31)
    assert reference in browser.get("/account?show=uncollected")
    assert "Not collected" in words(browser.get(f"/cases/{reference}"))
    world.browser("officer").get(f"/cases/{reference}/documents/outcome")
    assert reference in browser.get("/account?show=uncollected"), "an officer's look is not the applicant's"
    browser.get(f"/cases/{reference}/documents/request")
    assert reference in browser.get("/account?show=uncollected")
    browser.get(f"/cases/{reference}/documents/outcome")
    assert reference not in browser.get("/account?show=uncollected")
    with world.site() as site:
        assert site["cases"][reference].collected_at is not None
