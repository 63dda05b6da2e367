"""The arguments of validate, and reports on whole documents."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from lxml import etree
from tests.signing.factories import SIGNED, EvidenceWorld, SigningWorld, failed_check
from tests.signing.invalid_documents import find
from tests.signing.templates import DS

from egovdocs.signing import TrustStore, ValidationPolicy, sign, validate


def test_a_broken_signature_beside_a_good_one(own_document: bytes, world: SigningWorld) -> None:
    root = etree.fromstring(own_document)
    signature = find(root, "Signature")
    signature.append(etree.Element(f"{{{DS}}}Object"))
    signature[-1].append(etree.Element(f"{{{DS}}}Signature"))
    report = validate(etree.tostring(root), world.policy())
    assert [each.passed for each in report.signatures] == [True, False]
    assert failed_check(report) == ("FORMAT_FAILURE", "structure")


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_bytes_of_any_type(kind: Any, own_document: bytes, world: SigningWorld) -> None:
    assert validate(kind(own_document), world.policy()).passed


def test_documents_that_are_not_bytes(
    own_document: bytes, world: SigningWorld, caplog: pytest.LogCaptureFixture
) -> None:
    for document in (own_document.decode(), None, 5, etree.fromstring(own_document)):
        report = validate(document, world.policy())  # type: ignore[arg-type]
        assert failed_check(report) == ("FORMAT_FAILURE", "structure")
        assert "octets" in str(report.reason)
    assert not caplog.records


def test_a_moment_without_a_time_zone_is_utc(evidence_world: EvidenceWorld, signed: bytes) -> None:
    assert validate(signed, evidence_world.policy(), at=SIGNED.replace(tzinfo=None)).passed


def test_many_threads(world: SigningWorld) -> None:
    policy = ValidationPolicy(TrustStore(world.store.anchors, world.store.revocation_data.crls))
    documents = [sign(f"<a>{number}</a>".encode(), world.person.signer) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda document: validate(document, policy), documents))
    assert all(report.passed for report in reports)
    assert [report.content for report in reports] == [f"<a>{number}</a>".encode() for number in range(40)]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"policy": None}, "policy"),
        ({"at": SIGNED.date()}, "moment"),
        ({"at": 0}, "moment"),
        ({"at": SIGNED.isoformat()}, "moment"),
        ({"evidence": b""}, "evidence"),
    ],
)
def test_arguments_of_wrong_types(wrong: dict[str, Any], message: str) -> None:
    """An error of the caller is not a verdict on the document."""
    with pytest.raises(TypeError, match=message):
        validate(b"<a/>", **{"policy": ValidationPolicy(TrustStore([])), **wrong})
