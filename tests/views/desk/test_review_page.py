"""The provider's desk: the queue, the review, the decision, and who may not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.content import CaseState


def state_of(world: Any, reference: str) -> CaseState:
    with world.site() as site:
        return site["cases"][reference].state


def form_of(page: Any, action: str) -> Any:
    return next(form for form in page.forms.values() if form.action.endswith(action))


def test_queue_is_ordered_by_deadline_and_marks_what_is_late(world: Any) -> None:
    late, soon, calm = world.registered(), world.registered(), world.registered()
    officer = world.browser("officer")
    with world.site() as site:
        for reference, days in ((late, -10), (soon, 0), (calm, 30)):
            case = site["cases"][reference]
            case.deadline = world.office.today() + timedelta(days=days)
            site["cases"].reindex(case)
    page = officer.get("/provider?show=free")
    rows = {row.a["href"].rpartition("/")[2]: row["class"][-1] for row in page.html.tbody.find_all("tr")}
    assert [name for name in rows if name in (late, soon, calm)] == [late, soon, calm]
    assert (rows[late], rows[soon], rows[calm]) == ("app-row--overdue", "app-row--soon", "app-row--calm")
    assert "overdue by" in page
    assert "due today" in page


def test_filters(world: Any) -> None:
    mine, waiting, free = world.registered(), world.decided(), world.registered()
    officer = world.browser("officer2")
    form_of(officer.get(f"/provider/cases/{mine}"), "/claim").submit(status=303)
    shown = {
        name: set(re.findall('/provider/cases/([^"/]+)', officer.get(f"/provider?show={name}").text))
        for name in ("mine", "free", "sign", "all", "review")
    }
    assert shown["mine"] == {mine}
    assert free in shown["free"]
    assert mine not in shown["free"]
    assert waiting in shown["sign"]
    assert shown["sign"] & shown["review"] == set()
    assert {mine, waiting, free} <= shown["all"]
    officer.get("/provider?show=nonsense", status=404)


def counts_of(page: Any) -> dict[str, str]:
    filters = page.html.select(".app-filters a")
    return {link["href"].rpartition("=")[2]: link.select_one(".app-count").text for link in filters}


def test_the_list_with_work_in_it_comes_first_and_all_are_counted(world: Any) -> None:
    bin = "950341000052"
    with world.site() as site:
        add_staff(site, "both", "demonstration", "Двое в одном", ("officer", "signatory"), bin)
    both = world.browser("both")
    page = both.get("/provider")
    assert "Well done" in page
    assert set(counts_of(page).values()) == {"0"}

    decided, registered = world.decided(), world.registered()
    for reference, current in ((decided, "sign"), (registered, "review")):
        with world.site() as site:
            case = site["cases"][reference]
            case.provider = bin
            site["cases"].reindex(case)
        page = both.get("/provider")
        assert page.html.select_one(".app-filters [aria-current]")["href"] == f"/provider?show={current}"
        assert f"/provider/cases/{reference}" in page
    assert counts_of(page) == {"review": "1", "mine": "0", "free": "1", "sign": "1", "all": "2"}
    page = both.get("/provider?show=mine")
    assert "No requests here." in page
    assert "Well done" not in page


def test_the_most_urgent_case_is_taken_first(world: Any) -> None:
    world.registered()
    urgent = world.registered()
    with world.site() as site:
        case = site["cases"][urgent]
        case.deadline = world.office.today() - timedelta(days=300)
        site["cases"].reindex(case)
    officer = world.browser("officer")
    answer = form_of(officer.get("/provider"), "/next").submit(status=303)
    assert answer.location.endswith(f"/provider/cases/{urgent}")
    with world.site() as site:
        assert site["cases"][urgent].assignee == "officer"


def test_a_page_of_the_queue_that_is_no_number(world: Any) -> None:
    world.browser("officer").get("/provider?page=-1%20or")


def test_from_claim_to_the_signatory(world: Any) -> None:
    reference = world.registered()
    base = f"/provider/cases/{reference}"
    officer = world.browser("officer")
    form_of(officer.get(base), "/claim").submit(status=303)

    page = officer.get(base)
    assert "120540000567" in page  # of the signed request
    assert "as signed" in page
    assert "not as signed" not in page
    form = form_of(page, "/review")
    answers = [name for name in form.fields if name and name.startswith("requirement-")]
    assert answers
    for name in answers[1:]:
        form[name] = "met"
    refused = form.submit("grant", status=422)
    assert "every requirement" in refused
    assert state_of(world, reference) is CaseState.IN_REVIEW

    form = form_of(refused, "/review")
    form[answers[0]] = "met"
    form["conditions"] = "Только взрослые."
    assert form.submit("grant").follow().html.find(id="draft")
    with world.site() as site:
        case = site["cases"][reference]
        assert case.state is CaseState.AWAITING_SIGNATURE
        assert case.decision.conditions == "Только взрослые."


def test_the_checklist_is_kept(world: Any) -> None:
    reference = world.registered()
    officer = world.browser("officer")
    form_of(officer.get(f"/provider/cases/{reference}"), "/claim").submit(status=303)
    form = form_of(officer.get(f"/provider/cases/{reference}"), "/review")
    name = next(name for name in form.fields if name and name.startswith("requirement-"))
    form[name], form["notes"] = "not-met", "Позвонить заявителю"
    form.submit("save", status=303)
    kept = form_of(officer.get(f"/provider/cases/{reference}"), "/review")
    assert kept[name].value == "not-met"
    assert kept["notes"].value == "Позвонить заявителю"


def test_refusal_needs_a_ground_and_a_reason(world: Any) -> None:
    reference = world.registered()
    base = f"/provider/cases/{reference}"
    officer = world.browser("officer")
    form_of(officer.get(base), "/claim").submit(status=303)
    form = form_of(officer.get(f"{base}/refuse"), "/refuse")
    form["reason"] = "Нет диплома"
    again = form.submit(status=422)
    assert "at least one ground" in again.html.find(id="grounds-error").text
    form = form_of(again, "/refuse")
    assert form["reason"].value == "Нет диплома"
    form.set("grounds", True, 2)
    form["reason"] = " "
    again = form.submit(status=422)
    assert "your own words" in again.html.find(id="reason-error").text
    form = form_of(again, "/refuse")
    form["reason"] = "Нет диплома"
    form.set("grounds", True, 2)
    assert "Нет диплома" in form.submit().follow()
    with world.site() as site:
        assert site["cases"][reference].decision.granted is False


@pytest.mark.parametrize("reason", ["a\0b", "a\ufffeb"])
def test_a_reason_that_no_document_can_hold(world: Any, reason: str) -> None:
    url, officer = f"/provider/cases/{world.registered()}", world.browser("officer")
    form_of(officer.get(url), "claim").submit(status=303)
    form = form_of(officer.get(f"{url}/refuse"), "refuse")
    form["grounds"], form["reason"] = ["court-decision"], reason
    assert "characters that are not allowed" in form.submit(status=422).text
    officer.get(url, status=200)


def test_somebody_else_was_faster(world: Any) -> None:
    reference = world.registered()
    first, second = world.browser("officer"), world.browser("officer2")
    form = form_of(second.get(f"/provider/cases/{reference}"), "/claim")
    form_of(first.get(f"/provider/cases/{reference}"), "/claim").submit(status=303)
    assert "Another officer has taken this case." in form.submit(status=409)


def test_decided_once(world: Any) -> None:
    reference = world.registered()
    officer = world.browser("officer")
    form_of(officer.get(f"/provider/cases/{reference}"), "/claim").submit(status=303)
    page = officer.get(f"/provider/cases/{reference}")
    refusing = officer.get(f"/provider/cases/{reference}/refuse")
    form = form_of(page, "/review")
    for name in [name for name in form.fields if name and name.startswith("requirement-")]:
        form[name] = "met"
    form.submit("grant", status=303)
    late = form_of(refusing, "/refuse")
    late["reason"] = "Передумал"
    late.set("grounds", True, 0)
    assert "decided already" in late.submit(status=409)
    with world.site() as site:
        assert site["cases"][reference].decision.granted is True


def test_return_and_release(world: Any) -> None:
    reference = world.decided()
    base = f"/provider/cases/{reference}"
    officer = world.browser("officer")
    form_of(officer.get(base), "/return").submit(status=303)
    assert state_of(world, reference) is CaseState.IN_REVIEW
    form_of(officer.get(base), "/release").submit(status=303)
    assert state_of(world, reference) is CaseState.REGISTERED


def test_only_a_signatory_is_offered_to_sign(world: Any) -> None:
    reference = world.decided()
    base = f"/provider/cases/{reference}"
    assert not any(
        form.action.endswith("/sign") for form in world.browser("officer").get(base).forms.values()
    )
    assert form_of(world.browser("signatory").get(base), "/sign").submit(status=303).location


def test_the_desk_is_the_providers_alone(world: Any) -> None:
    reference, draft = world.registered(), world.drafted()
    world.browser().get("/provider", status=303)
    clinic = world.browser("120540000567")
    clinic.get("/provider", status=403)
    clinic.get(f"/provider/cases/{reference}", status=403)
    world.browser("officer").get(f"/provider/cases/{draft}", status=403)
    with world.site() as site:
        add_staff(site, "elsewhere", "demonstration", "Чужой", ("officer",), "950341000052")
    stranger = world.browser("elsewhere")
    stranger.get(f"/provider/cases/{reference}", status=403)
    assert reference not in stranger.get("/provider?show=all")


@pytest.mark.parametrize("action", ["claim", "release", "review", "refuse", "return"])
def test_nothing_happens_without_the_csrf_token(world: Any, action: str) -> None:
    reference = world.registered()
    world.browser("officer").post(f"/provider/cases/{reference}/{action}", status=400)
    assert state_of(world, reference) is CaseState.REGISTERED


def test_a_tampered_request_is_not_shown(world: Any) -> None:
    reference = world.registered()
    with world.site() as site:
        case = site["cases"][reference]
        kept = case.documents["request"]
        forged = kept.data.replace("Клиника".encode(), "Кулинар".encode())
        case.documents.add("request", kept.name, forged, kept.created_at, report=kept.report)
    page = world.browser("officer").get(f"/provider/cases/{reference}")
    assert "no longer passes its check" in page
    assert "Кулинар" not in page
