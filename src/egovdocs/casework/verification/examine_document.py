"""Examining a document that anybody brings: is it genuine, who signed it, and does it still hold?

A signature that passes is not enough, for anybody with a certificate can sign a "licence". It must be the
signature of who may sign such a document, and the document the very one that the site keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.signatures.check_certificate import (
    find_applicant_mismatch,
    find_provider_mismatch,
    find_request_signer_mismatch,
    is_site_seal,
)
from egovdocs.casework.signatures.read_document import Altered, read_document
from egovdocs.content import Case, Document, Licence, Site
from egovdocs.schemas import DOCUMENT_TYPES, DocumentProblems, DocumentType, document_type_of
from egovdocs.signing import (
    Holder,
    Indication,
    Revocation,
    ValidationPolicy,
    ValidationReport,
    validate,
)

_ = TranslationStringFactory("egovdocs")

BY_THE_APPLICANT = (DOCUMENT_TYPES["answer"], DOCUMENT_TYPES["withdrawal"])
SEALED = (DOCUMENT_TYPES["receipt"], DOCUMENT_TYPES["remark"], *BY_THE_APPLICANT)


class Verdict(StrEnum):
    """What can be said of a document.

    ``GENUINE``: signed by who may, and the one that is kept here. ``NOT_OURS``: the signature passes, but it
    is no document of this site. ``BROKEN``: changed, or badly signed. ``UNSURE``: it cannot be told now.
    """

    GENUINE = "genuine"
    NOT_OURS = "not-ours"
    BROKEN = "broken"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Finding:
    """What an examination found.

    :ivar reason: why the document is not genuine; None when it is.
    :ivar document_type: None unless the signature passes and the document is of a kind we know.
    :ivar content: what the signature covers; None unless it passes.
    :ivar licence: the register's entry of a genuine licence.
    :ivar superseded: a genuine outcome whose place a later one has taken.
    :ivar accepted_at: the signature was good when the site took the document in, and this file is that very
        one; since then the certificate has expired or was revoked. None when it passes today.
    """

    verdict: Verdict
    report: ValidationReport
    reason: TranslationString | None = None
    document_type: DocumentType | None = None
    content: bytes | None = None
    licence: Licence | None = None
    superseded: bool = False
    accepted_at: datetime | None = None


def examine_document(office: Office, site: Site, document: bytes) -> Finding:
    """Examine an XML document of unknown origin, be it a hostile one.

    One that is kept here byte for byte is judged by the evidence kept beside it.
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
    """Examine the kept document of a licence, for who knows its number and its holder's IIN or BIN.

    Guessing identifiers is slowed down, as guessing passwords is.

    :raises Mistake: the register knows no such licence of such a holder, or there were too many failures.
    """
    guess, now = f"licence {number}", office.clock()
    if too_many := office.throttle.refusal(guess, now):
        raise Mistake(too_many)
    licence: Licence | None = site["licences"].get(number)
    if licence is None or licence.holder != identifier:
        office.throttle.failed(guess, now)
        raise Mistake(_("The register knows no licence with this number and this IIN or BIN."))
    office.throttle.succeeded(guess)
    return examine_document(office, site, site["cases"][licence.case].documents[licence.document].data)


def _not_passed(report: ValidationReport) -> Finding:
    verdict = Verdict.BROKEN if report.indication is Indication.TOTAL_FAILED else Verdict.UNSURE
    return Finding(verdict, report, report.reason)


def _as_it_was(policy: ValidationPolicy, document: bytes, report: ValidationReport) -> ValidationReport:
    """The report as of the time its signer claims, whatever is known of revocation: enough to find the like
    of the document here, and no more.
    """
    claimed = next((one.signing_time for one in report.signatures if one.signing_time), None)
    if claimed is None:
        return report
    return validate(document, replace(policy, revocation=Revocation.NONE), at=claimed)


