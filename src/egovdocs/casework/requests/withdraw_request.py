"""Withdraw a registered request before its outcome is signed.

The withdrawal is a document of the case, signed as the request was; a visitor's is entered by an employee and
sealed. The case is closed and kept. A licence that the applicant holds is not affected. No money is returned
here: a fee that was paid is named in the journal, the notice and on the pages, for the provider to decide on.
"""

from __future__ import annotations

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.notices.notify_staff import notify_staff
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import LEFT, procedure_run
from egovdocs.casework.requests.end_case import end_case
from egovdocs.casework.review.remark_case import accept_applicant_signature, check_may_enter_for_applicant
from egovdocs.casework.review.review_case import record_desk_action
from egovdocs.casework.signatures.draft_document import draft_document, request_reference
from egovdocs.casework.signatures.offer_signing import offer, offered_case
from egovdocs.casework.signatures.store_document import seal_document, store_document
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import LIVE, Account, Case, CaseState, Signing, Site
from egovdocs.i18n import translate

_ = TranslationStringFactory("egovdocs")

WITHDRAWN = _("Withdrawn by the applicant")
WITHDRAWN_PAID = _("Withdrawn by the applicant. The fee of ${amount} tenge is paid (payment ${payment})")


def offer_withdrawal(office: Office, site: Site, case: Case, account: Account, reason: str = "") -> Signing:
    """Offer the withdrawal of a request to the applicant for signing.

    :param reason: "" for none.
    :raises Decided: the outcome is signed already, or the request is withdrawn.
    :raises Mistake: the request is not submitted yet, or the reason is too long.
    """
    check_may_withdraw(case)
    document = _withdrawal(office, case, reason)
    return offer(office, site, purpose="withdrawal", document=document, owner=account, case=case)


def accept_withdrawal(office: Office, site: Site, signing: Signing, signed: bytes) -> Case:
    """Accept the signed withdrawal and close the case. Once per signing.

    :param signed: the signed withdrawal, byte for byte.
    :raises Mistake: the signature does not pass, covers something else, or is not the applicant's.
    :raises Decided: the outcome, or another withdrawal, was signed in the meantime.
    """
    case = offered_case(site, signing)
    report = accept_applicant_signature(office, case, signing, signed)
    with exclusive_transaction(site):
        if signing.token not in site.idempotency:
            check_may_withdraw(case)
            name = f"withdrawal-{case.number}.xml"
            store_document(office, site, case, "withdrawal", signed, report, name=name)
            _close(office, site, case, case.account)
            site.idempotency[signing.token] = case.reference
    return case


def enter_withdrawal(office: Office, site: Site, case: Case, account: Account, reason: str = "") -> Case:
    """Enter a visitor's withdrawal on their behalf; it is sealed, and the case is closed.

    :param account: the officer or operator who enters it.
    :raises Mistake: the applicant signs with a key of their own; or the reason is too long.
    :raises Decided: the outcome is signed already, or the request is withdrawn.
    """
    check_may_enter_for_applicant(office, case, account)
    with exclusive_transaction(site):
        check_may_withdraw(case)
        document = _withdrawal(office, case, reason, account.name)
        store_document(office, site, case, "withdrawal", *seal_document(office, document))
        record_desk_action(office, case, account, "withdrawal-entered")
        _close(office, site, case, account.login, account)
    return case


def check_may_withdraw(case: Case) -> None:
    """Check that a request can be withdrawn.

    :raises Decided: it has an outcome or is withdrawn already.
    :raises Mistake: it is not submitted yet.
    """
    if case.number is None:
        raise Mistake(_("This request is not sent yet, so there is nothing to withdraw."))
    if case.state is CaseState.CLOSED:
        raise Decided(_("This request is withdrawn already."))
    if case.state not in LIVE:
        raise Decided(_("This request is answered already."))


def _withdrawal(office: Office, case: Case, reason: str, entered_by: str | None = None) -> bytes:
    return draft_document(
        office.edition_of(case),
        "withdrawal",
        request_reference(case)
        | {
            "applicant": case.applicant,
            "withdrawnAt": office.clock().isoformat(timespec="seconds"),
            "reason": reason.strip() or None,
            "enteredBy": entered_by,
        },
    )


def _close(office: Office, site: Site, case: Case, actor: str, entered_by: Account | None = None) -> None:
    run = procedure_run(office, case)
    if run.step is not None:
        run.leave(office.clock(), LEFT, actor, translate(_why(case), case.language))
    end_case(office, site, case, CaseState.CLOSED)
    if case.assignee is not None:
        notify_staff(office, site, case, "withdrawn", by=entered_by)


def _why(case: Case) -> TranslationString:
    paid = case.fee_paid
    if paid is None:
        return WITHDRAWN
    facts = {"amount": f"{paid.amount:f}", "payment": paid.transaction or paid.reference}
    return TranslationString(WITHDRAWN_PAID, domain=WITHDRAWN_PAID.domain, mapping=facts)
