"""Where people come in person: the officer's and the operator's pages, and who may not open them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.factories import png
from tests.worlds import CLINIC_PAGES
from webtest import Upload

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.requests.attach_file import attach_file, mark_papers
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.submit_request import offer_request, seal_request
from egovdocs.casework.signatures.sign_document import upload_signed
from egovdocs.casework.transactions import commit_and_begin
from egovdocs.content import CaseState
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.sandbox.demo_people import CENTRE, CENTRE_BIN, CLINIC_BIN
from egovdocs.signing import sign

PERSON = "910203450036"
UNKNOWN = "680503250034"


class Silent:
    """Registers that give no answer."""

    def person(self, iin: str) -> None:
        raise ExternalSystemUnavailable("down")

    entity = person


def form_of(page: Any, action: str) -> Any:
    return next(form for form in page.forms.values() if form.action.endswith(action))


def received(browser: Any, identifier: str, door: str = "/provider/visitors", status: int = 303) -> Any:
    form = form_of(browser.get(f"{door}/new"), "/new")
    form["errand"], form["identifier"] = "medical-licence:issue", identifier
    return form.submit(status=status)


def reference_of(answer: Any) -> str:
    return answer.location.rpartition("/")[2]


def complete(world: Any, reference: str, pages: dict[str, Any] = CLINIC_PAGES) -> str:
    """Fill a visitor's request in, by the back door."""
    with world.site() as site:
        case = site["cases"][reference]
        for page, answers in pages.items():
            save_page(world.office, case, page, answers)
        kinds = world.office.edition_of(case).attachments_for(case.action, case.channel)
        wanted = [kind.code for kind in kinds if kind.required]
        for code in wanted:
            attach_file(world.office, case, code, f"{code}.png", png())
        mark_papers(world.office, case, wanted)
    return reference


def registered(world: Any, login: str = "officer", identifier: str = CLINIC_BIN) -> str:
    """A visitor's request that an officer, or an operator, has registered."""
    door = "/centre" if login == "operator" else "/provider/visitors"
    reference = complete(world, reference_of(received(world.browser(login), identifier, door)))
    with world.site() as site:
        case = site["cases"][reference]
        if login == "operator":
            signing = offer_request(world.office, site, case, site["accounts"][login])
            commit_and_begin(site)
            upload_signed(world.office, site, signing, sign(signing.document, world.key("operator")))
        else:
            seal_request(world.office, site, case)
    return reference


def answered(world: Any, login: str = "officer") -> str:
    reference = registered(world, login)
    with world.site() as site:
        world._decide(site, site["cases"][reference], True)
    with world.site() as site:
        world._issue(site, site["cases"][reference])
    return reference


@pytest.mark.parametrize("door", ["/provider/visitors", "/centre"])
def test_the_door_is_for_those_who_sit_behind_it(world: Any, door: str) -> None:
    allowed = {"officer": door.startswith("/provider"), "operator": door == "/centre"}
    for login in ("officer", "operator", "archivist", CLINIC_BIN):
        for page in (door, f"{door}/new"):
            world.browser(login).get(page, status=200 if allowed.get(login) else 403)
    assert "/login" in world.browser().get(door, status=303).location
    login = "operator" if door == "/centre" else "officer"
    world.browser(login).get(f"{door}/nonsense", status=404)


def test_an_operator_comes_to_the_centre(world: Any) -> None:
    operator = world.browser("operator")
    assert operator.get("/account", status=303).location.endswith("/centre")
    page = operator.get("/centre")
    assert CENTRE.en in page
    assert CENTRE.kk in operator.get("/centre", headers={"Accept-Language": "kk"})
    assert page.html.select_one("nav [aria-current='true'], .govuk-service-navigation__item--active")
    assert operator.get("/login", status=303).location.endswith("/centre")


@pytest.mark.parametrize(
    ("number", "said"),
    [("", "12 digits"), ("910203450037", "check digit"), ("91020345003", "12 digits")],
)
def test_a_mistyped_number_is_explained_and_kept(world: Any, number: str, said: str) -> None:
    again = received(world.browser("officer"), number, status=422)
    assert said in again.html.select_one(".govuk-error-summary").text
    form = form_of(again, "/new")
    assert form["identifier"].value == number
    assert form["errand"].value == "medical-licence:issue"


def test_something_must_be_asked_for(world: Any) -> None:
    form = form_of(world.browser("officer").get("/provider/visitors/new"), "/new")
    form["identifier"] = PERSON
    assert "Select what is asked for" in form.submit(status=422)


