"""How a service is provided, as a diagram; and the way a case has taken."""

from __future__ import annotations

from typing import Any

import pytest

from egovdocs.sandbox.demo_people import CLINIC_BIN


def test_every_channel_of_every_service_is_drawn(world: Any) -> None:
    browser = world.browser()
    for service in world.office.services_in_force().values():
        for channel, procedure in service.channels.items():
            page = browser.get(f"/services/{service.service_id}/procedure/{channel}")
            drawings = page.html.find_all("svg", {"role": "img"})
            assert len(drawings) == 2, "one for wide screens, one for narrow"
            for drawing in drawings:
                drawn = [group["data-step"] for group in drawing.find_all("g", {"data-step": True})]
                assert drawn == list(procedure.steps)
            ids = [element["id"] for element in page.html.find_all(id=True)]
            assert len(ids) == len(set(ids))
            rows = page.html.tbody.find_all("tr")
            assert [row["id"] for row in rows] == [f"step-{number}" for number in procedure.steps]
            assert not page.html.find_all(style=True)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_in_every_language(world: Any, language: str) -> None:
    service = world.office.service("medical-licence")
    page = world.browser().get(f"/services/{service.service_id}/procedure/portal?lang={language}")
    assert service.channels["portal"].steps["P9"].text[language] in page.html.table.text
    assert page.html.find("svg", {"role": "img"})["lang"] == language


def test_the_service_leads_to_its_procedure(world: Any) -> None:
    page = world.browser().get("/services/medical-licence")
    page = page.click(href="/services/medical-licence/procedure/portal")
    assert page.status_int == 200
    assert page.html.find(attrs={"aria-current": "page"})["href"] == page.request.path


@pytest.mark.parametrize(
    "path",
    ["medical-licence/procedure/pigeon", "nothing/procedure/portal", "medical-licence/procedure/%3Cb%3E"],
)
def test_no_such_procedure(world: Any, path: str) -> None:
    world.browser().get(f"/services/{path}", status=404)


def passed(page: Any, mark: str) -> list[str]:
    drawing = page.html.find("svg", {"role": "img"})
    return [group["data-step"] for group in drawing.select(f".app-diagram__step--{mark}")]


def test_an_applicant_sees_the_way_of_a_case(world: Any) -> None:
    reference = world.registered()
    browser = world.browser(CLINIC_BIN)
    page = browser.get(f"/cases/{reference}").click(href=f"/cases/{reference}/diagram")
    assert passed(page, "now") == ["C4"]
    assert {"P3", "P4", "C2", "P6", "C3", "P8", "P9"} <= set(passed(page, "passed"))
    assert not {"P5", "P7", "P10", "P11"} & set(passed(page, "passed"))
    assert "The answer is due by" in page
    taken = [row for row in page.html.tbody.find_all("tr") if "took" in row.text]
    assert {"step-P4", "step-P9"} <= {row["id"] for row in taken}
    assert page.click(description="Back to the request").request.path == f"/cases/{reference}"


def test_the_provider_sees_the_same(world: Any) -> None:
    reference = world.answered(grant=False)
    page = world.browser("officer").get(f"/provider/cases/{reference}")
    page = page.click(href=f"/provider/cases/{reference}/diagram")
    assert passed(page, "now") == []
    assert "P10" in passed(page, "passed")
    assert "P11" not in passed(page, "passed")
    assert "answered in time" in page
    assert page.click(description="Back to the request").request.path == f"/provider/cases/{reference}"


def test_a_draft_is_its_applicants_alone(world: Any) -> None:
    reference = world.drafted()
    page = world.browser(CLINIC_BIN).get(f"/cases/{reference}/diagram")
    assert passed(page, "now") == ["P4"]
    for path in (f"/cases/{reference}/diagram", f"/provider/cases/{reference}/diagram"):
        assert world.browser("officer").get(path, status="4*").status_int in (403, 404)


def test_strangers_see_no_case(world: Any) -> None:
    reference = world.registered()
    world.browser().get(f"/cases/{reference}/diagram", status=303)
    world.browser(CLINIC_BIN).get(f"/provider/cases/{reference}/diagram", status=403)
