"""The public register of licences, and the archivist's page."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import bagit
import pytest

from egovdocs.cli.demo_site import CLINIC_BIN


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


@pytest.mark.parametrize("wrong", ["", "KZ", "KZ29LAM00002781", "<script>", "KZ29LAM00002782"])
def test_no_such_licence(world: Any, wrong: str) -> None:
    page = world.browser().get("/licences", {"number": wrong})
    assert "There is a problem" in page
    assert "<script>" not in page.html.find(id="main-content").text


def test_the_register_says_nothing_of_the_holder(world: Any, number: str) -> None:
    for path in ("/licences", f"/licences/{number}"):
        page = world.browser().get(path)
        assert "Шипа" not in page
        assert CLINIC_BIN not in page


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
