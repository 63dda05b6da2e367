"""Form pages made from schemas, and what the templates say of values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from webob.multidict import MultiDict

from egovdocs.app.open_office import policy_of
from egovdocs.sandbox.authority import Authority
from egovdocs.schemas import DocumentType, Field, load_services
from egovdocs.views.plumbing import display_filters
from egovdocs.views.shared.schema_forms import answer_cards, drop_empty, element_id, entered_values, page_form


@pytest.fixture(scope="module")
def request_type() -> DocumentType:
    return load_services()["medical-licence"].newest.request


def page(request_type: DocumentType, name: str, action: str) -> Field:
    return next(page for page in request_type.pages({"action": action}) if page.name == name)


@pytest.mark.parametrize(
    ("day", "month", "year", "value"),
    [
        ("5", "3", "2026", "2026-03-05"),
        (" 05 ", "03", "2026", "2026-03-05"),
        ("", "", "", None),
        ("31", "2", "2026", "2026-02-31"),
        ("five", "3", "26", "0026-03-five"),
    ],
)
def test_a_date_is_three_inputs(request_type, day, month, year, value):
    reissue = page(request_type, "reissue", "reissue")
    sent = MultiDict([("since-day", day), ("since-month", month), ("since-year", year)])
    form = page_form(reissue, {"action": "reissue"}, "en")(sent)
    assert form["since"].data == value
    assert form["since"].parts == (day.strip(), month, year), "what was typed is shown again"
    assert element_id(form, "reissue", "reissue/since") == "since-day"


def test_a_kept_date_fills_its_inputs(request_type):
    reissue = page(request_type, "reissue", "reissue")
    form = page_form(reissue, {"action": "reissue"}, "en")(data={"since": "2026-03-05"})
    assert form["since"].parts == ("05", "03", "2026")


def test_only_what_the_applicant_is_asked(request_type):
    applicant = page(request_type, "applicant", "issue")
    assert [field.name for field in page_form(applicant, {"action": "issue"}, "ru")()] == ["address"]


def test_choices_in_each_language(request_type):
    activities = page(request_type, "activities", "issue")
    for language in ("ru", "kk", "en"):
        field = page_form(activities, {"action": "issue"}, language)()["activity"]
        labels = [choice.label for choice in field.choices]
        assert labels == [text[language] for _value, text in activities.children[0].choices]


def test_answers_leave_out_what_is_empty():
    assert entered_values(
        {"a": " x ", "b": "", "c": {"d": ""}, "e": [{"f": ""}, {"f": "y"}], "g": False}
    ) == {
        "a": "x",
        "e": [{"f": "y"}],
        "g": False,
    }


def test_problems_point_at_inputs(request_type):
    sites = page(request_type, "sites", "issue")
    sent = MultiDict([("site-0-name", ""), ("site-2-name", "Third"), ("site-5-name", "Sixth")])
    form = page_form(sites, {"action": "issue"}, "en")(sent)
    drop_empty(form)
    assert element_id(form, "sites", "sites/site[2]/address/region") == "site-2-address-region"
    assert element_id(form, "sites", "sites/site") == "site"
    assert element_id(form, "sites", "sites/site[9]/name") == "site"
    assert element_id(form, "sites", "sites") == "main-content"
    assert element_id(form, "sites", "sites/../[x]") == "main-content"


def test_cards_show_answers_in_words(request_type):
    sites = page(request_type, "sites", "issue")
    values = {
        "site": [
            {"name": "A", "address": {"region": "47", "locality": "Ақтау", "street": "1"}},
            {"name": "B"},
        ]
    }
    first, second = answer_cards(sites, values, {"action": "issue"}, "en")
    assert first.title == "Site 1"
    assert ("Name of the site", ["A"]) in first.rows
    assert ["Mangystau Region"] in [lines for _label, lines in first.rows]
    assert [lines for label, lines in second.rows if label.startswith("Region")] == [[]]
    (card,) = answer_cards(
        page(request_type, "declarations", "issue"), {"truthful": True}, {"action": "issue"}, "ru"
    )
    assert card.rows[0][1] in (["Да"], ["Yes"])


def context(language: str) -> dict[str, object]:
    settings = SimpleNamespace(time_zone=ZoneInfo("Asia/Aqtau"))
    return {"request": SimpleNamespace(language=language, settings=settings)}


def test_values_in_words():
    moment = datetime(2026, 1, 31, 21, 5, tzinfo=UTC)
    assert display_filters.moment(context("en"), moment) == "1 February 2026, 02:05"
    assert display_filters.day(context("ru"), "2026-03-05").startswith("5 марта 2026")
    assert display_filters.money(context("en"), Decimal("39320")) == "39,320\xa0₸"
    assert display_filters.money(context("en"), Decimal("0.5")) == "0.50\xa0₸"
    assert display_filters.size(context("en"), 1536) == "1.5\xa0KB"
    assert display_filters.size(context("ru"), 10 * 1024 * 1024) == "10\xa0МБ"


def test_the_trust_store_is_read_anew_when_it_changes(tmp_path):
    authority = Authority.create("Test", algorithm="ec")
    authority.save(tmp_path / "authority", "password")
    trust = tmp_path / "trust"
    (trust / "anchors").mkdir(parents=True)
    (trust / "crls").mkdir()
    policy = policy_of(trust)
    empty = policy()
    assert policy() is empty
    (trust / "crls" / "a.crl").write_bytes(authority.crl())
    assert policy() is not empty
