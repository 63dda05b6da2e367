"""A case's documents on screen."""

from __future__ import annotations

from typing import Any

from egovdocs.cli.demo_site import CLINIC_BIN


def test_a_refusal_gives_its_grounds_in_words(world: Any) -> None:
    ground = world.office.services["medical-licence"].grounds[0]
    page = world.browser(CLINIC_BIN).get(f"/cases/{world.answered(grant=False)}/documents/refusal")
    assert ground.code not in page.text
    assert page.text.count(ground.title.ru) == page.text.count(ground.title.kk) == 1


def test_a_licence_names_each_kind_of_activity_once(world: Any) -> None:
    page = world.browser(CLINIC_BIN).get(f"/cases/{world.answered()}/documents/outcome")
    assert page.text.count("Терапия") == page.text.count("Педиатрия") == 1
    assert "Paediatrics" not in page.text
