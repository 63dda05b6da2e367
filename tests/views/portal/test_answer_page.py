"""Remarks, answers and withdrawals, as the applicant and the officer reach them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.editions import with_parts
from tests.factories import png
from tests.views.desk.test_queue_page import claimed
from tests.views.desk.test_review_page import form_of, state_of
from tests.views.visitors.test_reception_page import registered
from webtest import Upload

from egovdocs.content import CaseState
from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.schemas import Remarks
from egovdocs.signing import sign

TEXT = "Приложите договор аренды."


def remarked(world: Any) -> str:
    reference = claimed(world)
    form = form_of(world.browser("officer").get(f"/provider/cases/{reference}"), "/remark")
    form["remark"] = TEXT
    assert "has reached the applicant" in form.submit(status=303).follow()
    return reference


def uploaded(world: Any, browser: Any, page: Any, key: str = "clinic") -> Any:
    """Sign what a signing page offers, and go where it leads."""
    form = form_of(page, "/upload")
    unsigned = browser.get(form.action.replace("/upload", "/document.xml")).body
    form["signed"] = Upload("signed.xml", sign(unsigned, world.key(key)))
    return form.submit(status="*")


def test_the_applicant_answers_and_the_queue_marks_it(world: Any) -> None:
    reference = remarked(world)
    officer, clinic = world.browser("officer"), world.browser(CLINIC_BIN)
    assert "waits for the applicant&#39;s answer" in officer.get("/provider?show=mine")
    assert "Answer the remark" in clinic.get("/account")
    page = clinic.get(f"/cases/{reference}")
    assert TEXT in page
    page = page.click("Answer the remark")
    form = form_of(page, "/remark/1")
    assert "Write your answer" in form.submit(status=422)
    form["text"], form["files"] = "Договор приложен.", [Upload("Договор.png", png(), "image/png")]
    page = form.submit(status=303).follow()
    assert "Договор.png" in page
    done = uploaded(world, clinic, page).follow()
    assert "has reached the provider" in done
    assert "Договор приложен." in done
    clinic.get(f"/cases/{reference}/documents/answer-1.pdf")
    clinic.get(f"/cases/{reference}/documents/remark-1")
    clinic.get(f"/cases/{reference}/remark/1", status=200)

    assert "The applicant has answered" in officer.get("/provider?show=mine")
    page = officer.get(f"/provider/cases/{reference}")
    assert "Договор приложен." in page
    assert "not as signed" not in page
    number = page.html.find("a", string="Договор.png")["href"]
    assert officer.get(number).body == png()


def test_a_mistake_keeps_the_text(world: Any) -> None:
    clinic = world.browser(CLINIC_BIN)
    form = form_of(clinic.get(f"/cases/{remarked(world)}/remark/1"), "/remark/1")
    form["text"], form["files"] = "Вот он.", [Upload("virus.png", b"MZ", "image/png")]
    page = form.submit(status=422)
    assert "virus.png: This is not a complete file" in page
    assert form_of(page, "/remark/1")["text"].value == "Вот он."


def test_a_mistake_is_announced_in_the_readers_language(world: Any) -> None:
    clinic = world.browser(CLINIC_BIN)
    form = form_of(clinic.get(f"/cases/{remarked(world)}/remark/1?lang=ru"), "/remark/1")
    assert form.submit(status=422).html.select_one(".govuk-error-message").text.split()[0] == "Ошибка:"


def test_the_officer_sees_that_an_answer_is_waited_for(world: Any) -> None:
    page = world.browser("officer").get(f"/provider/cases/{remarked(world)}")
    assert "waits for the applicant's answer" in page.html.select_one(".app-strip").text
    links = [link.text for link in page.html.select("aside a[download]")]
    assert len(links) == len(set(links)) == 6, "each link says of which document it is"


def test_a_time_limit_that_stands_still_is_told(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = Remarks(stop_clock=True, working_days=5)
    services = with_parts(world.office.services, remarks=rules)
    monkeypatch.setitem(world.application.registry, "office", replace(world.office, services=services))
    reference = claimed(world)
    page = world.browser("officer").get(f"/provider/cases/{reference}")
    assert "stops the time limit until the answer" in page
    form = form_of(page, "/remark")
    form["remark"] = TEXT
    assert "waits for the applicant until" in form.submit(status=303).follow()
    page = world.browser(CLINIC_BIN).get(f"/cases/{reference}")
    assert "The time limit stands still until you answer" in page


def test_a_remark_without_words(world: Any) -> None:
    url = f"/provider/cases/{claimed(world)}"
    page = form_of(world.browser("officer").get(url), "/remark").submit(status=422)
    assert "Write what the applicant is to correct" in page


def test_the_applicant_withdraws(world: Any) -> None:
    reference = claimed(world)
    clinic = world.browser(CLINIC_BIN)
    form = form_of(clinic.get(f"/cases/{reference}").click("Withdraw the request"), "/withdraw")
    form["reason"] = "Передумали."
    page = form.submit(status=303).follow()
    assert "Передумали." in page
    done = uploaded(world, clinic, page).follow()
    assert "Your request is withdrawn." in done
    assert "Withdrawn by the applicant" in done
    assert state_of(world, reference) is CaseState.CLOSED
    clinic.get(f"/cases/{reference}/documents/withdrawal.pdf")
    clinic.get(f"/cases/{reference}/diagram")
    late = clinic.get(f"/cases/{reference}/withdraw", status=409)
    assert late.html.find("a", string="See how the request stands now")["href"] == f"/cases/{reference}"
    officer = world.browser("officer")
    assert reference not in officer.get("/provider?show=all")
    assert "Withdrawn by the applicant" in officer.get(f"/provider/cases/{reference}")


def test_a_signature_that_comes_after_the_withdrawal_is_lost_cleanly(world: Any) -> None:
    reference = world.decided()
    signatory, clinic = world.browser("signatory"), world.browser(CLINIC_BIN)
    signing = form_of(signatory.get(f"/provider/cases/{reference}"), "/sign").submit(status=303).follow()
    page = form_of(clinic.get(f"/cases/{reference}/withdraw"), "/withdraw").submit(status=303).follow()
    uploaded(world, clinic, page)
    lost = uploaded(world, signatory, signing, "signatory")
    assert lost.status_int == 409
    assert "has withdrawn this request" in lost


def test_a_visitors_answer_and_withdrawal_are_taken_down(world: Any) -> None:
    reference = remarked(world)
    url = f"/provider/cases/{reference}"
    officer = world.browser("officer")
    assert "Enter the applicant" not in officer.get(url)
    refused = officer.get(f"{url}/remark/1", status="*")
    assert "with their own key" in refused
    with world.site() as site:
        site["cases"][reference].channel = "provider"
        site["cases"][reference].journal[:] = []
    form = form_of(officer.get(url).click("Enter the applicant"), "/remark/1")
    assert "Write your answer" in form.submit(status=422)
    form["text"] = "Принёс договор."
    page = form.submit(status=303).follow()
    assert "taken down by Ким Виктор Андреевич" in page
    form = form_of(page.click("The applicant withdraws"), "/withdraw")
    form["reason"] = "Заявление на бумаге."
    assert "is withdrawn" in form.submit(status=303).follow()
    assert state_of(world, reference) is CaseState.CLOSED


def test_whose_they_are(world: Any) -> None:
    reference = remarked(world)
    for page in ("remark/1", "withdraw"):
        world.browser().get(f"/cases/{reference}/{page}", status=303)
        world.browser("officer").get(f"/cases/{reference}/{page}", status=403)
        world.browser(CLINIC_BIN).get(f"/provider/cases/{reference}/{page}", status=403)
        world.browser(CLINIC_BIN).post(f"/cases/{reference}/{page}", status=400)
        world.browser("officer").post(f"/provider/cases/{reference}/{page}", status=400)
    for wrong in ("remark", "remark/2", "remark/01", "remark/1/1"):
        world.browser(CLINIC_BIN).get(f"/cases/{reference}/{wrong}", status=404)


def test_a_tampered_answer_is_not_shown(world: Any) -> None:
    reference = remarked(world)
    with world.site() as site:
        case = site["cases"][reference]
        kept = case.documents["remark-1"]
        forged = kept.data.replace("договор".encode(), "подарок".encode())
        case.documents.add("remark-1", kept.name, forged, kept.created_at, report=kept.report)
    page = world.browser(CLINIC_BIN).get(f"/cases/{reference}")
    assert "no longer passes its check" in page
    assert "подарок" not in page


def test_an_operator_takes_an_answer_and_a_withdrawal_down(world: Any) -> None:
    reference = registered(world, "operator")
    officer, operator = world.browser("officer"), world.browser("operator")
    officer.get(f"/provider/cases/{reference}")
    form_of(officer.get(f"/provider/cases/{reference}"), "/claim").submit(status=303)
    form = form_of(officer.get(f"/provider/cases/{reference}"), "/remark")
    form["remark"] = TEXT
    form.submit(status=303)
    assert "Answer the remark" in operator.get("/centre")
    page = operator.get(f"/cases/{reference}")
    assert "enter their answer below" in page
    form = form_of(page.click("Enter the applicant"), "/remark/1")
    assert "Write your answer" in form.submit(status=422)
    form["text"], form["files"] = "Принёс договор.", [Upload("Договор.png", png(), "image/png")]
    page = form.submit(status=303).follow()
    assert "is entered" in page
    assert "taken down by Сейітова Аружан Бекболатқызы" in page
    assert "Answer the remark" not in operator.get("/centre")
    assert "Принёс договор." in officer.get(f"/provider/cases/{reference}")

    form = form_of(world.browser("operator2").get(f"/cases/{reference}").click("withdraws"), "/withdraw")
    page = form.submit(status=303).follow()
    assert "Withdrawn by the applicant" in page
    assert state_of(world, reference) is CaseState.CLOSED
    operator.get(f"/cases/{reference}/withdraw", status=409)


def test_no_operator_speaks_for_the_applicant_of_another_centre_or_of_the_portal(world: Any) -> None:
    for reference in (claimed(world), registered(world)):
        for page in ("remark/1", "withdraw"):
            world.browser("operator").get(f"/cases/{reference}/{page}", status=403)
            world.browser("operator").post(f"/cases/{reference}/{page}", status=403)
