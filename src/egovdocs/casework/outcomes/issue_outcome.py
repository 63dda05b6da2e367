"""Issue an outcome: the signatory signs the decision, a licence or a refusal (P10, P11 of table A1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cryptography import x509
from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.notices.notify_applicant import notify
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.decide_case import draft_outcome
from egovdocs.casework.outcomes.replaced_licence import (
    LICENCE_GONE,
    find_licence_problem,
    replaced_licence,
)
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.requests.end_case import end_case
from egovdocs.casework.review.review_case import check_provider
from egovdocs.casework.signatures.accept_signed import accept_signed, acceptance_record
from egovdocs.casework.signatures.check_certificate import find_signatory_mismatch, find_trust_problem
from egovdocs.casework.signatures.offer_signing import offer, offered_case, offered_to
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.signatures.store_document import store_document
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import (
    ANSWERED,
    Account,
    Appendix,
    Case,
    CaseState,
    Licence,
    LicenceChange,
    LicenceEvent,
    Signing,
    Site,
)
from egovdocs.signing import canonical, holder

_ = TranslationStringFactory("egovdocs")


def offer_outcome(office: Office, site: Site, case: Case, account: Account) -> Signing:
    """Offer the outcome of a decided case to a signatory, dated today.

    :raises Decided: no decision of this case waits for a signature.
    :raises Mistake: the account is not a signatory of the provider, or decided the case itself.
    """
    check_may_sign(office, site, case, account)
    document = draft_outcome(office, case, account.name, office.today())
    return offer(office, site, purpose="outcome", document=document, owner=account, case=case)


def check_may_sign(office: Office, site: Site, case: Case, account: Account) -> None:
    """Check that a signatory may sign the outcome of a case now.

    :raises Decided, Mistake: as :func:`offer_outcome`.
    """
    _check_waiting(case)
    check_provider(office, case, account)
    if "signatory" not in account.roles:
        raise Mistake(_("Only an authorised signatory signs this."))
    check_two_persons(office, site, case, account)


def check_signatory(
    office: Office,
    site: Site,
    signing: Signing,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
) -> None:
    """Check the certificate that a signatory chose: in date, not revoked, their own, the provider's, of the
    right role.

    :raises Mistake: it may not sign this.
    """
    case, signatory = offered_case(site, signing), offered_to(site, signing)
    provider = office.edition_of(case).provider.bin
    reason = find_trust_problem(office, certificate, chain)
    if reason := reason or find_signatory_mismatch(holder(certificate), provider, signatory):
        raise Mistake(reason)
    check_two_persons(office, site, case, signatory, holder(certificate).iin)


def issue_outcome(office: Office, site: Site, signing: Signing, signed: bytes) -> Case:
    """Accept the signed outcome: close the case, and enter a licence in the register, replacing the old one.

    Does its work once per signing.

    :param signed: the signed outcome, byte for byte.
    :raises Decided: another signatory has signed, or the decision was taken back or changed since the offer.
    :raises Mistake: the signature does not pass or covers something else, or the certificate may not sign.
    """
    case, signatory = offered_case(site, signing), offered_to(site, signing)
    service = office.edition_of(case)
    report, signer = accept_signed(office, signed, signing.document)
    if reason := find_signatory_mismatch(signer, service.provider.bin, signatory):
        raise Mistake(reason)
    check_two_persons(office, site, case, signatory, signer.iin)
    request = service.request.read(read_document(case, "request"))
    with exclusive_transaction(site):
        _check_waiting(case)
        day = office.calendar.today(signing.created)
        if canonical(draft_outcome(office, case, signatory.name, day)) != report.content:
            raise Decided(_("The decision has been changed since. Look at it again before signing."))
        check_two_persons(office, site, case, signatory, signer.iin)
        decision = case.decision
        assert decision is not None, "a case that waits for a signature is decided"
        now = office.clock()
        kind = "outcome" if decision.granted else "refusal"
        record = acceptance_record(report)
        store_document(office, site, case, kind, signed, record, name=f"{decision.number}.xml")
        if decision.granted and service.licence_series:
            _enter_licence(office, site, case, request, service.outcome.read(report.content), day)
        if decision.granted and service.one_in_force:
            _supersede_former(office, site, case)
        run = procedure_run(office, case)
        run.enter("grant" if decision.granted else "refuse", now)
        run.leave(now, actor=signatory.login)
        end_case(office, site, case, CaseState.ISSUED if decision.granted else CaseState.REFUSED)
        site.idempotency[signing.token] = case.reference
    return case


def _enter_licence(
    office: Office,
    site: Site,
    case: Case,
    request: Mapping[str, Any],
    outcome: Mapping[str, Any],
    day: date,
) -> None:
    """Enter a licence in the register; the licence it replaces, if any, is no longer in force.

    :raises Decided: the licence to be replaced is not in force any more.
    """
    if find_licence_problem(office, case, request):
        raise Decided(LICENCE_GONE)
    number = outcome["number"]
    replaced = replaced_licence(site, office.edition_of(case), request)
    appendices = tuple(_appendices(outcome))
    duplicate = case.action == "duplicate"
    if replaced:
        change = LicenceChange.DUPLICATED if duplicate else LicenceChange.REISSUED
        replaced.record(LicenceEvent(change=change, on=day, document=number))
        site.licences.reindex(replaced)
        notify(office, site, site.cases[replaced.case], "replaced")
    site.licences.add(
        Licence(
            number=number,
            service=case.service,
            edition=case.edition,
            provider=case.provider,
            holder=case.applicant,
            holder_name=outcome["licensee"]["name"],
            issued_on=day,
            case=case.reference,
            document="outcome",
            activities=tuple(dict.fromkeys(code for one in appendices for code in one.activities)),
            places=tuple(dict.fromkeys(one.region for one in appendices)),
            appendices=appendices,
            replaces=replaced.number if replaced else None,
            duplicates=replaced.duplicates + 1 if replaced and duplicate else 0,
        )
    )
    case.licence = number


def _appendices(licence: Mapping[str, Any]) -> Iterator[Appendix]:
    """Yield the appendices of a licence's document."""
    for one in licence.get("appendices", {}).get("appendix", ()):
        address = one["site"]["address"]
        yield Appendix(
            number=one["number"],
            issued_on=date.fromisoformat(one["issuedOn"]),
            activities=tuple(activity["code"] for activity in one["activities"]["activity"]),
            site=one["site"]["name"],
            region=address["region"],
            address=", ".join(address[part] for part in ("locality", "street") if part in address),
        )


