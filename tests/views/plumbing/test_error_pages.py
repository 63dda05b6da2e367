"""A refusal's page leads back to what was refused."""

from __future__ import annotations

from typing import Any

from egovdocs.sandbox.demo_people import CLINIC_BIN


def test_a_request_that_is_not_paid_leads_back_to_its_payment(world: Any) -> None:
    case, browser = f"/cases/{world.drafted()}", world.browser(CLINIC_BIN)
    token = browser.get(f"{case}/payment").forms[0]["csrf_token"].value
    page = browser.post(f"{case}/sign", {"csrf_token": token}, status=403)
    assert "P5" in page.text
    page = page.click(href=f"{case}$")
    assert page.click(href=f"{case}/check").html.find("a", href=f"{case}/payment")
