"""The canonical forms that time-stamps name."""

from __future__ import annotations

import base64

import pytest
from lxml import etree
from tests.signing import templates
from tests.signing.factories import DAY, SIGNED, EvidenceWorld, Fill, timestamp_checks

from egovdocs.signing import Coverage, Evidence, TrustStore, ValidationPolicy, augment, validate

XADES141 = f"{{{templates.XADES141}}}"


@pytest.mark.parametrize("method", ["", "inclusive", "unknown"])
def test_canonicalisation_of_the_signature_value(
    method: str, evidence_world: EvidenceWorld, signed: bytes
) -> None:
    """The property names the method; the default is inclusive Canonical XML."""
    inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    value = next(etree.fromstring(signed).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    stamped = etree.tostring(value, method="c14n", with_tail=False)
    # lxml keeps only the namespaces in scope; xml:lang is inherited from the root.
    stamped = stamped.replace(b">", b' xml:lang="kk">', 1)
    augmented = augment(signed, Evidence(evidence_world.stamp(stamped).der))
    start = augmented.index(b"<ds:CanonicalizationMethod", augmented.index(b"<xades:SignatureTimeStamp"))
    end = augmented.index(b"</ds:CanonicalizationMethod>", start) + len(b"</ds:CanonicalizationMethod>")
    element = {
        "": "",
        "inclusive": f'<ds:CanonicalizationMethod Algorithm="{inclusive}"/>',
        "unknown": '<ds:CanonicalizationMethod Algorithm="urn:unknown"/>',
    }[method]
    report = validate(
        augmented[:start] + element.encode() + augmented[end:], evidence_world.policy(), at=SIGNED
    )
    assert report.passed
    assert report.signatures[0].proven_time == (None if method == "unknown" else SIGNED), report.text()


def test_a_property_without_canonical_form(evidence_world: EvidenceWorld, fill: Fill) -> None:
    unsigned = (
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
        "<xades:SignatureTimeStamp>TOKEN</xades:SignatureTimeStamp>RELATIVE"
        f'<x:ArchiveTimeStamp xmlns:x="{templates.XADES141}">TOKEN</x:ArchiveTimeStamp>'
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    held = templates.properties(evidence_world.person.certificate, unsigned=unsigned)
    template = templates.signature(templates.reference("#b"), templates.properties_reference(), objects=held)
    document = fill(f"<a><b Id='b'/>{template}</a>", evidence_world.person)
    value = next(etree.fromstring(document).iter("{http://www.w3.org/2000/09/xmldsig#}SignatureValue"))
    token = evidence_world.stamp(etree.tostring(value, method="c14n", with_tail=False)).der
    inner = f"<xades:EncapsulatedTimeStamp>{_base64(token)}</xades:EncapsulatedTimeStamp>"
    anchors = [evidence_world.root.certificate, evidence_world.ca.certificate]
    policy = ValidationPolicy(TrustStore.load(anchors, evidence_world.store().crls), coverage=Coverage.ANY)
    document = document.replace(b"RELATIVE", b"<r:relative xmlns:r='relative'/>")
    report = validate(document.replace(b"TOKEN", inner.encode()), policy, at=SIGNED + DAY)
    assert report.passed, report.text()
    assert report.signatures[0].proven_time == SIGNED
    assert ("failed", "The time-stamp could not be processed.") in timestamp_checks(report)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
