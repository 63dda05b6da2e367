"""The questionnaire and the page of indicators, as people see them."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from tests.editions import FIRST

from egovdocs.content import Cell
from egovdocs.sandbox.demo_people import CLINIC_BIN

MAY = Cell("medical-licence", "portal", "2026-05", FIRST)


@pytest.fixture(autouse=True)
def _nothing_counted(world):
    yield
    with world.site() as site:
        site.statistics.work.replace([])
        site.statistics.answers.replace([])


def test_the_questionnaire_is_offered_and_answered_once(world):
    browser, reference = world.browser(CLINIC_BIN), world.answered()
    page = browser.get(f"/cases/{reference}").click("Two questions about how you were served")
    assert "Are you satisfied with the quality of the process" in page
    form = page.forms[1]
    form["quality"] = "partly"
    assert "The answers are counted, without a name." in form.submit(status=303).follow()
    assert "Two questions" not in browser.get(f"/cases/{reference}")
    assert form.submit(status=303).location.endswith(reference)
    browser.get(f"/cases/{reference}/questionnaire", status=303)
    with world.site() as site:
        assert [numbers for _cell, numbers in site.statistics.answers] == [{"quality/partly": 1}]


def test_the_questionnaire_in_the_regulations_words(world):
    browser, reference = world.browser(CLINIC_BIN), world.answered(grant=False)
    page = browser.get(f"/cases/{reference}/questionnaire?lang=ru")
    for words in (
        "Удовлетворены ли Вы качеством процесса и результатом оказания электронной государственной услуги?",
        "Удовлетворены ли Вы качеством информации о порядке оказания электронной государственной услуги?",
    ):
        assert words in page


def test_nothing_chosen_is_told(world):
    browser, reference = world.browser(CLINIC_BIN), world.answered()
    page = browser.get(f"/cases/{reference}/questionnaire").forms[1].submit(status=422)
    assert "Choose an answer to one question at least." in page


def test_only_the_applicant_is_asked(world):
    reference = world.answered()
    world.browser("officer").get(f"/cases/{reference}/questionnaire", status=403)
    world.browser().get(f"/cases/{reference}/questionnaire", status=303)


def test_not_before_the_answer(world):
    reference = world.registered()
    browser = world.browser(CLINIC_BIN)
    assert "Two questions" not in browser.get(f"/cases/{reference}")
    browser.get(f"/cases/{reference}/questionnaire", status=303)


def test_an_empty_page(world):
    page = world.browser().get("/indicators")
    assert "Nothing was answered yet." in page
    assert "There are not enough answers yet." in page


def words(page) -> str:
    return " ".join(page.html.find("main").get_text(" ").split())


def test_figures_charts_and_tables(world):
    world.answered()
    with world.site() as site:
        site.statistics.work.add(MAY, {"granted": 2, "refused": 1, "in-time": 2, "late": 1, "P9/late": 4})
        site.statistics.answers.add(MAY, {"quality/satisfied": 4, "quality/not-satisfied": 1})
    page = world.browser().get("/indicators")
    said = words(page)
    assert "Answered within the time limit 75 %" in said.replace("\xa0", " ")
    assert "Quality: satisfied 80 %" in said.replace("\xa0", " ")
    assert "Accessibility: satisfied —" in said
    assert "May 2026 2 1 2 1" in said
    assert "(A1)" in said
    step = page.html.find("th", class_="app-bars__step").get_text(" ", strip=True)
    assert step.startswith("P1 ")
    widths = [float(rect["width"]) for rect in page.html.find("svg", class_="app-bar").find_all("rect")]
    assert widths[0] > widths[1]


def test_narrowed(world):
    with world.site() as site:
        site.statistics.work.add(MAY, {"granted": 1, "in-time": 1})
        site.statistics.work.add(
            Cell("clinic-attachment", "portal", "2025-05", FIRST), {"granted": 1, "late": 1}
        )
    browser = world.browser()
    page = browser.get("/indicators")
    form = page.forms[1] if "csrf_token" in page.forms[0].fields else page.forms[0]
    form["service"], form["year"] = "clinic-attachment", "2025"
    said = words(form.submit())
    assert "May 2025" in said
    assert "May 2026" not in said
    for wrong in ("service=x", "channel=x", "year=1999", "year=2"):
        browser.get(f"/indicators?{wrong}", status=404)


def test_a_month_tells_its_answers_and_withdrawals(world):
    with world.site() as site:
        site.statistics.work.add(MAY, {"granted": 3, "refused": 2, "closed": 4, "in-time": 5})
    (row,) = world.browser().get("/indicators").html.find(id="time").find_next("tbody").find_all("tr")
    told = {cell["data-label"]: cell.get_text() for cell in row.find_all("td") if cell.has_attr("data-label")}
    assert told == {"In time": "5", "Late": "0", "Granted": "3", "Refused": "2", "Withdrawn": "4"}


def test_csv(world):
    with world.site() as site:
        site.statistics.work.add(MAY, {"granted": 3, "P9/in-time": 3})
        site.statistics.answers.add(MAY, {"quality/satisfied": 5, "accessibility/partly": 4})
    answer = world.browser().get("/indicators.csv")
    assert answer.content_type == "text/csv"
    rows = list(csv.reader(StringIO(answer.body.decode())))
    excel = world.browser().get("/indicators").click("Table for Excel").body.decode("utf-8-sig")
    assert list(csv.reader(StringIO(excel), delimiter=";")) == rows
    assert rows == [
        ["service", "channel", "first_month", "last_month", "what", "number", "edition"],
        ["medical-licence", "portal", "2026-05", "2026-05", "P9/in-time", "3", FIRST],
        ["medical-licence", "portal", "2026-05", "2026-05", "granted", "3", FIRST],
        ["medical-licence", "portal", "2026-05", "2026-05", "quality/satisfied", "5", ""],
    ], "four answers are too few"


def test_staff_enter_what_a_visitor_answered_on_paper(world):
    reference = world.answered()
    with world.site() as site:
        site["cases"][reference].received_by = site["accounts"]["officer"].provider
    page = world.browser("officer").get(f"/cases/{reference}/questionnaire")
    assert "Enter what the applicant answered on paper." in page
    form = page.forms[1]
    form["accessibility"] = "satisfied"
    form.submit(status=303)
    with world.site() as site:
        assert [numbers for _cell, numbers in site.statistics.answers] == [{"accessibility/satisfied": 1}]


def test_who_came_in_person_answers_by_the_receipt_without_an_account(world):
    reference = world.answered()
    with world.site() as site:
        case = site["cases"][reference]
        case.received_by = case.provider
        number, code = case.number, case.documents["request"].sha256[:12]
        before = sum(sum(numbers.values()) for _cell, numbers in site.statistics.answers)
    browser = world.browser()

    def asked(number, code, status=200):
        form = browser.get("/questionnaire").forms[0]
        form["number"], form["code"] = number, code
        return form.submit(status=status)

    wrong = asked(number, "0" * 12, status=422)
    unknown = asked("2026-900009-00", code, status=422)
    said = wrong.html.select_one(".govuk-error-summary").text
    assert said == unknown.html.select_one(".govuk-error-summary").text
    page = asked(number, f" {code[:4]} {code[4:8]} {code[8:].upper()}")
    assert "satisfied with the quality of the process" in page
    assert reference not in page
    assert "Choose an answer" in page.forms[0].submit("answer", status=422)
    page.forms[0]["quality"] = "satisfied"
    assert "counted, without a name" in page.forms[0].submit("answer", status=303).follow()
    assert said == asked(number, code, status=422).html.select_one(".govuk-error-summary").text
    with world.site() as site:
        assert sum(sum(numbers.values()) for _cell, numbers in site.statistics.answers) == before + 1
