"""A case's documents on screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from egovdocs.sandbox.demo_people import CLINIC_BIN
from egovdocs.signing import TrustStore, ValidationPolicy, validate


def test_a_refusal_gives_its_grounds_in_words(world: Any) -> None:
    ground = world.office.service("medical-licence").grounds[0]
    page = world.browser(CLINIC_BIN).get(f"/cases/{world.answered(grant=False)}/documents/refusal")
    assert ground.code not in page.text
    assert page.text.count(ground.title.ru) == page.text.count(ground.title.kk) == 1


def test_a_licence_names_each_kind_of_activity_once(world: Any) -> None:
    page = world.browser(CLINIC_BIN).get(f"/cases/{world.answered()}/documents/outcome")
    assert page.text.count("Терапия") == page.text.count("Педиатрия") == 1
    assert "Paediatrics" not in page.text


def test_the_augmented_document_proves_itself(world: Any) -> None:
    reference = world.proven()
    browser = world.browser(CLINIC_BIN)
    base = f"/cases/{reference}/documents/outcome"
    augmented = browser.get(base).click("with the proof of its time")
    assert augmented.headers["Content-Disposition"].endswith("-augmented.xml")
    alone = ValidationPolicy(trust=TrustStore(world.office.policy().trust.anchors))
    later = world.office.clock() + timedelta(days=730)
    report = validate(augmented.body, alone, at=later)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"
    original = browser.get(f"{base}.xml").body
    assert not validate(original, alone, at=later).passed
    assert b"UnsignedProperties" not in original


def test_no_augmented_document_without_evidence(world: Any) -> None:
    reference = world.proven()
    with world.site() as site:
        site["cases"][reference].documents["outcome"].kept_evidence = None
    browser = world.browser(CLINIC_BIN)
    base = f"/cases/{reference}/documents/outcome"
    assert "proof of its time" not in browser.get(base)
    browser.get(f"{base}.augmented.xml", status=404)
