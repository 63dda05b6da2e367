"""Choosing decisions and signing them at once, without JavaScript."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from tests.views.desk.test_queue_page import claimed
from tests.views.desk.test_review_page import form_of, state_of
from webtest import Upload

from egovdocs.content import CaseState
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.signing import sign


def choosing(world: Any, *references: str) -> Any:
    """The signatory's browser, and the page where these decisions are read and signed."""
    browser = world.browser("signatory")
    form = form_of(browser.get("/provider/to-sign"), "/to-sign")
    for box in form.fields["case"]:
        box.checked = box._value in references
    return browser, form.submit(status=303).follow()


def unsigned(browser: Any, page: Any) -> dict[str, bytes]:
    link = next(link["href"] for link in page.html.find_all("a") if link["href"].endswith("/documents.zip"))
    with zipfile.ZipFile(io.BytesIO(browser.get(link).body)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def send(page: Any, files: list[tuple[str, bytes]], status: int = 200) -> Any:
    form = form_of(page, "/upload")
    form["files"] = [Upload(name, data, "application/xml") for name, data in files]
    return form.submit(status=status)


def test_several_are_signed_elsewhere_and_uploaded(world: Any) -> None:
    granted, refused = world.decided(), world.decided(grant=False)
    browser, page = choosing(world, granted, refused)
    documents = unsigned(browser, page)
    assert len(documents) == 2
    assert len(page.html.select("[data-signing]")) == 2
    key = world.key("signatory")
    first, second = documents.items()
    page = send(page, [(first[0], sign(first[1], key)), ("junk.xml", b"junk")], 422)
    assert len(page.html.select(".app-check--failed")) == 1
    assert len(page.html.select("[data-signing]")) == 1
    page = send(page, [("anything.xml", sign(second[1], key))])
    assert "The decisions are signed" in page
    assert state_of(world, granted) is CaseState.ISSUED
    assert state_of(world, refused) is CaseState.REFUSED
    for reference in (granted, refused):
        assert f"/provider/cases/{reference}" in page


def test_nothing_chosen(world: Any) -> None:
    world.decided()
    browser = world.browser("signatory")
    page = browser.get("/provider/to-sign")
    assert "Choose the requests whose decisions you sign" in form_of(page, "/to-sign").submit(status=422)
    page = browser.get("/provider/to-sign?all=1")
    assert all(box.checked for box in form_of(page, "/to-sign").fields["case"])


def test_no_file_chosen(world: Any) -> None:
    _browser, page = choosing(world, world.decided())
    assert "Choose the signed XML files" in form_of(page, "/upload").submit(status=422)


def test_what_one_decided_oneself_cannot_be_chosen(world: Any) -> None:
    reference = claimed(world, "signatory")
    browser = world.browser("signatory")
    form = form_of(browser.get(f"/provider/cases/{reference}"), "/review")
    for name in [name for name in form.fields if name and name.startswith("requirement-")]:
        form[name] = "met"
    form.submit("grant", status=303)
    page = browser.get("/provider/to-sign?all=1")
    assert not page.html.select(f"#case-{reference}")
    token = page.html.find("input", {"name": "csrf_token"})["value"]
    answer = browser.post("/provider/to-sign", {"csrf_token": token, "case": reference}, status=422)
    assert "another authorised signatory must sign" in answer


def test_a_decision_taken_back_meanwhile_is_named_and_the_others_go_through(world: Any) -> None:
    first, second = world.decided(), world.decided()
    browser, page = choosing(world, first, second)
    documents = unsigned(browser, page)
    form_of(world.browser("officer").get(f"/provider/cases/{first}"), "/return").submit(status=303)
    key = world.key("signatory")
    page = send(page, [(name, sign(each, key)) for name, each in documents.items()], 422)
    assert "There is no decision that waits for a signature" in page
    assert state_of(world, second) is CaseState.ISSUED
    assert state_of(world, first) is CaseState.IN_REVIEW


def test_a_page_whose_time_is_over(world: Any) -> None:
    browser, page = choosing(world, world.decided())
    with world.site() as site:
        batch = site["signings"][page.request.path.rpartition("/")[2]]
        batch.expires -= timedelta(hours=2)
    assert "The time for signing is over" in browser.get(page.request.path, status=410)


@pytest.mark.parametrize("login", [CLINIC_BIN, "officer", "physician"])
def test_a_batch_belongs_to_its_signatory(world: Any, login: str) -> None:
    _browser, page = choosing(world, world.decided())
    stranger = world.browser(login)
    stranger.get(page.request.path, status=403)
    stranger.get(f"{page.request.path}/documents.zip", status=403)
    stranger.post(f"{page.request.path}/upload", status=403)


def test_the_list_is_the_signatorys(world: Any) -> None:
    reference = world.decided()
    world.browser().get("/provider/to-sign", status=303)
    world.browser(CLINIC_BIN).get("/provider/to-sign", status=403)
    world.browser("officer").get("/provider/to-sign", status=403)
    other = world.browser("physician")
    assert reference not in other.get("/provider/to-sign")
    token = other.get("/provider").html.find("input", {"name": "csrf_token"})["value"]
    answer = other.post("/provider/to-sign", {"csrf_token": token, "case": reference}, status=422)
    assert "another provider" in answer
