"""The public register of licences, and the archivist's page."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import bagit
import pytest

from egovdocs.content import Licence, LicenceChange, LicenceEvent
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.schemas.identifiers import licence_number
from egovdocs.views.register import register_exports

IIN = "910203450036"
PERSONS = licence_number("MED", 90000001)


@pytest.fixture(scope="module")
def number(world: Any) -> str:
    reference = world.answered()
    with world.site() as site:
        return site["cases"][reference].licence


def test_the_register_lists_the_newest_first(world: Any, number: str) -> None:
    reference = world.answered()
    with world.site() as site:
        newer = site["cases"][reference].licence
    page = world.browser().get("/licences")
    found = [link.text for link in page.html.tbody.find_all("a")]
    assert set(found) >= {number, newer}
    assert "In force" in page


def test_a_licence_by_number(world: Any, number: str) -> None:
    browser = world.browser()
    form = next(form for form in browser.get("/licences").forms.values() if "number" in form.fields)
    form["number"] = f"{number[:4].lower()} {number[4:]}"
    page = form.submit().follow()
    assert page.request.path == f"/licences/{number}"
    assert "In force" in page


@pytest.mark.parametrize("wrong", ["KZ", "KZ29LAM00002781", "<script>", "KZ29LAM00002782"])
def test_no_such_licence(world: Any, wrong: str) -> None:
    page = world.browser().get("/licences", {"number": wrong})
    assert "There is a problem" in page
    assert "<script>" not in page.html.find(id="main-content").text


def test_the_register_tells_who_holds_a_licence_of_a_legal_entity_alone(world: Any, number: str) -> None:
    with world.site() as site:
        person = site["licences"].add(persons(site["licences"][number], PERSONS))
        assert person.kind == "natural"
    for path in ("/licences", f"/licences/{number}", "/licences.json", "/licences.csv"):
        assert "Шипа" in world.browser().get(path)
    browser = world.browser()
    for path in ("/licences", f"/licences/{PERSONS}", f"/verify/{PERSONS}"):
        page = browser.get(path)
        assert PERSONS in page
        assert "Сапарова" not in page
        assert IIN not in page
    for form in ("json", "csv"):
        data = browser.get(f"/licences.{form}").body.decode()
        assert PERSONS in data
        assert "Сапарова" not in data
        assert IIN not in data
    told = browser.get(f"/licences/{PERSONS}", headers={"Accept": "application/json"}).json
    assert told["licences"][0]["holder"] is None

    # And nobody finds a person's licences by their name or IIN.
    assert found(browser, name="Сапарова") == found(browser, name="сап") == []
    assert "by their number alone" in browser.get("/licences", {"bin": IIN})
    assert "errors" in browser.get("/licences.json", {"bin": IIN}, status=422).json


def persons(like: Licence, number: str) -> Licence:
    return Licence(
        number=number,
        service=like.service,
        edition=like.edition,
        provider=like.provider,
        holder=IIN,
        holder_name="Сапарова Айгерім",
        issued_on=like.issued_on,
        case=like.case,
        activities=("surgery",),
        places=("75",),
    )


def found(browser: Any, **asked: str) -> list[str]:
    """What a search finds, which its page, its JSON and its CSV agree in."""
    page = browser.get("/licences", asked)
    numbers = [link.text for link in page.html.tbody.find_all("a")] if page.html.tbody else []
    told = browser.get("/licences.json", asked).json["licences"]
    assert [one["number"] for one in told] == numbers
    table = browser.get("/licences.csv", asked)
    assert table.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == numbers
    return numbers


def test_searching(world: Any, number: str) -> None:
    browser, everything = world.browser(), found(world.browser())
    assert number in found(browser, name="ШИПА клин")
    assert number in found(browser, bin=CLINIC_BIN)
    assert number in found(browser, activity="therapy", place="47", state="issued")
    assert number not in found(browser, activity="surgery")
    assert found(browser, name="Никто") == found(browser, place="10") == found(browser, state="sold") == []
    assert found(browser, state="issued", on="2020-01-01") == []
    assert set(found(browser, on="2020-01-01")) == set(everything)
    assert "There is a problem" in browser.get("/licences", {"on": "yesterday"})
    assert "There is a problem" in browser.get("/licences", {"bin": "12"})
    assert "There is a problem" in browser.get(f"/licences/{number}", {"on": "31.12.2026"})


def test_the_form_is_negotiated(world: Any, number: str) -> None:
    browser = world.browser()

    def form(path: str, accept: str) -> str:
        return browser.get(path, headers={"Accept": accept}).content_type

    for path in ("/licences", f"/licences/{number}"):
        assert form(path, "*/*") == form(path, "text/html") == form(path, "image/png") == "text/html"
        assert form(path, "application/json") == "application/json"
    assert form("/licences", "text/csv") == "text/csv"
    assert browser.get("/licences.json", {"number": number}).json["licences"][0]["number"] == number
    browser.get("/licences.json/more", status=404)


def test_data_comes_in_pages(world: Any, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world.answered()  # a second licence
    everything = found(world.browser())
    monkeypatch.setattr(register_exports, "EXPORT_PAGE_SIZE", 1)
    first = world.browser().get("/licences.json", {"name": "шипа"})
    assert first.json["next"] == "http://localhost/licences.json?name=%D1%88%D0%B8%D0%BF%D0%B0&page=2"
    assert first.headers["Link"] == f'<{first.json["next"]}>; rel="next"'
    address, seen = "http://localhost/licences.csv", []
    while address:
        page = world.browser().get(address.removeprefix("http://localhost"))
        seen += [row["number"] for row in csv.DictReader(io.StringIO(page.body.decode("utf-8-sig")))]
        address = page.headers.get("Link", "").partition(">")[0].lstrip("<")
    assert seen == everything


def test_a_table_as_excel_opens_it(world: Any, number: str) -> None:
    browser = world.browser()
    page = browser.get("/licences", {"bin": CLINIC_BIN})
    answer = page.click("Table for Excel")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.body.startswith(b"\xef\xbb\xbfnumber;service;")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))
    assert {row["bin"] for row in rows} == {f'="{CLINIC_BIN}"'}, "a number of 12 digits stays as it is"
    plain = browser.get("/licences.csv", {"bin": CLINIC_BIN}).body
    assert plain.startswith(b"number,service,"), "a program needs no byte order mark"
    assert [row["number"] for row in csv.DictReader(io.StringIO(plain.decode()))] == [
        row["number"] for row in rows
    ]


def test_no_cell_is_a_formula(world: Any, number: str) -> None:
    with world.site() as site:
        clinic = persons(site["licences"][number], licence_number("MED", 90000002))
        clinic.holder, clinic.holder_name = "950341000052", "=HYPERLINK(1)"
        site["licences"].add(clinic)
    rows = world.browser().get("/licences.csv", {"name": "hyperlink"}).body.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in rows


def test_a_page_past_the_end(world: Any) -> None:
    world.browser().get("/licences?page=999999999999")


def test_the_archivist_exports_bags(world: Any, tmp_path: Any) -> None:
    reference, refused, open_one = world.answered(), world.answered(grant=False), world.registered()
    with world.site() as site:
        case = site["cases"][reference]
        name, licence = case.number, case.documents["outcome"].data
        other = site["cases"][refused].number
    archivist = world.browser("archivist")
    page = archivist.get("/archive")
    boxes = {box["value"] for box in page.html.find_all("input", {"name": "case"})}
    assert {reference, refused} <= boxes
    assert open_one not in boxes

    form = next(form for form in page.forms.values() if form.action == "/archive/export")
    token = form["csrf_token"].value
    sent = {"csrf_token": token, "case": [reference, refused, open_one, "no such"]}
    answer = archivist.post("/archive/export", sent)
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as bags:
        bags.extractall(tmp_path)
    assert {bag.name for bag in tmp_path.iterdir()} == {name, other}
    bagit.Bag(str(tmp_path / name)).validate()
    assert (tmp_path / name / "data/documents/outcome.xml").read_bytes() == licence
    assert (tmp_path / name / "data/documents/outcome.pdf").read_bytes().startswith(b"%PDF")


def test_nothing_chosen(world: Any) -> None:
    world.answered()
    archivist = world.browser("archivist")
    form = next(f for f in archivist.get("/archive").forms.values() if f.action == "/archive/export")
    assert "Choose at least one case." in form.submit(status=422)


def test_a_time_without_cases(world: Any) -> None:
    page = world.browser("archivist").get("/archive?from=2001-01-01&to=2001-12-31")
    assert "No case was closed in this time." in page
    world.browser("archivist").get("/archive?from=rubbish&to=2001-99-99")


@pytest.mark.parametrize("login", [None, "officer", CLINIC_BIN])
def test_the_archive_is_the_archivists(world: Any, login: str | None) -> None:
    world.browser(login).get("/archive", status=403 if login else 303)


def test_the_archivist_sees_what_waits_and_what_ages(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.proven()
    assert "Proofs of time" not in world.browser("archivist").get("/archive")
    with world.site() as site:
        site.outbox.put("evidence", after=timedelta(hours=1), place=("cases", "none", "outcome"), sha256="")
    later = world.office.clock() + timedelta(days=5 * 365 - 60)
    monkeypatch.setitem(world.application.registry, "office", replace(world.office, clock=lambda: later))
    page = world.browser("archivist").get("/archive")
    assert "wait for their time-stamp: 1." in page
    assert "Proofs of time that are to be renewed" in page


def test_another_day_is_shown_as_it_was_known_then(world: Any) -> None:
    reference, today = world.answered(), world.office.today()
    with world.site() as site:
        number = site["cases"][reference].licence
        licence = site["licences"][number]
        licence.events = (replace(licence.events[0], on=today - timedelta(days=9)),)
        for change, days, document in (
            (LicenceChange.SUSPENDED, 6, "2026-000007-00"),
            (LicenceChange.RESUMED, 4, "2026-000008-00"),
            (LicenceChange.REISSUED, 2, PERSONS),
        ):
            licence.record(LicenceEvent(change=change, on=today - timedelta(days=days), document=document))
        site["licences"].reindex(licence)
    browser = world.browser()

    def told(days: int) -> tuple[str, dict[str, Any]]:
        asked = {"on": (today - timedelta(days=days)).isoformat()}
        json = browser.get(f"/licences/{number}", asked, headers={"Accept": "application/json"}).json
        return browser.get(f"/licences/{number}", asked).html.main.text, json["licences"][0]

    for days, known in ((9, 1), (6, 2), (3, 3), (2, 4), (0, 4)):
        page, data = told(days)
        assert (len(data["events"]), "Replaced by licence" in page) == (known, days <= 2)
        assert data["replacedBy"] == (PERSONS if days <= 2 else None)
        assert (PERSONS in page) is (days <= 2)
    page, data = told(10)
    assert (data["state"], data["events"]) == (None, [])
    table = browser.get("/licences.csv", {"on": data["on"], "number": number})
    assert number in table
