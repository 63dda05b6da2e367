"""Evidence of a kept document: asked of the time-stamping service after the document was taken in.

The request that brings a document only leaves a message in the outbox. What the service answers is kept
beside the document; while it is silent, or a revocation list is stale, the message waits.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.content import Case, Document, Licence, Place, Site, document_at, place_of
from egovdocs.signing import (
    Evidence,
    EvidenceError,
    Indication,
    ValidationReport,
    augment,
    gather_evidence,
    validate,
)

_ = TranslationStringFactory("egovdocs")

log = logging.getLogger(__name__)

EVIDENCE = "evidence"


def keep_signed(
    office: Office,
    site: Site,
    owner: Case | Licence,
    kind: str,
    name: str,
    signed: bytes,
    report: Mapping[str, Any],
) -> Document:
    """Keep a signed document that was just accepted, and have evidence taken of it afterwards."""
    document: Document = owner.documents.keep(kind, name, signed, office.clock(), report=report)
    if office.timestamper is not None:
        site.outbox.put(EVIDENCE, place=tuple(place_of(document)), sha256=document.sha256)
    return document


def take_evidence(
    office: Office, reading: Callable[[], AbstractContextManager[Site]], data: Mapping[str, Any]
) -> Callable[[Site], None] | None:
    """Take evidence of the document a message is about, unless there is some.

    :param reading: opens the site for as long as it is read.
    :returns: what keeps it.
    :raises egovdocs.signing.SigningError: none is to be had now; later there may be.
    """
    with reading() as site:
        document = _document(site, data)
        if document is None or document.evidence is not None:
            return None
        signed = document.data
    evidence = _gathered(office, signed, data)

    def keep(site: Site) -> None:
        document = _document(site, data)
        if document is not None and document.evidence is None and evidence is not None:
            site.evidence.keep(document, evidence)

    return keep


def validate_kept(office: Office, document: Document) -> ValidationReport:
    """Validate a kept document again: at the time its evidence proves, or, without, as of its acceptance."""
    evidence, policy = document.evidence, office.policy()
    if evidence is not None:
        report = validate(document.data, policy, at=office.clock(), evidence=evidence)
        if any(each.proven_time for each in report.signatures):
            return report
    return validate(document.data, policy, at=document.created_at, evidence=evidence)


def augmented_document(document: Document) -> bytes | None:
    """A kept document with its evidence in it (XAdES-LT); None while there is none, or no place for it."""
    evidence = document.evidence
    try:
        return None if evidence is None else augment(document.data, evidence)
    except EvidenceError:
        return None


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
