"""Proof of existence: signatures judged at the time that time-stamps prove."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.signing import templates
from tests.signing.factories import (
    DAY,
    FIRST_RENEWAL,
    SIGNED,
    EvidenceWorld,
    canonical_signature_value,
    timestamp_checks,
)

from egovdocs.sandbox.authority import Authority
from egovdocs.signing import (
    Evidence,
    EvidenceError,
    Revocation,
    TrustStore,
    ValidationPolicy,
    ValidationReport,
    augment,
    validate,
)

XADES = f"{{{templates.XADES}}}"
XADES141 = f"{{{templates.XADES141}}}"


def test_level_lt(evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> None:
    augmented = augment(signed, evidence)
    report = validate(augmented, evidence_world.policy(), at=SIGNED)
    assert report.passed, report.text()
    (signature,) = report.signatures
    assert (signature.level, signature.proven_time) == ("XAdES-LT", SIGNED)
    assert [status for status, _reason in timestamp_checks(report)] == ["passed"]
    assert report.content == validate(signed, evidence_world.policy(), at=SIGNED).content


def test_expired_after_the_proven_time(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    later = SIGNED + 101 * DAY
    assert validate(signed, evidence_world.policy(later), at=later).sub_indication == "EXPIRED"
    augmented = augment(signed, evidence)
    report = validate(augmented, evidence_world.policy(later), at=later)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"
    # After years the authorities have no lists any more; the document's are enough until the time-stamp
    # expires.
    bare = evidence_world.bare_policy()
    assert validate(augmented, bare, at=SIGNED + 1600 * DAY).passed
    assert validate(signed, bare, at=SIGNED + 1600 * DAY, evidence=evidence).passed
    report = validate(augmented, bare, at=SIGNED + 1700 * DAY)
    assert report.sub_indication == "EXPIRED"
    ((status, reason),) = timestamp_checks(report)
    assert status == "unknown"
    assert "gone out of date" in reason


def test_expired_before_the_proven_time(evidence_world: EvidenceWorld, signed: bytes) -> None:
    stamped = Evidence(evidence_world.stamp(canonical_signature_value(signed), at=SIGNED + 101 * DAY).der)
    later = SIGNED + 102 * DAY
    report = validate(augment(signed, stamped), evidence_world.policy(later), at=later)
    assert report.sub_indication == "EXPIRED"
    assert report.signatures[0].proven_time == SIGNED + 101 * DAY
    assert "expired" in str(report.reason)


def test_signed_before_the_certificate_was_valid(evidence_world: EvidenceWorld, signed: bytes) -> None:
    stamped = Evidence(evidence_world.stamp(canonical_signature_value(signed), at=SIGNED - 150 * DAY).der)
    assert (
        validate(signed, evidence_world.policy(), at=SIGNED, evidence=stamped).sub_indication
        == "NOT_YET_VALID"
    )


@pytest.mark.parametrize(("days", "passes"), [(1, True), (-1, False)])
def test_revoked_before_or_after_the_proven_time(
    days: int, passes: bool, evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    evidence_world.ca.revoke(evidence_world.person.certificate, SIGNED + days * DAY)
    later = SIGNED + 2 * DAY
    assert validate(signed, evidence_world.policy(later), at=later).sub_indication == "REVOKED"
    report = validate(augment(signed, evidence), evidence_world.policy(later), at=later)
    assert report.passed is passes, report.text()
    assert report.sub_indication == (None if passes else "REVOKED")
    assert validate(signed, evidence_world.policy(later), at=later, evidence=evidence).passed is passes


def test_level_t_needs_lists_of_the_store(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    stamped = augment(signed, Evidence(evidence.timestamp))
    assert b"RevocationValues" not in stamped
    report = validate(stamped, evidence_world.policy(), at=SIGNED)
    assert report.passed
    assert report.signatures[0].level == "XAdES-T"
    bare = evidence_world.bare_policy()
    report = validate(stamped, bare, at=SIGNED)
    assert report.sub_indication == "TRY_LATER"
    assert [status for status, _reason in timestamp_checks(report)] == ["unknown"]
    lax = replace(bare, revocation=Revocation.NONE)
    assert validate(stamped, lax, at=SIGNED + 1600 * DAY).signatures[0].level == "XAdES-T"


def test_level_lt_needs_every_list(evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> None:
    lists = evidence.revocation_lists
    fewer = replace(evidence, revocation_lists=lists[1:])
    report = validate(augment(signed, fewer), evidence_world.policy(), at=SIGNED)
    assert report.passed
    assert report.signatures[0].level == "XAdES-T"


def _broken_token(evidence_world: EvidenceWorld, signed: bytes, fault: str) -> bytes:
    good = evidence_world.stamp(canonical_signature_value(signed))
    if fault == "other octets":
        return evidence_world.stamp(b"something else").der
    if fault == "stranger":
        stranger = Authority.create("Чужой", algorithm="ec", not_before=SIGNED - DAY)
        return evidence_world.stamp(
            canonical_signature_value(signed),
            key=stranger.issue_timestamping("Часы", algorithm="ec", not_before=SIGNED - DAY),
        ).der
    if fault == "future":
        return evidence_world.stamp(canonical_signature_value(signed), at=SIGNED + 200 * DAY).der
    if fault == "changed":
        return good.der.replace(b"20260601120000Z", b"20250601120000Z")
    return {"garbage": b"\x30\x80\x00\x00", "cut": good.der[:-9]}[fault]


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        ("other octets", "failed", "something else"),
        ("stranger", "unknown", "not a trusted one"),
        ("future", "failed", "after the moment"),
        ("changed", "failed", "changed after it was made"),
        ("garbage", "failed", "cannot be read"),
        ("cut", "failed", "cannot be read"),
    ],
)
def test_a_broken_time_stamp_proves_nothing_and_does_not_harm(
    fault: str, status: str, reason: str, evidence_world: EvidenceWorld, signed: bytes
) -> None:
    evidence = Evidence(_broken_token(evidence_world, signed, fault))
    for report in (
        validate(augment(signed, evidence), evidence_world.policy(), at=SIGNED),
        validate(signed, evidence_world.policy(), at=SIGNED, evidence=evidence),
    ):
        assert report.passed
        assert report.signatures[0].level == "XAdES-B"
        assert report.signatures[0].proven_time is None
        ((found, text),) = timestamp_checks(report)
        assert found == status
        assert reason in text
    later = SIGNED + 101 * DAY
    report = validate(augment(signed, evidence), evidence_world.policy(later), at=later)
    assert report.sub_indication == "EXPIRED"
    assert "expired" in str(report.reason)


def test_a_good_time_stamp_beside_a_broken_one(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    good = augment(signed, evidence)
    report = validate(good, evidence_world.policy(), at=SIGNED, evidence=Evidence(b"broken"))
    assert report.passed
    assert report.signatures[0].proven_time == SIGNED
    assert [status for status, _reason in timestamp_checks(report)] == ["failed", "passed"]


def test_the_earliest_time_counts(evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> None:
    augmented = augment(signed, evidence)
    earlier = evidence_world.evidence(signed, at=SIGNED - timedelta(hours=2))
    report = validate(augmented, evidence_world.policy(), at=SIGNED, evidence=earlier)
    assert report.signatures[0].proven_time == SIGNED - timedelta(hours=2)


def test_an_authority_revoked_later(evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> None:
    """Time-stamps of a compromised key are void, those of a superseded one are not (RFC 3161, 4)."""
    augmented = augment(signed, evidence)
    later = SIGNED + 2 * DAY

    def said_of(extension: x509.CRLReason | None) -> ValidationReport:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(evidence_world.tsa.certificate.serial_number)
            .revocation_date(SIGNED + DAY)
        )
        if extension is not None:
            entry = entry.add_extension(extension, critical=False)
        crl = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(evidence_world.tsa_ca.certificate.subject)
            .last_update(SIGNED + DAY)
            .next_update(SIGNED + 9 * DAY)
            .add_revoked_certificate(entry.build())
            .sign(evidence_world.tsa_ca.key, SHA256())
        )
        lists = [each.crl(later - DAY, later + DAY) for each in (evidence_world.root, evidence_world.ca)]
        store = TrustStore([evidence_world.root.certificate], [*lists, crl.public_bytes(Encoding.DER)])
        return validate(augmented, ValidationPolicy(store), at=later)

    superseded = said_of(x509.CRLReason(x509.ReasonFlags.superseded))
    assert superseded.signatures[0].proven_time == SIGNED
    for compromised in (said_of(x509.CRLReason(x509.ReasonFlags.key_compromise)), said_of(None)):
        assert compromised.signatures[0].proven_time is None
        assert [status for status, _reason in timestamp_checks(compromised)] == ["unknown"]
        assert compromised.passed


def test_several_tokens_in_one_property(evidence_world: EvidenceWorld, signed: bytes) -> None:
    """A time-stamp property may have tokens of several authorities (EN 319 132-1, 4.4)."""
    value = canonical_signature_value(signed)
    tokens = [
        evidence_world.stamp(value, at=SIGNED - hours * timedelta(hours=1)).der
        for hours in (0, 2, 1, 3, 4, 5)
    ]
    augmented = augment(signed, Evidence(tokens[0]))
    end = augmented.index(b"</xades:SignatureTimeStamp>")
    more = b"".join(
        b"<xades:EncapsulatedTimeStamp>%s</xades:EncapsulatedTimeStamp>" % base64.b64encode(token)
        for token in tokens[1:]
    )
    report = validate(augmented[:end] + more + augmented[end:], evidence_world.policy(), at=SIGNED)
    # Only the first four are read.
    assert [status for status, _reason in timestamp_checks(report)] == ["passed"] * 4
    assert report.signatures[0].proven_time == SIGNED - timedelta(hours=3)


def test_values_that_are_not_base64(evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> None:
    augmented = augment(signed, evidence)
    for name in (b"EncapsulatedTimeStamp", b"EncapsulatedX509Certificate", b"EncapsulatedCRLValue"):
        broken = augmented.replace(b"<xades:%s>" % name, b"<xades:%s>!<b/>" % name)
        assert broken != augmented or name == b"EncapsulatedX509Certificate"
        report = validate(broken, evidence_world.policy(), at=SIGNED)
        assert report.passed, report.text()


def level(report: ValidationReport) -> str:
    return report.signatures[0].level


def test_level_lta(
    signed: bytes, renewed_once: Evidence, renewed_twice: Evidence, bare: ValidationPolicy
) -> None:
    for evidence, days in ((renewed_once, 3000), (renewed_twice, 3240)):
        at = SIGNED + days * DAY
        augmented = augment(signed, evidence)
        for report in (validate(augmented, bare, at=at), validate(signed, bare, at=at, evidence=evidence)):
            assert report.passed, report.text()
            assert (level(report), report.signatures[0].proven_time) == ("XAdES-LTA", SIGNED)
            assert {status for status, _reason in timestamp_checks(report)} == {"passed"}
            assert len(timestamp_checks(report)) == 1 + len(evidence.renewals)


@pytest.mark.parametrize("days", [1700, 3240])
def test_evidence_not_renewed_in_time(
    evidence_world: EvidenceWorld,
    signed: bytes,
    renewed_once: Evidence,
    bare: ValidationPolicy,
    days: int,
) -> None:
    evidence = evidence_world.evidence(signed) if days == 1700 else renewed_once
    report = validate(augment(signed, evidence), bare, at=SIGNED + days * DAY)
    assert report.sub_indication == "EXPIRED"
    assert report.signatures[0].proven_time is None
    with pytest.raises(EvidenceError, match="proves nothing any more"):
        evidence_world.renew(signed, evidence, SIGNED + days * DAY)


def test_a_missing_archive_time_stamp(signed: bytes, renewed_twice: Evidence, bare: ValidationPolicy) -> None:
    """The second archive time-stamp is over the first; without the first it is over other data."""
    torn = replace(renewed_twice, renewals=renewed_twice.renewals[1:])
    for document, evidence in ((augment(signed, torn), None), (signed, torn)):
        report = validate(document, bare, at=SIGNED + 3240 * DAY, evidence=evidence)
        assert report.sub_indication == "EXPIRED"
        assert ("failed", "The time-stamp is of something else.") in timestamp_checks(report)


def _broken_archive(augmented: bytes, fault: str) -> bytes:
    root = etree.fromstring(augmented)
    unsigned = next(root.iter(f"{XADES}UnsignedSignatureProperties"))
    archive = unsigned.find(f"{XADES141}ArchiveTimeStamp")
    assert archive is not None
    if fault == "a property taken away":
        unsigned.remove(unsigned[2])
    elif fault == "two in another order":
        unsigned.insert(0, unsigned[1])
    elif fault == "another canonicalisation":
        archive[0].set("Algorithm", "http://www.w3.org/2006/12/xml-c14n11")
    elif fault == "an include":
        archive.insert(0, etree.Element(f"{XADES}Include", URI="#x"))
    elif fault == "no token":
        archive.remove(archive[1])
    return etree.tostring(root.getroottree(), encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("a property taken away", "something else"),
        ("two in another order", "something else"),
        ("another canonicalisation", "something else"),
        ("an include", "not supported"),
        ("no token", "no token"),
    ],
)
def test_a_broken_archive_time_stamp(
    evidence_world: EvidenceWorld,
    signed: bytes,
    renewed_once: Evidence,
    fault: str,
    reason: str,
) -> None:
    augmented = _broken_archive(augment(signed, renewed_once), fault)
    lists = [crl for at in (SIGNED, FIRST_RENEWAL) for crl in evidence_world.store(at).crls]
    store = TrustStore.load([evidence_world.root.certificate], lists)
    report = validate(augmented, ValidationPolicy(store), at=FIRST_RENEWAL + DAY)
    assert report.passed, report.text()
    assert level(report) in ("XAdES-LT", "XAdES-T")
    assert [text for status, text in timestamp_checks(report) if status == "failed" and reason in text]
    later = validate(augmented, evidence_world.policy(), at=SIGNED + 3000 * DAY)
    assert later.sub_indication == "EXPIRED"


def test_an_authority_compromised_after_the_next_time_stamp(
    evidence_world: EvidenceWorld,
    signed: bytes,
    renewed_once: Evidence,
    bare: ValidationPolicy,
) -> None:
    """A theft of the key after the next time-stamp does not void an earlier time-stamp."""

    def revoked(when: datetime, at: datetime) -> ValidationReport:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(evidence_world.tsa.certificate.serial_number)
            .revocation_date(when)
            .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            .build()
        )
        crl = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(evidence_world.tsa_ca.certificate.subject)
            .last_update(when)
            .next_update(when + 9 * DAY)
            .add_revoked_certificate(entry)
            .sign(evidence_world.tsa_ca.key, SHA256())
        )
        store = TrustStore(bare.trust.anchors, [crl.public_bytes(Encoding.DER)])
        return validate(signed, ValidationPolicy(store), at=at, evidence=renewed_once)

    after = revoked(FIRST_RENEWAL + 2 * DAY, FIRST_RENEWAL + 30 * DAY)
    assert after.passed, after.text()
    assert after.signatures[0].proven_time == SIGNED
    before = revoked(FIRST_RENEWAL - 2 * DAY, FIRST_RENEWAL + 30 * DAY)
    assert before.signatures[0].proven_time == FIRST_RENEWAL, (
        "the archive time-stamp alone still proves something"
    )
    assert before.sub_indication == "EXPIRED"
