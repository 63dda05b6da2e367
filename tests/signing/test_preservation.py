"""Evidence taken and renewed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.signing import templates
from tests.signing.factories import DAY, FIRST_RENEWAL, SIGNED, EvidenceWorld, Fill

from egovdocs.signing import (
    Evidence,
    EvidenceError,
    TimestampToken,
    TrustStore,
    ValidationReport,
    augment,
    gather_evidence,
    renew_evidence,
    validate,
)
from egovdocs.signing.errors import TimestampError, UntrustedTimestamp

HOUR, YEARS = timedelta(hours=1), timedelta(days=1000)


def test_no_evidence_for_an_untrusted_signature(evidence_world: EvidenceWorld, signed: bytes) -> None:
    with pytest.raises(UntrustedTimestamp, match="no fresh revocation list"):
        gather_evidence(signed, TrustStore([evidence_world.root.certificate]), evidence_world.stamper())
    evidence_world.ca.revoke(evidence_world.person.certificate, SIGNED - DAY)
    with pytest.raises(EvidenceError, match="was revoked on 2026-05-31"):
        evidence_world.evidence(signed)
    with pytest.raises(EvidenceError, match="well-formed"):
        evidence_world.evidence(b"no document")

    def silent(octets: bytes) -> TimestampToken:
        raise TimestampError("none")  # type: ignore[arg-type]

    with pytest.raises(TimestampError):
        gather_evidence(signed, evidence_world.store(), SimpleNamespace(stamp=silent))


def test_ocsp_responses_are_evidence(evidence_world: EvidenceWorld, signed: bytes) -> None:
    store = evidence_world.ocsp_store()
    evidence = gather_evidence(signed, store, evidence_world.stamper())
    assert evidence.revocation_lists == tuple(each.public_bytes(Encoding.DER) for each in store.crls)
    assert set(evidence.ocsp_responses) == {each.der for each in store.ocsps}
    assert Evidence.load(json.loads(json.dumps(evidence.dump()))) == evidence
    augmented = augment(signed, evidence)
    bare = evidence_world.bare_policy()
    for document, kept in ((augmented, None), (signed, evidence)):
        report = validate(document, bare, at=SIGNED + YEARS, evidence=kept)
        assert report.passed, report.text()
        assert report.signatures[0].level == "XAdES-LT"
    for missing in ({"ocsp_responses": evidence.ocsp_responses[1:]}, {"revocation_lists": ()}):
        fewer = replace(evidence, **missing)
        assert not validate(augment(signed, fewer), bare, at=SIGNED + YEARS).passed


def test_only_necessary_lists_are_kept(evidence_world: EvidenceWorld, signed: bytes) -> None:
    old = evidence_world.ca.crl(SIGNED - 30 * DAY, SIGNED + 6 * DAY)
    store = evidence_world.store()
    lists = [each.public_bytes(Encoding.DER) for each in store.crls]
    evidence = gather_evidence(signed, TrustStore(store.anchors, [old, *lists]), evidence_world.stamper())
    assert set(evidence.revocation_lists) == set(lists)


def test_a_delta_is_kept_with_its_base(evidence_world: EvidenceWorld, signed: bytes) -> None:
    base = evidence_world.ca.crl(SIGNED - 30 * DAY, SIGNED - 29 * DAY)
    delta = evidence_world.ca.crl(SIGNED - DAY, SIGNED + DAY, since=base)
    others = [each.crl(SIGNED - DAY, SIGNED + DAY) for each in (evidence_world.root, evidence_world.tsa_ca)]
    evidence = gather_evidence(
        signed,
        TrustStore([evidence_world.root.certificate], [base, delta, *others]),
        evidence_world.stamper(),
    )
    assert {base, delta} <= set(evidence.revocation_lists)
    bare = evidence_world.bare_policy()
    assert validate(augment(signed, evidence), bare, at=SIGNED + YEARS).passed


def test_the_status_of_a_responder_is_kept(evidence_world: EvidenceWorld, signed: bytes) -> None:
    """The responder must not have been revoked either; the proof belongs to the evidence."""
    key = evidence_world.ca.issue_responder(
        "Жауапкер", algorithm="ec", not_before=SIGNED - DAY, not_after=SIGNED + 9 * YEARS, no_check=False
    )
    store = evidence_world.ocsp_store(responder=key)
    now = datetime.now(UTC)  # when the responder signs
    about = evidence_world.ca.ocsp(key.certificate, now - HOUR, now + DAY)
    store = TrustStore(store.anchors, store.revocation_data.crls, [*store.ocsps, about])
    evidence = gather_evidence(signed, store, evidence_world.stamper())
    assert key.certificate.public_bytes(Encoding.DER) in evidence.certificates
    bare = evidence_world.bare_policy()
    report = validate(augment(signed, evidence), bare, at=SIGNED + YEARS)
    assert report.passed, report.text()
    assert report.signatures[0].level == "XAdES-LT"


def level(report: ValidationReport) -> str:
    return report.signatures[0].level


def test_old_lists_are_not_kept(evidence_world: EvidenceWorld, signed: bytes) -> None:
    old = [
        evidence_world.ca.crl(SIGNED - days * DAY, SIGNED - (days - 7) * DAY) for days in range(10, 100, 7)
    ]
    lists = [crl.public_bytes(Encoding.DER) for crl in evidence_world.store().crls]
    store = TrustStore([evidence_world.root.certificate], [*old, *lists])
    evidence = gather_evidence(signed, store, evidence_world.stamper())
    assert set(evidence.revocation_lists) == set(lists)


def test_renewal_of_a_plain_signature(evidence_world: EvidenceWorld, fill: Fill) -> None:
    document = fill(f"<a>{templates.signature(templates.ENVELOPED)}</a>", evidence_world.person)
    anchors = [evidence_world.root.certificate, evidence_world.ca.certificate]
    evidence = gather_evidence(
        document, TrustStore.load(anchors, evidence_world.store().crls), evidence_world.stamper()
    )
    stamper = evidence_world.stamper(at=FIRST_RENEWAL, key=evidence_world.new_tsa(FIRST_RENEWAL - 100 * DAY))
    store = TrustStore.load(anchors, evidence_world.store(FIRST_RENEWAL).crls)
    evidence = renew_evidence(document, evidence, store, stamper, at=FIRST_RENEWAL)
    report = validate(
        document,
        evidence_world.bare_policy(evidence_world.ca.certificate),
        at=SIGNED + 3000 * DAY,
        evidence=evidence,
    )
    assert report.passed, report.text()
    assert (level(report), report.signatures[0].proven_time) == ("XML-DSig", SIGNED)


def test_renewal_needs_a_trusted_service(
    evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence
) -> None:
    with pytest.raises(UntrustedTimestamp, match="no fresh revocation list"):
        renew_evidence(
            signed,
            evidence,
            TrustStore([evidence_world.root.certificate]),
            evidence_world.stamper(at=SIGNED + 50 * DAY),
            at=SIGNED + 50 * DAY,
        )
