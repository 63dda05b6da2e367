"""Packages: everything in them, byte for byte; whole or not at all."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import bagit
import pytest
from tests.archive.conftest import LARGE, Shelf

from egovdocs.archive import NotRegisteredError
from egovdocs.content import DeskEntry, Remark
from egovdocs.rendering import embedded_xml
from egovdocs.signing import TrustStore, ValidationPolicy, ValidationReport


def test_everything_is_there_byte_for_byte(shelf: Shelf, tmp_path: Path) -> None:
    bag = shelf.exporter.export(shelf.case, tmp_path / "out")
    data = bag / "data"
    assert bag.name == shelf.case.number
    assert (data / "documents/licence.xml").read_bytes() == shelf.signed
    assert embedded_xml((data / "documents/licence.pdf").read_bytes()) == shelf.signed
    assert sorted(path.name for path in (data / "attachments").iterdir()) == [
        "01-диплом.pdf",
        "02-скан.png",
        "03-СКАН.png",
    ]
    assert (data / "attachments/02-скан.png").read_bytes() == LARGE
    reports = json.loads((data / "reports/licence.json").read_bytes())
    assert reports["now"]["indication"] == "TOTAL_PASSED"
    assert reports["at_acceptance"] == {"indication": "TOTAL_PASSED"}
    assert (data / "reports/licence.txt").read_text().startswith("TOTAL_PASSED")
    [entry] = json.loads((data / "metadata/journal.json").read_bytes())
    assert (entry["step"], entry["limit"]) == ("P8", "PT7776000S")


def test_the_index_names_each_file_as_it_came(shelf: Shelf, tmp_path: Path) -> None:
    bag = shelf.exporter.export(shelf.case, tmp_path)
    facts = json.loads((bag / "data/metadata/case.json").read_bytes())
    assert facts["case"]["state"] == "issued"
    assert facts["case"]["deadline"] == "2026-03-27"
    assert [each["name"] for each in facts["attachments"]][1] == "../../скан\u202e\n.png"
    manifest = dict(
        reversed(line.split("  ", 1)) for line in (bag / "manifest-sha256.txt").read_text().splitlines()
    )
    for each in facts["documents"] + facts["attachments"]:
        assert manifest[each["file"]] == each["sha256"]


def test_the_index_says_who_worked_on_it_and_what_was_remarked(shelf: Shelf, tmp_path: Path) -> None:
    at = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    shelf.case.desk = (DeskEntry(what="granted", by="bota", at=at, instead_of="ada"),)
    shelf.case.remarks = (Remark(number=1, by="ada", at=at, answer_by=at.date()),)
    bag = shelf.exporter.export(shelf.case, tmp_path)
    facts = json.loads((bag / "data/metadata/case.json").read_bytes())["case"]
    assert (facts["desk"][0]["by"], facts["desk"][0]["instead_of"]) == ("bota", "ada")
    assert (facts["remarks"][0]["number"], facts["remarks"][0]["answer_by"]) == (1, "2026-03-10")


def test_others_find_it_in_order(shelf: Shelf, tmp_path: Path) -> None:
    bag = shelf.exporter.export(shelf.case, tmp_path)
    found = bagit.Bag(str(bag))
    found.validate()
    assert found.info["External-Identifier"] == shelf.case.number
    assert found.info["Source-Organization"] == "Архив"
    subprocess.run(
        ["sha256sum", "--check", "--strict", "manifest-sha256.txt"], cwd=bag, check=True, capture_output=True
    )
    verified = subprocess.run(
        ["xmlsec1", "--verify", "--trusted-pem", "data/metadata/trust/anchors.pem",
         "--id-attr:Id", "SignedProperties", "data/documents/licence.xml"],
        cwd=bag, capture_output=True,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stderr


def test_a_draft_is_not_archived(shelf: Shelf, tmp_path: Path) -> None:
    shelf.case.number = None
    with pytest.raises(NotRegisteredError):
        shelf.exporter.export(shelf.case, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten(shelf: Shelf, tmp_path: Path) -> None:
    bag = shelf.exporter.export(shelf.case, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in bag.rglob("*")}
    with pytest.raises(FileExistsError):
        shelf.exporter.export(shelf.case, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in bag.rglob("*")} == before


def test_nothing_half_written_stays(shelf: Shelf, tmp_path: Path) -> None:
    def fails(signed: bytes, report: ValidationReport, edition: str) -> bytes:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        replace(shelf.exporter, render=fails).export(shelf.case, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_damaged_body_is_found_out(shelf: Shelf, tmp_path: Path) -> None:
    shelf.case.attachments[0].sha256 = "0" * 64
    with pytest.raises(OSError, match="damaged"):
        shelf.exporter.export(shelf.case, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_does_not_pass_is_packed_with_its_report(shelf: Shelf, tmp_path: Path) -> None:
    nobody = replace(shelf.exporter, policy=ValidationPolicy(trust=TrustStore([])))
    bag = nobody.export(shelf.case, tmp_path)
    assert (bag / "data/documents/licence.xml").read_bytes() == shelf.signed
    assert not (bag / "data/documents/licence.pdf").exists()
    [document] = json.loads((bag / "data/metadata/case.json").read_bytes())["documents"]
    assert document["indication"] == "INDETERMINATE"


def test_the_working_folder_stays(shelf: Shelf, tmp_path: Path) -> None:
    before = Path.cwd()
    seen: list[Path] = []

    def looks(signed: bytes, report: ValidationReport, edition: str) -> bytes:
        seen.append(Path.cwd())
        return b""

    replace(shelf.exporter, render=looks).export(shelf.case, tmp_path)
    assert [*seen, Path.cwd()] == [before, before]


def test_a_zip_of_packages(shelf: Shelf) -> None:
    target = BytesIO()
    shelf.exporter.download([shelf.case], target)
    with ZipFile(target) as archive:
        assert archive.testzip() is None
        assert archive.read(f"{shelf.case.number}/data/documents/licence.xml") == shelf.signed
        assert f"{shelf.case.number}/bagit.txt" in archive.namelist()
