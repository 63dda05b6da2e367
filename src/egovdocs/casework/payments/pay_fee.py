"""Paying the state fee: the bank is asked, its notice heard, the payment checked (P4, C2, P5 of table A1).

A payment gateway that can be asked is asked, too: when the applicant comes back from it, and by the outbox
until it is paid or given up. So a notice that is lost loses no payment.
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
SOONEST, LATEST = timedelta(seconds=5), timedelta(hours=1)  # until it is asked again
GIVING_UP = timedelta(days=5)  # nobody pays any more what they went to pay so long ago

CANNOT_BE_PAID = _(
    "The state fee cannot be paid on this site at present, so this cannot be asked for here. "
    "Ask the provider how else to apply."
)


def start_payment(office: Office, site: Site, case: Case) -> str:
    """Begin the payment (P4).

    :returns: the bank's address to send the applicant to; asked again, the same payment is gone on with.
    :raises Problems: the form is not complete.
    :raises Mistake: there is nothing to pay, it is paid, or nobody takes payments.
    :raises TryLater: the payment gateway gives no answer; the case stays at P4, to be tried again.
    """
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
            site.outbox.put(FOLLOW_UP, after=SOONEST, reference=case.payment.reference)
        case.payment = replace(case.payment, followed=office.clock())
    case.state = CaseState.AWAITING_PAYMENT
    site.cases.reindex(case)
    procedure_run(office, case).enter("payment", office.clock(), case.account)
    commit_and_begin(site)  # the bank is outside: it is spoken to with nothing half done
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
    """Hear the bank's notice that a fee was paid.

    :raises Mistake: it is forged, of no payment of ours, or of another sum.
    """
    try:
        paid = office.payments.verify_notice(notice)
    except ForgedNotice:
        raise Mistake(_("This notice is not the bank's.")) from None
    return record_payment_notice(office, site, paid)


def record_payment_notice(office: Office, site: Site, told: PaymentNotice | Unpaid) -> Case:
    """What became of a payment, by somebody who was believed. Heard twice, or late, it changes nothing.

    :raises Mistake: it is of no payment of ours, or of another sum.
    """
    with exclusive_transaction(site):
        case: Case | None = site.cases.by_payment(told.reference)
        if case is None:
            raise Mistake(_("There is no such payment."))
        _apply_notice(office, site, case, told)
    return case


def query_payment(office: Office, site: Site, case: Case) -> PaymentStatus | None:
    """Ask what became of a payment, for somebody who waits. It may take seconds: nothing is changed before.

    :returns: why it is not made; None when it is, or when nobody can be asked.
    :raises TryLater: there is no answer.
    :raises Mistake: another sum was paid than was asked for.
    """
    payment = case.payment
    if payment is None or payment.paid_at or not office.payments.can_query:
        return None
    try:
        told = office.payments.query_payment(payment.reference)
    except ExternalSystemError:
        raise TryLater(
            _(
                "The payment gateway cannot be asked at the moment. If you have paid, do not pay again: the "
                "portal keeps asking, and the payment is not lost."
            )
        ) from None
    record_payment_notice(office, site, told)
    return told.status if isinstance(told, Unpaid) else None


def payment_handlers(office: Office) -> Mapping[str, Handler]:
    """What the outbox does to follow payments up."""
    return {FOLLOW_UP: lambda id, data: _follow_up(office, data)}


def _follow_up(office: Office, data: Mapping[str, Any]) -> Settle:
    """Ask what became of a payment.

    :raises ExternalSystemError: there is no answer; it is asked again, however long that takes.
    """
    told = office.payments.query_payment(data["reference"])

    def settle_it(site: Site) -> None:
        case = site.cases.by_payment(told.reference)
        if case is None:
            return
        _apply_notice(office, site, case, told)
        if case.payment is None or case.payment.followed is None:
            return
        waited = office.clock() - case.payment.followed
        if waited > GIVING_UP:
            case.payment = replace(case.payment, followed=None)
        else:
            site.outbox.put(FOLLOW_UP, after=min(max(waited / 2, SOONEST), LATEST), **data)

    return settle_it


def _apply_notice(office: Office, site: Site, case: Case, told: PaymentNotice | Unpaid) -> None:
    """:raises Mistake: another sum was paid than was asked for."""
    assert case.payment is not None
    if isinstance(told, Unpaid):
        if told.status is PaymentStatus.CANCELLED and procedure_run(office, case).is_at("payment"):
            _refuse(office, case, _("The payment was cancelled at the payment gateway. Nothing was paid."))
        return
    try:
        payment = settle_payment(case.payment, told)
    except WrongPayment:
        raise Mistake(_("The sum is not the one that was asked for.")) from None
    if case.payment.paid_at is None:
        case.payment = replace(payment, followed=None)
        case.state = CaseState.PAID
        site.cases.reindex(case)
        run = procedure_run(office, case)
        run.enter("payment", office.clock(), case.account)
        run.answer_condition("check-payment", True, office.clock())


def check_payment(office: Office, site: Site, case: Case) -> None:
    """C2: is it paid? Nothing happens if it is, or if the service is free.

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
    """C2 is answered with no; the number of the step that refuses (P5)."""
    run = procedure_run(office, case)
    run.answer_condition("check-payment", False, office.clock())
    return run.carry_out("refuse-payment", office.clock(), note=translate(reason, case.language))


def amount_due(office: Office, case: Case) -> Decimal:
    """What a case has yet to pay, in tenge; 0 when it is paid, free, or its table has no payment."""
    return Decimal(0) if case.payment and case.payment.paid_at else fee_of(office, case)


def fee_of(office: Office, case: Case) -> Decimal:
    """What a case costs, in tenge; a payment that was begun keeps its amount when the index changes."""
    if case.payment:
        return case.payment.amount
    return fee_by(office, office.edition_of(case), case.action, case.channel)


def can_be_paid(office: Office, edition: ServiceEdition, action: str, channel: str) -> bool:
    """Whether there is a way to pay what an action costs by a channel, or it costs nothing."""
    return office.payments.has_page or not fee_by(office, edition, action, channel)


def fee_by(office: Office, edition: ServiceEdition, action: str, channel: str) -> Decimal:
    """What an action costs by a channel whose table has a payment; where it has none, a receipt is shown."""
    pays = edition.channels[channel].step_for("payment") is not None
    return office.fee(edition, action) if pays else Decimal(0)
