"""``egovdocs demo``, judged by a stranger's tool and by ours."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bagit
import pytest
from lxml import etree
from tests.served import locked, run_folder

from egovdocs.rendering import embedded_xml
from egovdocs.signing import TrustStore, ValidationPolicy, validate

pytestmark = pytest.mark.slow

SIGNED = ("request.xml", "receipt.xml", "licence.xml", "licence-augmented.xml", "refusal.xml")
ANSWERED = ("request", "receipt", "outcome")
ALL = {
    **{
        f"{table}-{action}": ANSWERED
        for table in ("A1", "A2", "A3")
        for action in ("issue", "reissue", "duplicate")
    },
    "B1-attach": ANSWERED,
    "B2-attach": ANSWERED,
    "A1-issue": (*ANSWERED, "remark-1", "answer-1"),
    "A1-refused": ("request", "receipt", "refusal"),
    "B1-refused": ("request", "receipt", "refusal"),
    "A1-withdrawn": ("request", "receipt", "withdrawal"),
    "orders": ("suspension", "resumption", "termination"),
}
DOCUMENTS = sorted(f"{case}/{kind}" for case, kinds in ALL.items() for kind in kinds)
LIC = "{urn:egovdocs:licence:1}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run ``egovdocs demo --all`` once for all workers of a run."""
    folder = run_folder(tmp_path_factory) / "demo"
    with locked(folder.with_suffix(".lock")):
        if not folder.exists():
            folder.mkdir()
            run = subprocess.run(
                [sys.executable, "-m", "egovdocs", "demo", "--all", "--out", folder / "out"],
                capture_output=True,
                text=True,
                timeout=1200,
            )
            (folder / "exit-code").write_text(str(run.returncode))
            (folder / "printed").write_text(run.stdout + run.stderr, "utf-8")
            (folder / "stdout").write_text(run.stdout, "utf-8")
    return folder


@pytest.fixture(scope="module")
def out(demo: Path) -> Path:
    assert (demo / "exit-code").read_text() == "0", (demo / "printed").read_text("utf-8")
    printed = (demo / "stdout").read_text("utf-8")
    for step in ("registration", "P1 C1", "P3", "P4 C2", "P6 C3 P8 P9", "C4", "P10", "P11", "archive"):
        assert step in printed
    return demo / "out"


@pytest.mark.parametrize("name", SIGNED)
def test_xmlsec1_accepts(out: Path, name: str):
    judge = ["xmlsec1", "--verify", "--trusted-pem", str(out / "trust" / "anchors.pem")]
    run = subprocess.run([*judge, str(out / name)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_all_documents_are_there_and_strangers_accept_them(out: Path):
    there = {file.relative_to(out).with_suffix("").as_posix() for file in out.glob("*/*.xml")}
    assert there - {"trust/anchors"} == set(DOCUMENTS)
    anchors = str(out / "trust" / "anchors.pem")
    refused = {}
    for name in DOCUMENTS:
        judge = ["xmlsec1", "--verify", "--trusted-pem", anchors, str(out / f"{name}.xml")]
        run = subprocess.run(judge, capture_output=True, text=True)
        if run.returncode:
            refused[name] = run.stderr
    assert refused == {}


def test_verify_accepts_all_of_them_and_their_papers(out: Path):
    files = [str(out / f"{name}.{form}") for name in DOCUMENTS for form in ("xml", "pdf")]
    trust = ["--trust", str(out / "trust"), "--crl", str(out / "trust"), "--json"]
    run = subprocess.run(
        [sys.executable, "-m", "egovdocs", "verify", *trust, *files], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    reports = [json.loads(line) for line in run.stdout.splitlines()]
    assert {report["indication"] for report in reports} == {"TOTAL_PASSED"}
    assert [report["file"] for report in reports] == files


@pytest.mark.parametrize("table", ["A1", "A2", "A3"])
def test_a_licence_leads_to_the_one_it_replaces(out: Path, table: str):
    licences = [
        etree.parse(out / f"{table}-{action}" / "outcome.xml") for action in ("issue", "reissue", "duplicate")
    ]
    numbers = [licence.findtext(f"{LIC}number") for licence in licences]
    assert [licence.findtext(f"{LIC}replaces") for licence in licences] == [None, *numbers[:2]]
    assert [licence.findtext(f"{LIC}duplicate") for licence in licences] == [None, None, "1"]


def test_verify_accepts_all_and_the_pdf(out: Path):
    files = [str(out / name) for name in (*SIGNED, "licence.pdf")]
    trust = ["--trust", str(out / "trust"), "--crl", str(out / "trust"), "--json"]
    run = subprocess.run(
        [sys.executable, "-m", "egovdocs", "verify", *trust, *files], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    reports = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(report["file"], report["indication"]) for report in reports] == [
        (file, "TOTAL_PASSED") for file in files
    ]
    assert reports[0]["signatures"][0]["signer"]["iin"] == "910203450036"
    assert reports[2]["signatures"][0]["covers"] == "whole"


def test_the_augmented_licence_needs_the_anchors_alone(out: Path):
    trust = TrustStore.load(anchors=[out / "trust" / "anchors.pem"])
    in_two_years = datetime.now(UTC) + timedelta(days=730)
    report = validate((out / "licence-augmented.xml").read_bytes(), ValidationPolicy(trust), at=in_two_years)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "egovdocs", "archive", "check", "--trust", out / "trust" / "anchors.pem"),
            *("--at", in_two_years.date().isoformat(), out / "bag"),
        ],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", SIGNED)
def test_any_changed_byte_of_content_is_noticed(out: Path, name: str):
    document = (out / name).read_bytes()
    trust = TrustStore.load(
        anchors=[out / "trust" / "anchors.pem"], crls=sorted((out / "trust").glob("*.crl"))
    )
    policy = ValidationPolicy(trust=trust)
    assert validate(document, policy).passed
    start = document.index(b"<", document.index(b"?>"))
    end = document.index(b"<ds:Signature")
    for place in range(start, end):
        changed = document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]
        report = validate(changed, policy)
        assert not report.passed, f"byte {place}: {document[place - 20 : place + 20]!r}"
        assert report.content is None


def test_the_pdf_carries_the_licence_byte_for_byte(out: Path):
    assert embedded_xml((out / "licence.pdf").read_bytes()) == (out / "licence.xml").read_bytes()


def test_the_bag_is_valid_and_holds_the_documents_byte_for_byte(out: Path):
    bagit.Bag(str(out / "bag")).validate()
    kept = {file.read_bytes() for file in (out / "bag" / "data").rglob("*") if file.is_file()}
    for name in ("request.xml", "receipt.xml", "licence.xml"):
        assert (out / name).read_bytes() in kept
