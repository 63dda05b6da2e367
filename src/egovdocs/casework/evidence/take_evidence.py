"""Collect evidence of a stored document from the time-stamping service.

The request that brings a document only queues a message in the outbox. What the service returns is stored
with the document. While the service does not answer, or a revocation list is stale, the message waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.content import Document, Place, Site, document_at, place_of
from egovdocs.signing import (
    Evidence,
    EvidenceError,
    Indication,
    ValidationPolicy,
    ValidationReport,
    augment,
    gather_evidence,
    renew_evidence,
    validate,
)

_ = TranslationStringFactory("egovdocs")

log = logging.getLogger(__name__)

EVIDENCE = "evidence"
RENEWED_BEFORE = timedelta(days=180)
"""Evidence is renewed this long before the certificate of its time-stamping authority expires."""


def evidence_message(document: Document) -> dict[str, Any]:
    """Return the data of an outbox message that has evidence of a document collected or renewed."""
    return {"place": tuple(place_of(document)), "sha256": document.sha256}


def take_evidence(
    office: Office, reading: Callable[[], AbstractContextManager[Site]], data: Mapping[str, Any]
) -> Callable[[Site], None] | None:
    """Collect evidence of the document that a message names, or renew evidence that ages, if either is
    needed.

    :param reading: opens the site for reading.
    :param data: the message, see :func:`evidence_message`.
    :returns: a function that stores the evidence; None if none is needed.
    :raises egovdocs.signing.SigningError: it cannot be collected now; the message stays in the outbox.
    """
    with reading() as site:
        document = _document(site, data)
        if document is None or not _is_needed(office, document):
            return None
        signed, held = document.data, document.evidence
    evidence = _gathered(office, signed, data) if held is None else _renewed(office, signed, held)

    def store(site: Site) -> None:
        document = _document(site, data)
        if document is not None and document.evidence == held and evidence is not None:
            site.evidence.store(document, evidence)

    return store


def validate_kept(
    document: bytes,
    accepted: datetime,
    evidence: Evidence | None,
    policy: ValidationPolicy,
    now: datetime | None = None,
) -> ValidationReport:
    """Validate a stored document again: at the time its evidence proves or, without evidence, as of its
    acceptance.

    :param document: the signed bytes.
    :param accepted: when the site accepted it.
    :param now: the current time; needed to judge the evidence itself.
    """
    if evidence is not None:
        report = validate(document, policy, at=now, evidence=evidence)
        if any(each.proven_time for each in report.signatures):
            return report
    return validate(document, policy, at=accepted, evidence=evidence)


def validate_again(office: Office, document: Document) -> ValidationReport:
    """Validate a document of the site now, as :func:`validate_kept` does."""
    return validate_kept(
        document.data, document.created_at, document.evidence, office.policy(), office.clock()
    )


def augmented_document(document: Document) -> bytes | None:
    """Return a stored document with its evidence embedded (XAdES-LT or -LTA).

    :returns: None if there is no evidence, or the signature has no place for it.
    """
    evidence = document.evidence
    try:
        return None if evidence is None else augment(document.data, evidence)
    except EvidenceError:
        return None


def _is_needed(office: Office, document: Document) -> bool:
    kept = document.kept_evidence
    return kept is None or kept.holds_until <= office.clock() + RENEWED_BEFORE


def _renewed(office: Office, signed: bytes, held: Evidence) -> Evidence | None:
    assert office.timestamper is not None, "evidence is collected only with a service"
    renewed = renew_evidence(signed, held, office.policy().trust, office.timestamper, at=office.clock())
    return renewed if renewed.holds_until > held.holds_until else None


def _gathered(office: Office, signed: bytes, data: Mapping[str, Any]) -> Evidence | None:
    policy = office.policy()
    report = validate(signed, policy, at=office.clock())
    if report.indication is Indication.TOTAL_FAILED:
        # It passed when it was accepted. A time-stamp made now could only prove that it no longer passes.
        log.error("evidence of %s can no longer be collected: %s", _named(data), report.sub_indication)
        return None
    if not report.passed:
        raise EvidenceError(report.reason or _("The signature does not pass."))
    assert office.timestamper is not None, "evidence is collected only with a service"
    return gather_evidence(signed, policy.trust, office.timestamper)


def _document(site: Site, data: Mapping[str, Any]) -> Document | None:
    document = document_at(site, Place(*data["place"]))
    return document if document is not None and document.sha256 == data["sha256"] else None


def _named(data: Mapping[str, Any]) -> str:
    return "/".join(data["place"])
