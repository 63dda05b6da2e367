"""Certificates and revocation data that come with a signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import cms, core
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from tests.signing.factories import (
    DAY,
    DOCUMENT,
    SIGNED,
    EvidenceWorld,
    canonical_signature_value,
    timestamp_checks,
)

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Evidence, Revocation, augment, gather_evidence, sign, validate

HOUR, YEARS = timedelta(hours=1), timedelta(days=1000)


def test_a_list_by_another_authority_is_ignored(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    impostor = Authority(
        Authority.create("x", algorithm="ec").key, evidence_world.ca.certificate, evidence_world.ca.issuers
    )
    impostor.revoke(evidence_world.person.certificate, SIGNED - DAY)
    false = replace(
        evidence, revocation_lists=(impostor.crl(SIGNED - DAY, SIGNED + DAY), b"\x30\x00", b"no list")
    )
    report = validate(augment(signed, false), evidence_world.policy(), at=SIGNED)
    assert report.passed
    assert report.signatures[0].level == "XAdES-T"
    bare = evidence_world.bare_policy()
    assert validate(augment(signed, false), bare, at=SIGNED).sub_indication == "TRY_LATER"


def test_a_revocation_in_the_document_counts(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    """A list by a trusted authority counts, even if only the document has it."""
    evidence_world.ca.revoke(evidence_world.person.certificate, SIGNED - DAY)
    newer = replace(evidence, revocation_lists=(evidence_world.ca.crl(SIGNED - DAY / 2, SIGNED + DAY),))
    assert validate(augment(signed, newer), evidence_world.policy(), at=SIGNED).sub_indication == "REVOKED"


def test_malformed_certificates(evidence_world: EvidenceWorld, signed: bytes) -> None:
    """Certificates with repeated extensions, of the signer and of the time-stamp."""
    doubled = IssuedKey(
        evidence_world.person.key,
        _with_extensions_twice(evidence_world.person.certificate, evidence_world.ca),
        evidence_world.person.issuers,
    )
    report = validate(sign(DOCUMENT, doubled.signer), evidence_world.policy(), at=SIGNED)
    assert report.sub_indication == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    read_badly = _with_extensions_twice(evidence_world.tsa.certificate, evidence_world.tsa_ca).public_bytes(
        Encoding.DER
    )
    good = evidence_world.tsa.certificate.public_bytes(Encoding.DER)
    token = cms.ContentInfo.load(evidence_world.stamp(canonical_signature_value(signed)).der)
    token["content"]["certificates"] = [asn1_x509.Certificate.load(read_badly)]
    evidence = Evidence(token.dump(force=True), (good, read_badly, b"none"))
    report = validate(augment(signed, evidence), evidence_world.policy(), at=SIGNED)
    assert report.passed
    assert [status for status, _reason in timestamp_checks(report)] == ["failed"]


def _with_extensions_twice(certificate: x509.Certificate, authority: Authority) -> x509.Certificate:
    """Return the certificate with each extension repeated, signed again."""
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    body = parsed["tbs_certificate"]
    body["extensions"] = [*body["extensions"], *(each.copy() for each in body["extensions"])]
    parsed["signature_value"] = authority.key.sign(body.dump(force=True), ECDSA(SHA256()))  # type: ignore
    return x509.load_der_x509_certificate(parsed.dump(force=True))


def test_a_response_by_another_authority_is_ignored(evidence_world: EvidenceWorld, signed: bytes) -> None:
    evidence = gather_evidence(signed, evidence_world.ocsp_store(), evidence_world.stamper())
    impostor = Authority.create("Центр", algorithm="ec", not_before=SIGNED - 9 * DAY)
    impostor.revoke(evidence_world.person.certificate, SIGNED - DAY)
    false = Authority(impostor.key, evidence_world.ca.certificate, evidence_world.ca.issuers)
    forged = [
        impostor.ocsp(evidence_world.person.certificate, SIGNED - HOUR, SIGNED + DAY),
        evidence_world.ca.ocsp(
            evidence_world.person.certificate,
            SIGNED - HOUR,
            SIGNED + DAY,
            responder=false.issue_responder("Жауапкер", algorithm="ec"),
        ),
    ]
    others = tuple(
        each for each in evidence.ocsp_responses if each != evidence_world.ocsp_store().ocsps[0].der
    )
    bare = evidence_world.bare_policy()
    for one in forged:
        worse = replace(evidence, ocsp_responses=(one, b"\x30\x00", *others[-1:]))
        assert validate(augment(signed, worse), evidence_world.policy(), at=SIGNED).passed
        assert validate(augment(signed, worse), bare, at=SIGNED).sub_indication == "TRY_LATER"


def test_unreadable_values_do_not_harm(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    number = bytearray(evidence.revocation_lists[0])
    number[number.index(b"\x55\x1d\x14\x04") + 5] = 0xFF  # a malformed cRLNumber
    junk = (bytes(number), b"\x30\x00", b"")
    worse = replace(evidence, revocation_lists=(*junk, *evidence.revocation_lists), ocsp_responses=junk)
    report = validate(augment(signed, worse), evidence_world.policy(), at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_a_list_by_the_new_key_of_the_authority(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    renewed = evidence_world.root.intermediate("Центр", algorithm="ec", not_before=SIGNED - DAY)
    others = tuple(
        each
        for each in evidence.revocation_lists
        if x509.load_der_x509_crl(each).issuer != evidence_world.ca.certificate.subject
    )
    carrying = replace(
        evidence,
        certificates=(*evidence.certificates, renewed.certificate.public_bytes(Encoding.DER)),
        revocation_lists=(*others, renewed.crl(SIGNED - DAY, SIGNED + DAY)),
    )
    bare = evidence_world.bare_policy()
    report = validate(augment(signed, carrying), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()


def test_values_without_a_time_stamp_count_while_fresh(evidence_world: EvidenceWorld, signed: bytes) -> None:
    """Fresh values from the document are used like those of the store (EN 319 102-1, 5.2.5 and 5.3)."""
    text = augment(
        signed, gather_evidence(signed, evidence_world.ocsp_store(), evidence_world.stamper())
    ).decode()
    start = text.index("<xades:SignatureTimeStamp")
    end = text.index("</xades:SignatureTimeStamp>") + len("</xades:SignatureTimeStamp>")
    values = (text[:start] + text[end:]).encode()
    bare = evidence_world.bare_policy()
    assert validate(signed, bare, at=SIGNED).sub_indication == "TRY_LATER"
    report = validate(values, bare, at=SIGNED)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-B"
    assert validate(values, bare, at=SIGNED + 2 * DAY).sub_indication == "TRY_LATER"
    # Certificates alone are used too.
    person = evidence_world.ca.intermediate("Ниже", algorithm="ec", not_before=SIGNED - DAY).issue_person(
        "ИВАНОВ ИВАН", "900101300017", algorithm="ec", not_before=SIGNED - DAY
    )
    alone = sign(DOCUMENT, replace(person.signer, chain=()))
    lax = replace(bare, revocation=Revocation.NONE)
    assert validate(alone, lax, at=SIGNED).sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    above = tuple(each.public_bytes(Encoding.DER) for each in person.issuers[:-1])
    carried = augment(
        alone, Evidence(evidence_world.stamp(canonical_signature_value(alone)).der, above)
    ).decode()
    start = carried.index("<xades:SignatureTimeStamp")
    end = carried.index("</xades:SignatureTimeStamp>") + len("</xades:SignatureTimeStamp>")
    assert validate((carried[:start] + carried[end:]).encode(), lax, at=SIGNED).passed


def test_a_revocation_in_a_response_in_the_document_counts(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    evidence_world.ca.revoke(evidence_world.person.certificate, SIGNED - DAY)
    newer = replace(
        evidence,
        ocsp_responses=(
            evidence_world.ca.ocsp(evidence_world.person.certificate, SIGNED - HOUR, SIGNED + DAY),
        ),
    )
    assert validate(augment(signed, newer), evidence_world.policy(), at=SIGNED).sub_indication == "REVOKED"


@pytest.mark.parametrize("holder", ["", "TimeStampValidationData", "AnyValidationData"])
@pytest.mark.parametrize("basic", [False, True])
def test_values_in_every_place(
    holder: str, basic: bool, evidence_world: EvidenceWorld, signed: bytes
) -> None:
    """DSS keeps the values of time-stamps in another property; older versions do not."""
    evidence = gather_evidence(signed, evidence_world.ocsp_store(), evidence_world.stamper())
    if basic:
        taken = [asn1_ocsp.OCSPResponse.load(each) for each in evidence.ocsp_responses]
        basics = [each["response_bytes"]["response"].parsed.dump() for each in taken]
        evidence = replace(evidence, ocsp_responses=tuple(basics))
    text = augment(signed, evidence).decode()
    if holder:
        start = text.index("<xades:CertificateValues")
        end = text.index("</xades:RevocationValues>") + len("</xades:RevocationValues>")
        opened = f'<x:{holder} xmlns:x="http://uri.etsi.org/01903/v1.4.1#">'
        text = text[:start] + opened + text[start:end] + f"</x:{holder}>" + text[end:]
    bare = evidence_world.bare_policy()
    report = validate(text.encode(), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def test_a_responder_certificate_outside_its_response(evidence_world: EvidenceWorld, signed: bytes) -> None:
    key = evidence_world.ca.issue_responder(
        "Жауапкер", algorithm="ec", not_before=SIGNED - DAY, not_after=SIGNED + YEARS
    )
    evidence = gather_evidence(signed, evidence_world.ocsp_store(responder=key), evidence_world.stamper())
    bare = []
    for der in evidence.ocsp_responses:
        response = asn1_ocsp.OCSPResponse.load(der)
        basic = response["response_bytes"]["response"].parsed
        basic["certs"] = None
        response["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
        bare.append(response.dump(force=True))
    responder = key.certificate.public_bytes(Encoding.DER)
    assert responder in evidence.certificates
    others = tuple(each for each in evidence.certificates if each != responder)
    without = replace(evidence, certificates=others, ocsp_responses=tuple(bare))
    policy = evidence_world.bare_policy()
    assert not validate(augment(signed, without), policy, at=SIGNED + YEARS).passed
    beside = replace(without, certificates=evidence.certificates)
    report = validate(augment(signed, beside), policy, at=SIGNED + YEARS)
    assert report.passed, report.text()


@pytest.mark.parametrize("where", ["crls", "attributes"])
def test_values_in_the_token(where: str, evidence_world: EvidenceWorld, signed: bytes) -> None:
    """A token may have the values of its authority, in a field of CMS or in attributes of CAdES."""
    evidence = gather_evidence(signed, evidence_world.ocsp_store(), evidence_world.stamper())
    token = cms.ContentInfo.load(evidence.timestamp)
    lists = [asn1_crl.CertificateList.load(each) for each in evidence.revocation_lists]
    responses = [asn1_ocsp.OCSPResponse.load(each) for each in evidence.ocsp_responses]
    certificates = [asn1_x509.Certificate.load(each) for each in evidence.certificates]
    if where == "crls":
        token["content"]["crls"] = [
            *(cms.RevocationInfoChoice("crl", each) for each in lists),
            *(
                cms.RevocationInfoChoice(
                    "other", {"other_rev_info_format": "ocsp_response", "other_rev_info": each}
                )
                for each in responses
            ),
        ]
        evidence = replace(evidence, revocation_lists=(), ocsp_responses=())
    else:
        basics = [each["response_bytes"]["response"].parsed for each in responses]
        token["content"]["signer_infos"][0]["unsigned_attrs"] = [
            _added("23", _sequence(certificates)),
            _added("24", b"".join(_tagged(n, _sequence(each)) for n, each in enumerate((lists, basics)))),
        ]
        evidence = replace(evidence, certificates=(), revocation_lists=(), ocsp_responses=())
    carrying = replace(evidence, timestamp=token.dump(force=True))
    bare = evidence_world.bare_policy()
    report = validate(augment(signed, carrying), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def _added(number: str, content: bytes) -> dict[str, Any]:
    value = core.Any.load(content) if number == "23" else core.Sequence(contents=content)
    return {"type": f"1.2.840.113549.1.9.16.2.{number}", "values": [core.Any.load(value.dump())]}


def _sequence(values: Any) -> bytes:
    return core.Sequence(contents=b"".join(each.dump() for each in values)).dump()


def _tagged(number: int, content: bytes) -> bytes:
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0xA0 + number, *([0x80 + len(length)] if size > 127 else []), *length]) + content
