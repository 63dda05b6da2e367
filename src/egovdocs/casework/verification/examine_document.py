"""Examine a document that anybody submits: whether it is genuine, who signed it, and whether it is in force.

A passing signature is not enough, because anybody with a certificate can sign a "licence". The signer must be
authorised to sign such a document, and it must be the very document that the site keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.signatures.kinds import kind_of_root
from egovdocs.casework.signatures.read_document import edition_of_document
from egovdocs.casework.verification.find_kept import find_kept
from egovdocs.content import Case, Document, Licence, Site
from egovdocs.schemas import DocumentProblems, RecognisedDocument, recognise_document
from egovdocs.signing import Indication, Revocation, ValidationPolicy, ValidationReport, validate

_ = TranslationStringFactory("egovdocs")


class Verdict(StrEnum):
    """The result of an examination.

    ``GENUINE``: the signer was authorised, and the site keeps the document. ``NOT_OURS``: the signature
    passes, but it is not a document of this site. ``BROKEN``: changed, or the signature is wrong. ``UNSURE``:
    it cannot be determined now.
    """

    GENUINE = "genuine"
    NOT_OURS = "not-ours"
    BROKEN = "broken"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Finding:
    """The result of an examination with its details.

    :ivar report: the validation report of the signatures.
    :ivar reason: why the document is not genuine; None if it is.
    :ivar recognised: its type and edition; None unless the signature passes and the type is known.
    :ivar content: what the signature covers; None unless it passes.
    :ivar licence: the register's entry of a genuine licence.
    :ivar concerned: the same, or the licence that a genuine order is about.
    :ivar superseded: the document is a genuine outcome that a later one has superseded.
    :ivar accepted_at: when the site accepted this very file, if the signature passed then and passes no
        longer, because the certificate has since expired or was revoked; otherwise None.
    """

    verdict: Verdict
    report: ValidationReport
    reason: TranslationString | None = None
    recognised: RecognisedDocument | None = None
    content: bytes | None = None
    licence: Licence | None = None
    concerned: Licence | None = None
    superseded: bool = False
    accepted_at: datetime | None = None


def examine_document(office: Office, site: Site, document: bytes) -> Finding:
    """Examine an XML document of unknown origin, which may be hostile.

    A document that is stored here byte for byte is judged with the evidence stored with it.

    :param document: the bytes of the document.
    """
    policy, now = office.policy(), office.clock()
    report = validate(document, policy, at=now)
    covered = report if report.content is not None else _as_it_was(policy, document, report)
    finding, kept = None, None
    if covered.content is not None:
        finding, kept = _examine(office, site, covered, covered.content)
    if finding is not None and kept is not None and kept.data == document:
        if evidence := kept.evidence:
            report = validate(document, policy, at=now, evidence=evidence)
        if report.content is not None:
            return replace(finding, report=report)
        if not any(each.proven_time for each in report.signatures):
            return _as_accepted(policy, finding, kept) or _not_passed(report)
    if finding is not None and covered is report:
        return finding
    return _not_passed(report)


def examine_licence(office: Office, site: Site, number: str, identifier: str) -> Finding:
    """Examine the stored document of a licence, for a person who knows its number and its holder's IIN or
    BIN.

    Guessing identifiers is slowed down, as guessing passwords is.

    :raises Mistake: the register has no such licence of such a holder, or there were too many failures.
    """
    guess, now = f"licence {number}", office.clock()
    if too_many := office.throttle.refusal(guess, now):
        raise Mistake(too_many)
    licence: Licence | None = site.licences.get(number)
    if licence is None or licence.holder != identifier:
        office.throttle.failed(guess, now)
        raise Mistake(_("The register knows no licence with this number and this IIN or BIN."))
    office.throttle.succeeded(guess)
    return examine_document(office, site, site.cases[licence.case].documents[licence.document].data)


def _not_passed(report: ValidationReport) -> Finding:
    """Return the finding about a document whose signature does not pass."""
    verdict = Verdict.BROKEN if report.indication is Indication.TOTAL_FAILED else Verdict.UNSURE
    return Finding(verdict, report, report.reason)


def _as_it_was(policy: ValidationPolicy, document: bytes, report: ValidationReport) -> ValidationReport:
    """Return the report as of the claimed signing time, without revocation checks: only to find the stored
    document.
    """
    claimed = next((one.signing_time for one in report.signatures if one.signing_time), None)
    if claimed is None:
        return report
    return validate(document, replace(policy, revocation=Revocation.NONE), at=claimed)


def _as_accepted(policy: ValidationPolicy, finding: Finding, kept: Document) -> Finding | None:
    """Return the finding about a stored document as of its acceptance, if it passed then; None if it did not.

    It is used where the signature no longer passes and no time of it is proven.
    """
    earlier = validate(kept.data, policy, at=kept.created_at, evidence=kept.evidence)
    if earlier.content is None:
        return None
    return replace(finding, report=earlier, accepted_at=kept.created_at)


def _examine(
    office: Office, site: Site, report: ValidationReport, content: bytes
) -> tuple[Finding, Document | None]:
    """Examine the content of a passing signature: its form, its signer, and the stored document it equals."""

    def not_ours(
        reason: TranslationString, recognised: RecognisedDocument | None = None
    ) -> tuple[Finding, None]:
        return Finding(Verdict.NOT_OURS, report, reason, recognised, content), None

    try:
        kept = find_kept(site, content)
        recognised = recognise_document(content, office.services, _edition_of(kept))
    except DocumentProblems:
        return not_ours(_("The signature is good, but this is not a document of this site."))
    # A stored document was accepted under its own edition, so it is not checked again.
    if kept is None and recognised.document_type.problems(content):
        return not_ours(_("The signature is good, but the document lacks the form of its kind."))
    kind = kind_of_root(recognised.document_type.name)
    values = recognised.document_type.read(content)
    edition = recognised.edition
    if kind is None or kind.find_signer_problem is None or (kind.names_service and edition is None):
        return not_ours(_("The signature is good, but this is not a document of this site."), recognised)
    signer = next(one.signer for one in report.signatures if one.signer and not one.counter_signature)
    if problem := kind.find_signer_problem(office, edition, values, signer):
        return not_ours(problem, recognised)
    finding = Finding(Verdict.GENUINE, report, None, recognised, content)
    if kind.locate is None:
        return finding, None
    if kept is None:
        return not_ours(_("The signature is good, but this site keeps no such document."), recognised)
    owner, key = kept
    if isinstance(owner, Licence):
        finding = replace(finding, concerned=owner)
    elif kind.grants:
        licence = site.licences.get(owner.licence) if owner.licence else None
        superseded = owner.superseded_by is not None
        finding = replace(finding, licence=licence, concerned=licence, superseded=superseded)
    return finding, owner.documents[key]


def _edition_of(kept: tuple[Case | Licence, str] | None) -> str | None:
    """Return the edition that a stored document was made under."""
    if kept is None:
        return None
    owner, key = kept
    return edition_of_document(owner, owner.documents[key])
