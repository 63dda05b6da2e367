"""The verdict on every document of the corpus is that of the manifest."""

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
from .maker import DS, EVIL, GOOD, Maker

LINES = tomllib.loads((Path(__file__).parent / "manifest.toml").read_text())
EXPECTED = {name: verdict for line in LINES.values() for name, verdict in line.items()}
DOCUMENTS = documents()
SCHEMA = json.loads((Path(egovdocs.signing.__file__).parent / "report.schema.json").read_text())


def verdict(report: ValidationReport) -> str:
    """Return the indication with coverage and level, or with the reason why it did not pass."""
    if report.passed:
        return f"TOTAL_PASSED {report.signatures[0].covers} {report.signatures[0].level}"
    checks = (report.checks, *(each.checks for each in report.signatures if not each.passed))
    failed = next(check for each in checks for check in each if check.status == "failed")
    return f"{report.indication} {report.sub_indication} {failed.name}"


def test_the_manifest_names_every_document() -> None:
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


def test_a_comment_does_not_shorten_a_text(maker: Maker) -> None:
    report = validate(DOCUMENTS["made/a comment within a text"](maker), ValidationPolicy(trust=maker.store))
    assert report.content == '<a Id="root"><b Id="b">Өтініш</b></a>'.encode()


def test_the_schema_of_the_report_rejects_other_reports(maker: Maker) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    report = validate(maker.ours, ValidationPolicy(trust=maker.store)).as_dict()
    says = Draft202012Validator(SCHEMA)
    assert says.is_valid(report)
    assert not says.is_valid({**report, "indication": "TOTAL_FAILED"})
    assert not says.is_valid({**report, "more": 1})
    assert not says.is_valid({**report, "signatures": [{}]})


@pytest.mark.parametrize("shape", range(1, 9))
def test_wrapped_content_is_never_returned(shape: int, maker: Maker) -> None:
    """With a policy that accepts a part, only the signed part is returned, wherever it is."""
    document = DOCUMENTS[f"made/XSW{shape}"](maker)
    assert EVIL.encode() in document
    report = validate(document, ValidationPolicy(trust=maker.store, coverage=Coverage.ANY))
    assert report.content is None
    for octets in report.signatures[0].covered:
        assert GOOD.encode() in octets
        assert EVIL.encode() not in octets


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("dtd", ["a SYSTEM '{}'", "a [<!ENTITY % p SYSTEM '{}'> %p;]"])
def test_files_named_in_a_dtd_are_not_read(dtd: str, encoding: str, maker: Maker, tmp_path: Path) -> None:
    """If the file were read, its content would be the reason."""
    rubbish = tmp_path / "rubbish.dtd"
    rubbish.write_text("<rubbish")
    document = f"<!DOCTYPE {dtd.format(rubbish.as_uri())}><a/>".encode(encoding)
    report = validate(document, ValidationPolicy(trust=maker.store))
    assert report.reason is not None
    assert "DTD" in report.reason


def test_a_counter_signature_of_another_signature(maker: Maker) -> None:
    """It is in an unsigned property, where anybody may put it, and does not harm the document."""
    report = validate(countersigned_elsewhere(maker), ValidationPolicy(trust=maker.store))
    assert report.passed
    assert [(each.counter_signature, each.sub_indication) for each in report.signatures] == [
        (False, None),
        (False, None),
        (True, "SIGNED_DATA_NOT_FOUND"),
    ]


def test_a_manifest_that_names_another_file(maker: Maker) -> None:
    report = validate(
        manifest_of_another_place(maker), ValidationPolicy(trust=maker.store, coverage=Coverage.ANY)
    )
    assert report.passed, report.text()
    assert [check.name for check in report.signatures[0].checks if check.status == "unknown"] == [
        "references"
    ]


def test_the_report_has_signer_issuer_and_digests(maker: Maker) -> None:
    report = validate(maker.with_evidence(), ValidationPolicy(trust=maker.store))
    (statement,) = report.as_dict()["signatures"]
    certificate = maker.world.person.certificate
    assert statement["certificate"]["sha256"] == certificate.fingerprint(SHA256()).hex()
    assert [each["subject"] for each in statement["chain"]][1:] == [statement["certificate"]["issuer"]]
    assert report.content is not None
    assert statement["covered"] == [
        {"octets": len(report.content), "sha256": sha256(report.content).hexdigest()}
    ]
    text = report.text()
    for each in (
        statement["certificate"]["serial_number"],
        statement["covered"][0]["sha256"],
        "proven time: 20",
    ):
        assert each in text


def test_long_values_are_shortened_in_the_report(maker: Maker) -> None:
    def far_away(root: etree._Element) -> None:
        next(root.iter(f"{{{DS}}}Reference")).set("URI", "http://" + "x" * 100_000)

    report = validate(maker.changed(far_away), ValidationPolicy(trust=maker.store))
    assert report.sub_indication == "SIGNED_DATA_NOT_FOUND"
    assert len(report.text("ru")) < 2_000
