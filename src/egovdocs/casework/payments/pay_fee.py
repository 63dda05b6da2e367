"""Pay the state fee: the applicant is sent to the bank, its notice is received, the payment checked (P4, C2,
P5 of table A1).

A payment gateway that can be queried is queried as well: when the applicant comes back from it, and by the
outbox until the fee is paid or the payment given up. So a lost notice does not lose a payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.errors import Mistake, Problems, Refusal, TryLater
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.requests.carry_draft import check_current
from egovdocs.casework.requests.draft_request import find_problems
from egovdocs.casework.signatures.offer_signing import new_token
from egovdocs.casework.transactions import commit_and_begin, exclusive_transaction
from egovdocs.content import Case, CaseState, Handler, Payment, Settle, Site
from egovdocs.i18n import translate
from egovdocs.integrations.external_system_errors import ExternalSystemError
from egovdocs.integrations.payments.payment_port import (
    ForgedNotice,
    PaymentNotice,
    PaymentOrder,
    PaymentStatus,
    Unpaid,
    WrongPayment,
    settle_payment,
)
from egovdocs.schemas import ServiceEdition

_ = TranslationStringFactory("egovdocs")

FOLLOW_UP = "payment-follow-up"
MIN_INTERVAL, MAX_INTERVAL = timedelta(seconds=5), timedelta(hours=1)  # between two queries
GIVE_UP_AFTER = timedelta(days=5)  # nobody completes a payment so long after beginning it

CANNOT_BE_PAID = _(
    "The state fee cannot be paid on this site at present, so this service cannot be requested "
    "here. Ask the provider how else to apply."
)


def start_payment(office: Office, site: Site, case: Case) -> str:
    """Begin the payment (P4). Called again, it continues the same payment.

    :returns: the address at the bank to which the applicant is sent.
    :raises Problems: the form is not complete.
    :raises Mistake: there is nothing to pay, it is paid or can not be, or the rules have changed.
    :raises TryLater: the payment gateway does not answer; the case stays at P4.
    """
    check_current(office, case)
    amount = amount_due(office, case)
    if case.state not in (CaseState.DRAFT, CaseState.AWAITING_PAYMENT) or not amount:
        raise Mistake(_("There is nothing to pay."))
    if not can_be_paid(office, office.edition_of(case), case.action, case.channel):
        raise Mistake(CANNOT_BE_PAID)
    if problems := find_problems(office, case):
        raise Problems(_("Some answers are missing or wrong."), problems)
    if case.payment is None:
        case.payment = Payment(
            reference=new_token(), amount=amount, currency="KZT", started_at=office.clock()
        )
    if office.payments.can_query:
        if case.payment is None or case.payment.followed is None:
            site.outbox.put(FOLLOW_UP, after=MIN_INTERVAL, reference=case.payment.reference)
        case.payment = replace(case.payment, followed=office.clock())
    case.state = CaseState.AWAITING_PAYMENT
    site.cases.reindex(case)
    procedure_run(office, case).enter("payment", office.clock(), case.account)
    commit_and_begin(site)  # the bank is an external system: everything is committed before it is called
    try:
        return office.payments.open_payment(_order(office, case, case.payment))
    except ExternalSystemError:
        raise TryLater(
            _(
                "The payment gateway cannot be reached at the moment. What you filled in is kept: try again "
                "in a few minutes."
            )
        ) from None


def _order(office: Office, case: Case, payment: Payment) -> PaymentOrder:
    service = office.edition_of(case)
    titles = (text[case.language] for text in (service.title, service.actions[case.action].title))
    return PaymentOrder(
        reference=payment.reference,
        amount=payment.amount,
        currency=payment.currency,
        purpose=": ".join(titles),
        payer=case.applicant,
        payee=service.provider.bin,
        return_url=f"{office.site_url}/cases/{case.reference}/payment?back=1",
    )


def receive_payment_notice(office: Office, site: Site, notice: bytes) -> Case:
    """Verify the bank's notice that a fee was paid, and record the payment.

    :param notice: the signed notice.
    :raises Mistake: it is forged, of an unknown payment, or of another amount.
    """
    try:
        paid = office.payments.verify_notice(notice)
    except ForgedNotice:
        raise Mistake(_("This notice is not the bank's.")) from None
    return record_payment_notice(office, site, paid)


def record_payment_notice(office: Office, site: Site, notice: PaymentNotice | Unpaid) -> Case:
    """Record what became of a payment, reported by a trusted source. A repeated or late notice changes
    nothing.

    :raises Mistake: the payment is unknown, or another amount was paid.
    """
    with exclusive_transaction(site):
        case: Case | None = site.cases.by_payment(notice.reference)
        if case is None:
            raise Mistake(_("There is no such payment."))
        _apply_notice(office, site, case, notice)
    return case


def query_payment(office: Office, site: Site, case: Case) -> PaymentStatus | None:
    """Ask the payment gateway what became of a case's payment, and record it.

    :returns: the status of a payment that is not made; None if it is paid, or if the gateway cannot be
        queried.
    :raises TryLater: the gateway gives no answer.
    """
    payment = case.payment
    if payment is None or payment.paid_at or not office.payments.can_query:
        return None
    try:
        notice = office.payments.query_payment(payment.reference)
    except ExternalSystemError:
        raise TryLater(
            _(
                "The payment gateway cannot be reached at the moment. If you have paid, do not pay again: "
                "the portal keeps checking, and the payment is not lost."
            )
        ) from None
    record_payment_notice(office, site, notice)
    return notice.status if isinstance(notice, Unpaid) else None


def payment_handlers(office: Office) -> Mapping[str, Handler]:
    """Return the outbox handlers that follow payments up."""
    return {FOLLOW_UP: lambda id, data: _follow_up(office, data)}


def _follow_up(office: Office, data: Mapping[str, Any]) -> Settle:
    """Query the payment gateway about a payment.

    :raises egovdocs.integrations.errors.ExternalSystemError: there is no answer; the query is repeated.
    """
    notice = office.payments.query_payment(data["reference"])

    def settle_it(site: Site) -> None:
        case = site.cases.by_payment(notice.reference)
        if case is None:
            return
        _apply_notice(office, site, case, notice)
        if case.payment is None or case.payment.followed is None:
            return
        waited = office.clock() - case.payment.followed
        if waited > GIVE_UP_AFTER:
            case.payment = replace(case.payment, followed=None)
        else:
            site.outbox.put(FOLLOW_UP, after=min(max(waited / 2, MIN_INTERVAL), MAX_INTERVAL), **data)

    return settle_it


def _apply_notice(office: Office, site: Site, case: Case, notice: PaymentNotice | Unpaid) -> None:
    """Record a notice in its case.

    :raises Mistake: another amount was paid than is due.
    """
    assert case.payment is not None
    if isinstance(notice, Unpaid):
        if notice.status is PaymentStatus.CANCELLED and procedure_run(office, case).is_at("payment"):
            _refuse(office, case, _("The payment was cancelled at the payment gateway. Nothing was paid."))
        return
    try:
        payment = settle_payment(case.payment, notice)
    except WrongPayment:
        raise Mistake(_("The amount is not the one that is due.")) from None
    if case.payment.paid_at is None:
        case.payment = replace(payment, followed=None)
        case.state = CaseState.PAID
        site.cases.reindex(case)
        run = procedure_run(office, case)
        run.enter("payment", office.clock(), case.account)
        run.answer_condition("check-payment", True, office.clock())


def check_payment(office: Office, site: Site, case: Case) -> None:
    """Check that the fee is paid (C2). Does nothing if it is, or if the service is free.

    :raises Refusal: P5; the draft is kept, and the applicant may pay.
    """
    if not amount_due(office, case):
        return
    reason = _("The fee for this service has not been paid.")
    procedure_run(office, case).enter("payment", office.clock(), case.account)
    step = _refuse(office, case, reason)
    commit_and_begin(site)
    raise Refusal(step, reason)


def _refuse(office: Office, case: Case, reason: TranslationString) -> str:
    """Answer C2 with no; return the number of the step that refuses (P5)."""
    run = procedure_run(office, case)
    run.answer_condition("check-payment", False, office.clock())
    return run.carry_out("refuse-payment", office.clock(), note=translate(reason, case.language))


def amount_due(office: Office, case: Case) -> Decimal:
    """Return what is still to be paid, in tenge; 0 if it is paid, free, or its table has no payment."""
    return Decimal(0) if case.payment and case.payment.paid_at else fee_of(office, case)


def fee_of(office: Office, case: Case) -> Decimal:
    """Return the fee of a case, in tenge; a payment that was begun keeps its amount."""
    if case.payment:
        return case.payment.amount
    return fee_by(office, office.edition_of(case), case.action, case.channel)


def can_be_paid(office: Office, edition: ServiceEdition, action: str, channel: str) -> bool:
    """Return whether the fee of an action can be paid through a channel, or there is none."""
    return office.payments.has_page or not fee_by(office, edition, action, channel)


def fee_by(office: Office, edition: ServiceEdition, action: str, channel: str) -> Decimal:
    """Return the fee of an action through a channel; 0 if its table has no payment step."""
    pays = edition.channels[channel].step_for("payment") is not None
    return office.fee(edition, action) if pays else Decimal(0)