def _as_accepted(policy: ValidationPolicy, finding: Finding, kept: Document) -> Finding | None:
    """A kept document that passes no longer, and of which no time is proven: it did when it was taken in."""
    earlier = validate(kept.data, policy, at=kept.created_at, evidence=kept.evidence)
    if earlier.content is None:
        return None
    return replace(finding, report=earlier, accepted_at=kept.created_at)


def _examine(
    office: Office, site: Site, report: ValidationReport, content: bytes
) -> tuple[Finding, Document | None]:
    """What is signed well is examined further: its form, its signer, and what is kept here of its like."""

    def not_ours(
        reason: TranslationString, document_type: DocumentType | None = None
    ) -> tuple[Finding, None]:
        return Finding(Verdict.NOT_OURS, report, reason, document_type, content), None

    try:
        document_type = document_type_of(content, office.services)
    except DocumentProblems:
        return not_ours(_("The signature is good, but this is not a document of this site."))
    if document_type.problems(content):
        return not_ours(_("The signature is good, but the document lacks the form of its kind."))
    values = document_type.read(content)
    signer = next(one.signer for one in report.signatures if one.signer and not one.counter_signature)
    if may_not := _may_not_sign(office, document_type, values, signer):
        return not_ours(may_not, document_type)
    if document_type is DOCUMENT_TYPES["report"]:
        return Finding(Verdict.GENUINE, report, None, document_type, content), None
    origin, kind = _origin(site, office, document_type, values)
    if origin is None or not _is_kept(origin, kind, content):
        return not_ours(_("The signature is good, but this site keeps no such document."), document_type)
    finding = Finding(Verdict.GENUINE, report, None, document_type, content)
    if kind == "outcome" and isinstance(origin, Case):
        licence = site["licences"].get(origin.licence) if origin.licence else None
        finding = replace(finding, licence=licence, superseded=origin.superseded_by is not None)
    return finding, origin.documents[kind]


def _may_not_sign(
    office: Office, document_type: DocumentType, values: dict[str, Any], signer: Holder
) -> TranslationString | None:
    """Why its signer may not sign such a document; None if they may."""
    if document_type is DOCUMENT_TYPES["report"]:
        if is_site_seal(office, signer):
            return None
        return _("A report is signed by the site's seal, and this one is not.")
    service = office.services.get(values.get("service", ""))
    if service is None:
        return _("The signature is good, but this is not a document of this site.")
    if document_type is service.request:
        return find_request_signer_mismatch(office, service, values, signer)
    if document_type in BY_THE_APPLICANT and "enteredBy" not in values:
        return find_applicant_mismatch(signer, values["applicant"])
    if document_type in SEALED:
        if is_site_seal(office, signer):
            return None
        return _("Such a document is signed by the site's seal, and this one is not.")
    return find_provider_mismatch(signer, service.provider.bin)


def _origin(
    site: Site, office: Office, document_type: DocumentType, values: dict[str, Any]
) -> tuple[Case | Licence | None, str]:
    """The case such a document comes from, or the licence an order is on, and what it is kept as there."""
    cases = site["cases"]
    if document_type is DOCUMENT_TYPES["order"]:
        return site["licences"].get(values["licence"]["number"]), values["number"]
    if document_type is DOCUMENT_TYPES["receipt"]:
        return cases.by_number(values["number"]), "receipt"
    if document_type is office.services[values["service"]].request:
        return cases.get(values["reference"]), "request"
    case = cases.by_number(values.get("request", {}).get("number", ""))
    if document_type is DOCUMENT_TYPES["withdrawal"]:
        return case, "withdrawal"
    if document_type is DOCUMENT_TYPES["remark"]:
        return case, f"remark-{values['ordinal']}"
    if document_type is DOCUMENT_TYPES["answer"]:
        return case, f"answer-{values['remark']['ordinal']}"
    kind = "refusal" if document_type is DOCUMENT_TYPES["refusal"] else "outcome"
    return case, kind


def _is_kept(origin: Case | Licence, kind: str, content: bytes) -> bool:
    try:
        return read_document(origin, kind) == content
    except (KeyError, Altered):
        return False
