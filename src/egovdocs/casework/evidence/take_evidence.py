"""Evidence of a kept document: asked of the time-stamping service after the document was taken in.

The request that brings a document only leaves a message in the outbox. What the service answers is kept
beside the document; while it is silent, or a revocation list is stale, the message waits.
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
"""So long before its time-stamp's authority goes out of date evidence is renewed."""


def evidence_message(document: Document) -> dict[str, Any]:
    """The data of a message that has evidence of a document taken, or renewed."""
    return {"place": tuple(place_of(document)), "sha256": document.sha256}


def take_evidence(
    office: Office, reading: Callable[[], AbstractContextManager[Site]], data: Mapping[str, Any]
) -> Callable[[Site], None] | None:
    """Take evidence of the document a message is about, or renew what ages, unless neither is needed.

    :param reading: opens the site for as long as it is read.
    :returns: what keeps it.
    :raises egovdocs.signing.SigningError: none is to be had now; later there may be.
    """
    with reading() as site:
        document = _document(site, data)
        if document is None or not _is_needed(office, document):
            return None
        signed, held = document.data, document.evidence
    evidence = _gathered(office, signed, data) if held is None else _renewed(office, signed, held)

    def keep(site: Site) -> None:
        document = _document(site, data)
        if document is not None and document.evidence == held and evidence is not None:
            site.evidence.keep(document, evidence)

    return keep


def validate_kept(
    document: bytes,
    accepted: datetime,
    evidence: Evidence | None,
    policy: ValidationPolicy,
    now: datetime | None = None,
) -> ValidationReport:
    """Validate a kept document again: at the time its evidence proves, or, without, as of its acceptance."""
    if evidence is not None:
        report = validate(document, policy, at=now, evidence=evidence)
        if any(each.proven_time for each in report.signatures):
            return report
    return validate(document, policy, at=accepted, evidence=evidence)


def validate_again(office: Office, document: Document) -> ValidationReport:
    """Validate one of the site's documents, now, as :func:`validate_kept` does."""
    return validate_kept(
        document.data, document.created_at, document.evidence, office.policy(), office.clock()
    )


def augmented_document(document: Document) -> bytes | None:
    """A kept document with its evidence in it (XAdES-LT or -LTA); None without any, or a place for it."""
    evidence = document.evidence
    try:
        return None if evidence is None else augment(document.data, evidence)
    except EvidenceError:
        return None


def _is_needed(office: Office, document: Document) -> bool:
    kept = document.kept_evidence
    return kept is None or kept.holds_until <= office.clock() + RENEWED_BEFORE


def _renewed(office: Office, signed: bytes, held: Evidence) -> Evidence | None:
    assert office.timestamper is not None, "without a service nothing is asked for"
    renewed = renew_evidence(signed, held, office.policy().trust, office.timestamper, at=office.clock())
    return renewed if renewed.holds_until > held.holds_until else None


def _gathered(office: Office, signed: bytes, data: Mapping[str, Any]) -> Evidence | None:
    policy = office.policy()
    report = validate(signed, policy, at=office.clock())
    if report.indication is Indication.TOTAL_FAILED:
        # It passed when it was taken in. A time-stamp of now could only prove that it passes no longer.
        log.error("no evidence of %s can be taken any more: %s", _named(data), report.sub_indication)
        return None
    if not report.passed:
        raise EvidenceError(report.reason or _("The signature does not pass."))
    assert office.timestamper is not None, "without a service nothing is asked for"
    return gather_evidence(signed, policy.trust, office.timestamper)


def _document(site: Site, data: Mapping[str, Any]) -> Document | None:
    document = document_at(site, Place(*data["place"]))
    return document if document is not None and document.sha256 == data["sha256"] else None


def _named(data: Mapping[str, Any]) -> str:
    return "/".join(data["place"])