def test_nobody_of_that_number(world: Any) -> None:
    for login, door, step in (("officer", "/provider/visitors", "P5"), ("operator", "/centre", "P4")):
        browser = world.browser(login)
        refused = received(browser, UNKNOWN, door, status=403)
        summary = refused.html.select_one(".govuk-error-summary").text
        assert f"{step}: The persons register has nobody" in summary
        with world.site() as site:
            reference = next(site["cases"].of_applicant(UNKNOWN)).reference
        ended = browser.get(door).click(href=f"/cases/{reference}")
        assert "The request has ended" in ended
        assert "Ask again" not in ended


def test_only_the_centre_asks_for_a_representative(world: Any) -> None:
    assert "representative" not in world.browser("officer").get("/provider/visitors/new")
    form = form_of(world.browser("operator").get("/centre/new"), "/new")
    form["errand"], form["identifier"] = "medical-licence:issue", CLINIC_BIN
    form["representative"], form["power"] = "850311300176", "2026-0602-1"
    parts = form.submit(status=303).follow()
    assert "Нұрғалиев Ерлан Серікұлы" in parts
    assert "2026-0602-1" in parts


def test_a_silent_register_loses_nothing(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = world.browser("officer")
    office = world.office
    silent = replace(office, registers=lambda site: Silent())
    monkeypatch.setitem(world.application.registry, "office", silent)
    waiting = received(officer, PERSON).follow()
    assert "has not answered yet" in waiting
    assert "cannot be reached" in form_of(waiting, "/look-up").submit(status=422)
    monkeypatch.setitem(world.application.registry, "office", office)
    parts = form_of(waiting, "/look-up").submit(status=303).follow()
    assert "Сапарова Айгерім Маратқызы" in parts
    assert "state registers'" in parts.html.main.text


def test_the_registers_answer_is_shown_while_the_request_is_a_draft(world: Any) -> None:
    officer, reference = (
        world.browser("officer"),
        reference_of(received(world.browser("officer"), CLINIC_BIN)),
    )
    said = officer.get(f"/cases/{reference}").html.select_one(".app-facts").text
    with world.site() as site:
        entry = site["cases"][reference].looked_up
    for fact in (CLINIC_BIN, entry.address_ru, f"First head: IIN {entry.head}", "state registers'"):
        assert fact in " ".join(said.split())
    person = officer.get(received(officer, PERSON).location).html.select_one(".app-facts").text
    assert "Born on 3 February 1991" in person
    assert entry.head not in officer.get(f"/cases/{registered(world)}")


def test_the_form_holds_what_the_register_says(world: Any) -> None:
    officer = world.browser("officer")
    page = officer.get(received(officer, PERSON).location + "/form/applicant")
    assert "Сапарова Айгерім Маратқызы" in page
    form = form_of(page, "/form/applicant")
    assert form["address-region"].value == "47"
    assert form["address-locality"].value == "г. Актау"
    assert form["address-street"].value == "7 мкр., д. 12, кв. 45"
    assert "state register's data" in page.html.main.text
    assert "identifier" not in form.fields


def test_papers_are_marked_and_scanned(world: Any) -> None:
    officer = world.browser("officer")
    base = received(officer, PERSON).location
    page = officer.get(f"{base}/attachments")
    assert "&lt;span" not in page
    wrong = form_of(page, "/attachments").submit("continue", status=422)
    assert "Mark that the original was shown on paper: “Receipt for the licence fee”" in wrong
    assert wrong.html.find(id="paper-fee-receipt")
    form = form_of(wrong, "/attachments")
    for box in form.fields["paper"]:
        box.checked = True
    form["file-fee-receipt"] = [Upload("receipt.png", png(), "image/png")]
    form.submit("add", status=303)
    kept = form_of(officer.get(f"{base}/attachments"), "/attachments")
    assert all(box.checked for box in kept.fields["paper"])
    with world.site() as site:
        case = site["cases"][base.rpartition("/")[2]]
        assert "fee-receipt" in case.papers
        assert [file.kind for file in case.attachments] == ["fee-receipt"]
    kept.fields["paper"][0].checked = False
    kept.submit("remove", status=303)
    with world.site() as site:
        case = site["cases"][base.rpartition("/")[2]]
        assert "premises" not in case.papers
        assert not case.attachments


def test_no_bank_is_met(world: Any) -> None:
    officer = world.browser("officer")
    base = received(officer, PERSON).location
    assert "pay" not in officer.get(base).html.main.text
    form_of(officer.get(f"{base}/payment"), "/payment").submit(status=422)


def test_an_officers_request_is_registered_without_a_key(world: Any) -> None:
    officer = world.browser("officer")
    reference = complete(world, reference_of(received(officer, PERSON)))
    check = officer.get(f"/cases/{reference}/check")
    assert "Shown on paper" in check
    assert not [form for form in check.forms.values() if form.action.endswith("/sign")]
    case = form_of(check, "/register").submit(status=303).follow()
    assert "Print the receipt" in case
    assert officer.get(f"/cases/{reference}/documents/receipt.pdf").body.startswith(b"%PDF")
    assert form_of(check, "/register").submit(status=303).follow().status_int == 200
    with world.site() as site:
        assert site["cases"][reference].state is CaseState.REGISTERED
    listed = world.browser("officer2").get("/provider?show=all")
    assert "Сапарова Айгерім Маратқызы" in listed


def test_an_incomplete_request_is_not_registered(world: Any) -> None:
    officer = world.browser("officer")
    base = received(officer, PERSON).location
    token = form_of(officer.get(f"{base}/attachments"), "/attachments")["csrf_token"].value
    for way in ("register", "sign"):
        answer = officer.post(f"{base}/{way}", {"csrf_token": token}, status=[303, 422])
        assert answer.status_int == 422 or answer.location.endswith("/check")
    with world.site() as site:
        assert site["cases"][base.rpartition("/")[2]].number is None


def test_a_draft_is_its_makers_alone(world: Any) -> None:
    reference = reference_of(received(world.browser("operator"), CLINIC_BIN, "/centre"))
    for login in ("operator2", "officer", CLINIC_BIN, "archivist"):
        world.browser(login).get(f"/cases/{reference}", status=403)
    assert reference not in world.browser(CLINIC_BIN).get("/account")


def test_a_registered_request_is_the_applicants_to_see(world: Any) -> None:
    reference = registered(world, "operator")
    clinic = world.browser(CLINIC_BIN)
    assert reference in clinic.get("/account")
    page = clinic.get(f"/cases/{reference}")
    assert "Мои" not in page
    assert "/account" in page.html.select_one(".govuk-back-link")["href"]
    clinic.get(f"/cases/{reference}/form/contacts", status=403)
    world.browser("operator2").get(f"/cases/{reference}")
    world.browser("operator2").get(f"/cases/{reference}/form/contacts", status=403)


def test_another_centre_sees_nothing(world: Any) -> None:
    reference = answered(world, "operator")
    with world.site() as site:
        if "elsewhere" not in site["accounts"]:
            add_staff(site, "elsewhere", "demonstration", "Другой ЦОН", ("operator",), "130540001001")
        number = site["cases"][reference].number
    stranger = world.browser("elsewhere")
    stranger.get(f"/cases/{reference}", status=403)
    assert number not in stranger.get("/centre")
    form = form_of(stranger.get("/centre"), "/centre")
    form["wanted"] = number
    assert "Nothing was found" in form.submit()


@pytest.mark.parametrize("wanted", ["number", "applicant"])
def test_a_colleague_finds_what_was_taken_here(world: Any, wanted: str) -> None:
    reference = registered(world, "operator")
    with world.site() as site:
        sought = getattr(site["cases"][reference], wanted)
    colleague = world.browser("operator2")
    form = form_of(colleague.get("/centre"), "/centre")
    form["wanted"] = f" {sought} "
    assert f"/cases/{reference}" in form.submit()


@pytest.mark.parametrize(("login", "door"), [("officer", "/provider/visitors"), ("operator", "/centre")])
def test_the_outcome_is_handed_out(world: Any, login: str, door: str) -> None:
    reference = answered(world, login)
    colleague = world.browser(f"{login}2")
    assert f"/cases/{reference}" in colleague.get(door)
    applicant = world.browser(CLINIC_BIN).get(f"/cases/{reference}")
    assert "can be collected at" in applicant
    assert not [form for form in applicant.forms.values() if form.action.endswith("/hand-out")]
    page = colleague.get(f"/cases/{reference}")
    done = form_of(page, "/hand-out").submit(status=303).follow()
    assert "Handed over at" in done
    form_of(page, "/hand-out").submit(status=409)
    assert f"/cases/{reference}" not in colleague.get(door)
    assert "Handed over at" in world.browser(CLINIC_BIN).get(f"/cases/{reference}")
    name = world.office.service("medical-licence").provider.title if login == "officer" else CENTRE
    for language in ("kk", "ru"):
        page = world.browser(login).get(f"/cases/{reference}", headers={"Accept-Language": language})
        assert name[language] in page.html.main.text
    with world.site() as site:
        case = site["cases"][reference]
        assert case.handed_out.by == f"{login}2"
        assert case.received_by == (CENTRE_BIN if login == "operator" else case.provider)
