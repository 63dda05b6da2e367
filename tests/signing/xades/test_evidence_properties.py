"""Evidence kept beside the document."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.signing import templates
from tests.signing.factories import DAY, SECOND_RENEWAL, SIGNED, EvidenceWorld, Fill

from egovdocs.signing import Evidence, EvidenceError, augment, gather_evidence, validate


def test_evidence_as_json(evidence_world: EvidenceWorld, signed: bytes, evidence: Evidence) -> None:
    assert Evidence.load(json.loads(json.dumps(evidence.dump()))) == evidence
    report = validate(signed, evidence_world.policy(), at=SIGNED + DAY, evidence=evidence)
    assert report.passed
    assert (report.signatures[0].level, report.signatures[0].proven_time) == ("XAdES-LT", SIGNED)


def test_evidence_of_a_plain_signature(evidence_world: EvidenceWorld, fill: Fill) -> None:
    document = fill(f"<a>{templates.signature(templates.ENVELOPED)}</a>", evidence_world.person)
    evidence = gather_evidence(document, evidence_world.store_of_intermediates(), evidence_world.stamper())
    with pytest.raises(EvidenceError, match="plain XML signature"):
        augment(document, evidence)
    later = SIGNED + 101 * DAY
    bare = evidence_world.bare_policy()
    report = validate(document, bare, at=later, evidence=evidence)
    assert report.passed, report.text()
    assert (report.signatures[0].level, report.signatures[0].proven_time) == ("XML-DSig", SIGNED)


def test_renewed_evidence_as_json(signed: bytes, renewed_twice: Evidence) -> None:
    dumped = json.loads(json.dumps(renewed_twice.dump()))
    assert Evidence.load(dumped) == renewed_twice
    assert renewed_twice.last_token.time == SECOND_RENEWAL
    assert renewed_twice.holds_until > SECOND_RENEWAL + 300 * DAY
    first = {name: dumped[name] for name in ("timestamp", "certificates", "revocation_lists")}
    assert Evidence.load(first) == replace(renewed_twice, renewals=())
    with pytest.raises(EvidenceError, match="later version"):
        Evidence.load({**dumped, "version": 99})


def test_lists_are_not_repeated(signed: bytes, renewed_twice: Evidence) -> None:
    lists = renewed_twice.all_revocation_lists
    assert len(set(lists)) == len(lists)
    assert all(each.revocation_lists for each in renewed_twice.renewals)
