"""Evidence put into a document, which others still verify."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.signing import templates
from tests.signing.factories import SIGNED, EvidenceWorld, Fill
from tests.signing.judges.verifiers import Jdk, Xmldsigjs, xmlsec1_verifies

from egovdocs.signing import Evidence, EvidenceError, augment, gather_evidence, sign, validate

XADES = f"{{{templates.XADES}}}"


def test_no_other_bytes_change(evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> None:
    augmented = augment(signed, evidence)
    start = augmented.index(b"<xades:UnsignedProperties")
    end = augmented.index(b"</xades:UnsignedProperties>") + len(b"</xades:UnsignedProperties>")
    assert augmented[:start] + augmented[end:] == signed


def test_openssl_verifies_the_token_in_the_document(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence, tmp_path: Path
) -> None:
    root = etree.fromstring(augment(signed, evidence))
    value = next(root.iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    token = next(root.iter(f"{XADES}EncapsulatedTimeStamp"))
    (tmp_path / "token").write_bytes(base64.b64decode(token.text or ""))
    (tmp_path / "data").write_bytes(etree.tostring(value, method="c14n", exclusive=True, with_tail=False))
    (tmp_path / "root.pem").write_bytes(evidence_world.root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "chain.pem").write_bytes(evidence_world.tsa_ca.certificate.public_bytes(Encoding.PEM))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-data",
        "data",
        "-in",
        "token",
        "-token_in",
        "-CAfile",
        "root.pem",
    ]
    command += ["-untrusted", "chain.pem", "-attime", str(int(SIGNED.timestamp()))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "Verification: OK" in done.stdout, done.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16le", "utf-16be", "windows-1251", "iso-8859-5"])
def test_other_encodings(encoding: str, evidence_world: EvidenceWorld) -> None:
    signed = sign("<а>Заявление</а>".encode(), evidence_world.person.signer).decode()
    document = signed.replace("UTF-8", encoding, 1).encode(encoding)
    augmented = augment(document, evidence_world.evidence(document))
    report = validate(augmented, evidence_world.policy(), at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_no_place_for_evidence(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence, fill: Fill
) -> None:
    with pytest.raises(EvidenceError, match="time-stamp already"):
        augment(augment(signed, evidence), evidence)
    with pytest.raises(EvidenceError, match="no electronic signature"):
        augment(b"<a/>", evidence)
    one = templates.signature(templates.ENVELOPED)
    with pytest.raises(EvidenceError, match="has more"):
        augment(fill(f"<a>{one}{templates.signature(templates.ENVELOPED, identifier='other')}</a>"), evidence)
    for unsigned in (
        "<xades:UnsignedProperties/>",
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties/></xades:UnsignedProperties>",
    ):
        held = templates.properties(evidence_world.person.certificate, unsigned=unsigned)
        template = templates.signature(templates.ENVELOPED, templates.properties_reference(), objects=held)
        with pytest.raises(EvidenceError, match="leave no place"):
            augment(fill(f"<a>{template}</a>", evidence_world.person), evidence)


def test_beside_other_unsigned_properties(evidence_world: EvidenceWorld, fill: Fill) -> None:
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CompleteCertificateRefs/>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    held = templates.properties(evidence_world.person.certificate, unsigned=unsigned)
    template = templates.signature(templates.ENVELOPED, templates.properties_reference(), objects=held)
    document = fill(f"<a>{template}</a>", evidence_world.person)
    # This document has no certificates of issuers; the evidence has.
    evidence = gather_evidence(document, evidence_world.store_of_intermediates(), evidence_world.stamper())
    report = validate(augment(document, evidence), evidence_world.policy(), at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


@pytest.mark.parametrize("renewals", [0, 2])
def test_xmlsec1_still_verifies(
    renewals: int, evidence_world: EvidenceWorld, signed: bytes, renewed_twice: Evidence, tmp_path: Path
) -> None:
    document, root = tmp_path / "signed.xml", tmp_path / "root.pem"
    root.write_bytes(evidence_world.root.certificate.public_bytes(Encoding.PEM))
    document.write_bytes(augment(signed, replace(renewed_twice, renewals=renewed_twice.renewals[:renewals])))
    options = [
        "--verification-time",
        "2026-06-01 12:00:00",
        "--id-attr:Id",
        f"{templates.XADES}:SignedProperties",
    ]
    assert xmlsec1_verifies(document, root, *options)


@pytest.mark.parametrize("renewals", [0, 2])
def test_the_jdk_still_verifies(
    renewals: int, signed: bytes, renewed_twice: Evidence, jdk: Jdk, tmp_path: Path
) -> None:
    document = tmp_path / "signed.xml"
    document.write_bytes(augment(signed, replace(renewed_twice, renewals=renewed_twice.renewals[:renewals])))
    assert jdk.verify(document)


def test_xmldsigjs_still_verifies(
    evidence_world: EvidenceWorld, xmldsigjs: Xmldsigjs, tmp_path: Path
) -> None:
    signed = sign('<а xml:lang="kk"><б>Өтініш</б></а>'.encode(), evidence_world.person.signer)
    (tmp_path / "signed.xml").write_bytes(augment(signed, evidence_world.evidence(signed)))
    assert xmldsigjs.verify(tmp_path / "signed.xml") == "true"
