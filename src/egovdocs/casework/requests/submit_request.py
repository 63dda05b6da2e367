"""Submit a signed request: check its signature (C3, P7) and register it (P8, P9 of table A1).

The table determines who signs: through the portal the applicant; in person the officer or operator who
entered the request; where the table has no signature, the site's seal.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Mistake, Refusal
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.replaced_licence import site_of
from egovdocs.casework.payments.pay_fee import check_payment
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.requests.carry_draft import check_current
from egovdocs.casework.requests.draft_request import draft_request
from egovdocs.casework.requests.register_request import accept_request, register_request
from egovdocs.casework.requests.send_request import check_sendable, goes_through_gateway, send_request
from egovdocs.casework.signatures.accept_signed import accept_signed, acceptance_record
from egovdocs.casework.signatures.check_certificate import (
    find_request_signer_mismatch,
    find_staff_mismatch,
    find_trust_problem,
)
from egovdocs.casework.signatures.offer_signing import offer, offered_case
from egovdocs.casework.transactions import commit_and_begin, exclusive_transaction
from egovdocs.content import DRAFTS, Account, Case, Signing, Site
from egovdocs.i18n import translate
from egovdocs.signing import Holder, canonical, holder

_ = TranslationStringFactory("egovdocs")

ALREADY_SIGNED = _("This request is signed already.")
CHANGED = _("The request was changed while it was being signed. Sign it again.")


def offer_request(office: Office, site: Site, case: Case, account: Account) -> Signing:
    """Offer the completed and paid request for signing (P6).

    :raises Refusal: it is not paid (P5).
    :raises Problems: something in it is missing or wrong.
    :raises Mistake: it is signed already, by its table nobody signs it, or the rules have changed.
    """
    if case.state not in DRAFTS:
        raise Mistake(ALREADY_SIGNED)
    check_current(office, case)
    if not is_signed_by_person(office, case):
        raise Mistake(_("This request is registered without anybody's signature."))
    check_payment(office, site, case)
    document = draft_request(office, case)
    procedure_run(office, case).enter("certificate", office.clock(), account.login)
    return offer(office, site, purpose="request", document=document, owner=account, case=case)


def seal_request(office: Office, site: Site, case: Case) -> Case:
    """Register a request that nobody signs, by its table (P7 of table A2): it gets the site's seal.

    :raises Problems: something in it is missing or wrong.
    :raises Mistake: by its table a person signs it.
    """
    if is_signed_by_person(office, case):
        raise Mistake(_("This request is to be signed."))
    key = f"seal/{case.reference}"
    if key in site.idempotency:
        return case
    check_current(office, case)
    return submit_request(office, site, case, office.sealed(draft_request(office, case)), key)


def is_signed_by_person(office: Office, case: Case) -> bool:
    """Return whether a person signs this request, by its table."""
    return procedure_run(office, case).procedure.step_for("sign") is not None


def check_request_certificate(
    office: Office,
    site: Site,
    signing: Signing,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
) -> None:
    """Check the certificate chosen to sign a request (C3 of table A1), and enter the step of signing (P8).

    It must be in date, not revoked, and of the IIN/BIN in the request. For a request made in person it is
    that of the officer or operator who entered it.

    :raises Refusal: P7, with the reason; the draft is kept, and another certificate may be chosen.
    :raises Mistake: the same, where the table has no such refusal; or the draft was changed since the offer.
    """
    case = offered_case(site, signing)
    check_unchanged(office, case, signing.document)
    reason = find_trust_problem(office, certificate, chain) or _not_the_signers(
        office, case, holder(certificate)
    )
    if reason:
        raise _refuse(office, case, reason)
    run = procedure_run(office, case)
    run.enter("certificate", office.clock(), case.account)
    run.answer_condition("check-certificate", True, office.clock())
    run.enter("sign", office.clock(), case.account)


def accept_signed_request(office: Office, site: Site, signing: Signing, signed: bytes) -> Case:
    """Submit a request that was offered for signing.

    :param signed: the signed request, byte for byte.
    :raises Refusal, Problems, Mistake: as :func:`submit_request`; or the draft was changed since the offer.
    """
    case = offered_case(site, signing)
    check_unchanged(office, case, signing.document)
    return submit_request(office, site, case, signed, signing.token)


def check_unchanged(office: Office, case: Case, offered: bytes) -> None:
    """Check that the offered document is still the request.

    :raises Mistake: the draft was changed since, for example in another tab.
    """
    if case.state in DRAFTS and canonical(draft_request(office, case)) != canonical(offered):
        raise Mistake(CHANGED)


def submit_request(office: Office, site: Site, case: Case, signed: bytes, key: str) -> Case:
    """Accept the signed request, give it a number, route it to the provider, and issue the receipt.

    Where the table and the site send it through the gateway, the number follows after that. Validation takes
    place outside the transaction that registers. The same request submitted twice has one number.

    :param signed: the signed request, byte for byte.
    :param key: the idempotency key of this submission.
    :raises Refusal: P7: the signature is not confirmed, or it covers something else than the request; a
        Mistake where the table has no such refusal.
    :raises Problems: the draft was changed and is no longer complete.
    :raises Mistake: another request of this case is signed already; or this one cannot be sent.
    """
    if key in site.idempotency:
        return case
    document = draft_request(office, case)
    try:
        report, signer = accept_signed(office, signed, document)
    except Mistake as problem:
        raise _refuse(office, case, problem.message) from None
    if reason := _not_the_signers(office, case, signer):
        raise _refuse(office, case, reason)
    check_sendable(office, case, signed)
    with exclusive_transaction(site):
        if case.state in DRAFTS:
            if canonical(draft_request(office, case)) != report.content:
                raise Mistake(CHANGED)
            accept_request(office, site, case, signed, acceptance_record(report))
            if goes_through_gateway(office, case):
                send_request(site, case)
            else:
                register_request(office, site, case)
        site.idempotency[key] = case.reference
    return case


def _not_the_signers(office: Office, case: Case, person: Holder) -> TranslationString | None:
    """Return why a certificate's holder may not sign this request; None if they may."""
    if case.received_by is not None and is_signed_by_person(office, case):
        return find_staff_mismatch(person, site_of(case).accounts[case.account])
    values = {"channel": case.channel, "applicant": {"identifier": case.applicant}}
    return find_request_signer_mismatch(office, office.edition_of(case), values, person)


def _refuse(office: Office, case: Case, reason: TranslationString) -> Refusal | Mistake:
    """Record in the journal that the signature is not confirmed (C3, P7); return the exception to raise."""
    if case.state not in DRAFTS:
        return Mistake(ALREADY_SIGNED)
    now = office.clock()
    run = procedure_run(office, case)
    if run.procedure.step_for("refuse-certificate") is None:
        return Mistake(reason)  # the table has no such refusal: the employee signs again
    run.enter("certificate", now, case.account)
    run.answer_condition("check-certificate", False, now)
    step = run.carry_out("refuse-certificate", now, note=translate(reason, case.language))
    commit_and_begin(case)
    return Refusal(step, reason)
