"""What validation says of every document of the corpus is what the manifest says."""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from jsonschema import Draft202012Validator
from lxml import etree

import egovdocs.signing
from egovdocs.signing import Coverage, ValidationPolicy, ValidationReport, validate

from .documents import documents
from .hostile import countersigned_elsewhere, manifest_of_another_place
from .make import DS, EVIL, GOOD, Maker

LINES = tomllib.loads((Path(__file__).parent / "manifest.toml").read_text())
EXPECTED = {name: verdict for line in LINES.values() for name, verdict in line.items()}
DOCUMENTS = documents()
SCHEMA = json.loads((Path(egovdocs.signing.__file__).parent / "report.schema.json").read_text())


def verdict(report: ValidationReport) -> str:
    """The indication; how much is covered, at which level; or why it did not pass."""
    if report.passed:
        return f"TOTAL_PASSED {report.signatures[0].covers} {report.signatures[0].level}"
    checks = (report.checks, *(each.checks for each in report.signatures if not each.passed))
    failed = next(check for each in checks for check in each if check.status == "failed")
    return f"{report.indication} {report.sub_indication} {failed.name}"


def test_the_manifest_names_every_document_under_a_line() -> None:
    assert EXPECTED.keys() == DOCUMENTS.keys()
    assert sum(map(len, LINES.values())) == len(EXPECTED)
    assert all(LINES.values())


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdict(name: str, maker: Maker) -> None:
    document = DOCUMENTS[name](maker)
    strict = ValidationPolicy(trust=maker.store)
    if "TOTAL_PASSED part" in EXPECTED[name]:
        assert verdict(validate(document, strict)) == "INDETERMINATE SIG_CONSTRAINTS_FAILURE coverage"
        strict = ValidationPolicy(trust=maker.store, coverage=Coverage.ANY)
    report = validate(document, strict)
    assert verdict(report) == EXPECTED[name], report.text()
    Draft202012Validator(SCHEMA).validate(report.as_dict("kk"))


def test_a_comment_does_not_cut_a_text_short(maker: Maker) -> None:
    report = validate(DOCUMENTS["made/a comment within a text"](maker), ValidationPolicy(trust=maker.store))
    assert report.content == '<a Id="root"><b Id="b">Өтініш</b></a>'.encode()


def test_the_schema_of_the_report_is_one_and_says_no(maker: Maker) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    report = validate(maker.ours, ValidationPolicy(trust=maker.store)).as_dict()
    says = Draft202012Validator(SCHEMA)
    assert says.is_valid(report)
    assert not says.is_valid({**report, "indication": "TOTAL_FAILED"})
    assert not says.is_valid({**report, "more": 1})
    assert not says.is_valid({**report, "signatures": [{}]})


@pytest.mark.parametrize("shape", range(1, 9))
def test_what_is_wrapped_is_never_given_out(shape: int, maker: Maker) -> None:
    """Where a part is enough, what is given out is the signed part, wherever it stands."""
    document = DOCUMENTS[f"made/XSW{shape}"](maker)
    assert EVIL.encode() in document
    report = validate(document, ValidationPolicy(trust=maker.store, coverage=Coverage.ANY))
    assert report.content is None
    for octets in report.signatures[0].covered:
        assert GOOD.encode() in octets
        assert EVIL.encode() not in octets


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("dtd", ["a SYSTEM '{}'", "a [<!ENTITY % p SYSTEM '{}'> %p;]"])
def test_no_file_is_read_that_a_dtd_names(dtd: str, encoding: str, maker: Maker, tmp_path: Path) -> None:
    """Had it been read, what is in it would be the reason."""
    rubbish = tmp_path / "rubbish.dtd"
    rubbish.write_text("<rubbish")
    document = f"<!DOCTYPE {dtd.format(rubbish.as_uri())}><a/>".encode(encoding)
    report = validate(document, ValidationPolicy(trust=maker.store))
    assert report.reason is not None
    assert "DTD" in report.reason


def test_a_counter_signature_of_another_is_told(maker: Maker) -> None:
    """It stands in an unsigned property, where anyone may put it: it does the document no harm."""
    report = validate(countersigned_elsewhere(maker), ValidationPolicy(trust=maker.store))
    assert report.passed
    assert [(each.counter_signature, each.sub_indication) for each in report.signatures] == [
        (False, None),
        (False, None),
        (True, "SIGNED_DATA_NOT_FOUND"),
    ]


def test_what_a_manifest_names_elsewhere_is_told(maker: Maker) -> None:
    report = validate(
        manifest_of_another_place(maker), ValidationPolicy(trust=maker.store, coverage=Coverage.ANY)
    )
    assert report.passed, report.text()
    assert [check.name for check in report.signatures[0].checks if check.status == "unknown"] == [
        "references"
    ]


def test_the_report_says_who_by_whom_and_over_what(maker: Maker) -> None:
    report = validate(maker.with_evidence(), ValidationPolicy(trust=maker.store))
    (said,) = report.as_dict()["signatures"]
    certificate = maker.world.person.certificate
    assert said["certificate"]["sha256"] == certificate.fingerprint(SHA256()).hex()
    assert [each["subject"] for each in said["chain"]][1:] == [said["certificate"]["issuer"]]
    assert report.content is not None
    assert said["covered"] == [{"octets": len(report.content), "sha256": sha256(report.content).hexdigest()}]
    text = report.text()
    for each in (said["certificate"]["serial_number"], said["covered"][0]["sha256"], "proven time: 20"):
        assert each in text


def test_a_report_quotes_no_more_than_a_person_reads(maker: Maker) -> None:
    def far_away(root: etree._Element) -> None:
        next(root.iter(f"{{{DS}}}Reference")).set("URI", "http://" + "x" * 100_000)

    report = validate(maker.changed(far_away), ValidationPolicy(trust=maker.store))
    assert report.sub_indication == "SIGNED_DATA_NOT_FOUND"
    assert len(report.text("ru")) < 2_000
