from __future__ import annotations

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from tests.editions import FIRST

from egovdocs.content.evolve.step_2026_12_01_editions import FINGERPRINTS
from egovdocs.schemas import Services, load_services
from egovdocs.schemas.fingerprints import fingerprint
from egovdocs.schemas.xml_files import SERVICES


def test_the_first_editions_are_those_of_the_first_databases(services: Services) -> None:
    """Nobody edits what documents were made under."""
    shipped = [services[name].edition(FIRST) for name in ("clinic-attachment", "medical-licence")]
    assert {f"{each.service_id}/{each.edition}": each.fingerprint for each in shipped} == FINGERPRINTS


def test_every_file_counts_by_name_and_bytes(tmp_path: Path) -> None:
    edition, common = tmp_path / "service" / FIRST, tmp_path / "common" / FIRST
    shutil.copytree(SERVICES / "medical-licence" / FIRST, edition)
    shutil.copytree(SERVICES / "common" / FIRST, common)
    known = {fingerprint(edition, common)}
    (edition / ".outcome.xsd.swp").write_text("an editor's")
    (edition / "README").write_text("not read by anybody")
    assert fingerprint(edition, common) in known
    (edition / "outcome.xsl").rename(edition / "other.xsl")
    known.add(fingerprint(edition, common))
    with (edition / "request.xsd").open("a") as file:
        file.write("\n")
    known.add(fingerprint(edition, common))
    (common / "steps.toml").unlink()
    known.add(fingerprint(edition, common))
    assert len(known) == 4


def test_it_is_what_sha256sum_says() -> None:
    folder, common = SERVICES / "clinic-attachment" / FIRST, SERVICES / "common" / FIRST
    listed = subprocess.run(
        ["sha256sum", *sorted(file.name for file in folder.iterdir())],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    shared = sorted(f"common/{FIRST}/{file.name}" for file in common.iterdir())
    rest = subprocess.run(["sha256sum", *shared], cwd=SERVICES, capture_output=True, check=True)
    edition = load_services()["clinic-attachment"].edition(FIRST)
    assert edition.fingerprint == sha256(listed.stdout + rest.stdout).hexdigest()
