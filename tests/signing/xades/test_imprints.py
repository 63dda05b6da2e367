"""The bytes that archive time-stamps are over, as the JDK computes them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.signing import templates
from tests.signing.factories import DAY, SIGNED, EvidenceWorld, Fill, timestamp_checks
from tests.signing.judges.verifiers import Jdk

from egovdocs.signing import Evidence, ValidationPolicy, ValidationReport, augment, validate
from egovdocs.signing.timestamps.tokens import read_token

XADES = f"{{{templates.XADES}}}"
XADES141 = f"{{{templates.XADES141}}}"


def level(report: ValidationReport) -> str:
    return report.signatures[0].level


def test_the_jdk_computes_the_same_imprints(
    signed: bytes, renewed_twice: Evidence, jdk: Jdk, tmp_path: Path
) -> None:
    (tmp_path / "signed.xml").write_bytes(augment(signed, renewed_twice))
    imprints = [read_token(each.timestamp).imprint.hex() for each in renewed_twice.renewals]
    assert jdk.imprints(tmp_path / "signed.xml") == imprints


@pytest.mark.parametrize(
    ("method", "namespace"),
    [
        ("", XADES141),
        ("http://www.w3.org/2006/12/xml-c14n11", XADES141),
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", XADES141),
        ("", XADES),
    ],
)
def test_archive_time_stamps_of_other_producers(
    evidence_world: EvidenceWorld, fill: Fill, method: str, namespace: str, jdk: Jdk, tmp_path: Path
) -> None:
    """Only the enveloped transform, other objects, inclusive canonicalisation, other prefixes, and the
    archive time-stamp of TS 101 903 v1.3.2.
    """
    lists = "".join(
        f"<xades:EncapsulatedCRLValue>{_base64(crl.public_bytes(Encoding.DER))}</xades:EncapsulatedCRLValue>"
        for crl in evidence_world.store().crls
    )
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
        "<xades:SignatureTimeStamp>TOKEN</xades:SignatureTimeStamp>\n"
        f"<xades:RevocationValues><xades:CRLValues>{lists}</xades:CRLValues></xades:RevocationValues>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    held = templates.properties(evidence_world.person.certificate, unsigned=unsigned)
    held += "<ds:Object Id='held'><note xmlns='urn:n'>ещё <!-- remark --> </note></ds:Object>"
    held += "<ds:Object Id='signed'><note xmlns='urn:n'>подписано</note></ds:Object>"
    whole = templates.reference(
        "", templates.transform("http://www.w3.org/2000/09/xmldsig#enveloped-signature")
    )
    signs = whole, templates.reference("#signed"), templates.properties_reference()
    template = templates.signature(*signs, objects=held)
    document = fill(f'<a xml:lang="kk" xmlns:unused="urn:u">{template}</a>', evidence_world.person)
    value = next(etree.fromstring(document).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    exclusive = etree.tostring(value, method="c14n", exclusive=True, with_tail=False)
    first = (
        '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
        f"<xades:EncapsulatedTimeStamp>{_base64(evidence_world.stamp(exclusive).der)}</xades:EncapsulatedTimeStamp>"
    )
    document = document.replace(b"TOKEN", first.encode())
    named = f'<ds:CanonicalizationMethod Algorithm="{method}"/>' if method else ""
    archive = (
        f'<x:ArchiveTimeStamp xmlns:x="{namespace[1:-1]}">{named}'
        "<xades:EncapsulatedTimeStamp>TOKEN</xades:EncapsulatedTimeStamp></x:ArchiveTimeStamp>"
    )
    end = document.index(b"</xades:UnsignedSignatureProperties>")
    document = document[:end] + archive.encode() + document[end:]
    (tmp_path / "signed.xml").write_bytes(document)
    (imprint,) = jdk.imprints(tmp_path / "signed.xml")
    token = evidence_world.stamp_digest(bytes.fromhex(imprint), at=SIGNED + DAY).der
    finished = document.replace(b"TOKEN", _base64(token).encode())
    store = evidence_world.store_of_intermediates()
    report = validate(finished, ValidationPolicy(store), at=SIGNED + 2 * DAY)
    assert report.passed, report.text()
    assert [status for status, _reason in timestamp_checks(report)] == ["passed", "passed"], report.text()
    assert level(report) == "XAdES-LTA"
    assert validate(
        finished, evidence_world.bare_policy(evidence_world.ca.certificate), at=SIGNED + 2 * DAY
    ).passed
    changed = finished.replace("ещё".encode(), "что".encode())
    report = validate(changed, ValidationPolicy(store), at=SIGNED + 2 * DAY)
    assert [status for status, _reason in timestamp_checks(report)] == ["failed", "passed"], report.text()
    assert level(report) == "XAdES-LT"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
