"""After the evolution everything belongs to the first edition, and outlives a change of the law."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.databases.conftest import KeptSite
from tests.editions import FIRST, write_second_edition

from egovdocs.app.check_editions import check_editions
from egovdocs.casework.requests.status import status
from egovdocs.casework.verification.examine_document import examine_document
from egovdocs.content import UsedEditions
from egovdocs.content.evolve.step_2026_12_01_editions import FINGERPRINTS
from egovdocs.rendering import readable
from egovdocs.schemas import load_services, recognise_document


def test_the_first_edition_is_entered(evolved: KeptSite) -> None:
    with evolved.opened() as (office, site):
        assert {case.edition for case in site.cases.values()} == {FIRST}
        assert {licence.edition for licence in site.licences.values()} == {FIRST}
        assert dict(site.editions) == FINGERPRINTS
        assert {cell.edition for cell, _numbers in site.statistics.work} == {FIRST}
        assert {cell.edition for cell, _numbers in site.statistics.answers} <= {""}
        check_editions(site, office.services)


def test_under_new_rules_everything_is_what_it_was(evolved: KeptSite, tmp_path: Path) -> None:
    with evolved.opened() as (office, site):
        write_second_edition(tmp_path, office.today().isoformat())
        changed = replace(office, services=load_services(tmp_path))
        for case in site.cases.values():
            assert status(changed, case) == status(office, case)
            for document in case.documents.values():
                before = examine_document(office, site, document.data)
                after = examine_document(changed, site, document.data)
                assert (after.verdict, after.reason) == (before.verdict, before.reason), document.name
                if after.content is not None:
                    found = recognise_document(after.content, changed.services, case.edition)
                    assert readable(found.document_type, after.content, "ru", service=found.edition)


def test_the_fingerprint_of_a_sites_own_service_is_taken_at_the_next_start(evolved: KeptSite) -> None:
    with evolved.opened() as (office, _site):
        editions = UsedEditions({f"medical-licence/{FIRST}": ""})
        assert list(editions.problems(office.services)) == []
        editions.complete(office.services)
        assert editions[f"medical-licence/{FIRST}"] == FINGERPRINTS[f"medical-licence/{FIRST}"]