def _supersede_former(office: Office, site: Site, case: Case) -> None:
    """Mark the applicant's former outcomes of this service as superseded."""
    for former in site.cases.of_applicant(case.applicant):
        issued = (former.service, former.state) == (case.service, CaseState.ISSUED)
        if issued and former is not case and former.superseded_by is None:
            former.superseded_by = case.reference
            notify(office, site, former, "replaced")


def check_two_persons(
    office: Office, site: Site, case: Case, signatory: Account, iin: str | None = None
) -> None:
    """Check that the person who signs an outcome is not the one who decided it.

    :param iin: the IIN in the certificate: the decider's key does not sign from another account either.
    :raises Mistake: it is one person, and the settings require two.
    """
    if not office.two_person_rule or case.decision is None:
        return
    reviewer: Account | None = site.accounts.get(case.decision.by)
    known = {reviewer.identifier} - {None} if reviewer is not None else set()
    if signatory.login == case.decision.by or known & {signatory.identifier, iin}:
        raise Mistake(_("You decided this request, so another authorised signatory must sign the outcome."))


def _check_waiting(case: Case) -> None:
    if case.state in ANSWERED:
        raise Decided(_("This has been signed already."))
    if case.state is CaseState.CLOSED:
        raise Decided(_("The applicant has withdrawn this request."))
    if case.state is not CaseState.AWAITING_SIGNATURE:
        raise Decided(_("There is no decision that waits for a signature."))
