"""Paying the state fee: the bank is asked, its notice heard, the payment checked (P4, C2, P5 of table A1)."""

from __future__ import annotations

from decimal import Decimal

from translationstring import TranslationStringFactory

from egovdocs.casework.draft_request import find_problems
from egovdocs.casework.errors import Mistake, Problems, Refusal
from egovdocs.casework.offer_signing import new_token
from egovdocs.casework.office import Office, keep
from egovdocs.casework.procedures import walk_of
from egovdocs.content import Case, CaseState, Payment, Site
from egovdocs.i18n import translate
from egovdocs.registers import ForgedNotice, WrongPayment, settle

_ = TranslationStringFactory("egovdocs")

CANNOT_BE_PAID = _(
    "The state fee cannot be paid on this site at present, so this cannot be asked for here. "
    "Ask the provider how else to apply."
)


def start_payment(office: Office, site: Site, case: Case) -> str:
    """Begin the payment (P4).

    :returns: the bank's address to send the applicant to; asked again, the same payment is gone on with.
    :raises Problems: the form is not complete.
    :raises Mistake: there is nothing to pay, it is paid, or nobody takes payments.
    """
    amount = amount_due(office, case)
    if case.state not in (CaseState.DRAFT, CaseState.AWAITING_PAYMENT) or not amount:
        raise Mistake(_("There is nothing to pay."))
    if not can_be_paid(office, case.service, case.action, case.channel):
        raise Mistake(CANNOT_BE_PAID)
    if problems := find_problems(office, case):
        raise Problems(_("Some answers are missing or wrong."), problems)
    if case.payment is None:
        case.payment = Payment(
            reference=new_token(), amount=amount, currency="KZT", started_at=office.clock()
        )
    case.state = CaseState.AWAITING_PAYMENT
    site["cases"].reindex(case)
    walk_of(office, case).enter("payment", office.clock(), case.account)
    keep(site)  # the bank is outside: it is spoken to with nothing half done
    return office.payments.start(case.payment)


def take_payment_notice(office: Office, site: Site, notice: bytes) -> Case:
    """Hear the bank's notice that a fee was paid. A notice heard twice, or late, changes nothing.

    :raises Mistake: it is forged, of no payment of ours, or of another sum.
    """
    try:
        paid = office.payments.verify(notice)
    except ForgedNotice:
        raise Mistake(_("This notice is not the bank's.")) from None
    case: Case | None = site["cases"].by_payment(paid.reference)
    if case is None or case.payment is None:
        raise Mistake(_("There is no such payment."))
    try:
        payment = settle(case.payment, paid)
    except WrongPayment:
        raise Mistake(_("The sum is not the one that was asked for.")) from None
    if case.payment.paid_at is None:
        case.payment = payment
        case.state = CaseState.PAID
        site["cases"].reindex(case)
        walk = walk_of(office, case)
        walk.enter("payment", office.clock(), case.account)
        walk.answer("check-payment", True, office.clock())
        keep(site)
    return case


def check_payment(office: Office, site: Site, case: Case) -> None:
    """C2: is it paid? Nothing happens if it is, or if the service is free.

    :raises Refusal: P5; the draft is kept, and the applicant may pay.
    """
    if not amount_due(office, case):
        return
    reason = _("The fee for this service has not been paid.")
    walk = walk_of(office, case)
    walk.enter("payment", office.clock(), case.account)
    walk.answer("check-payment", False, office.clock())
    step = walk.carry_out("refuse-payment", office.clock(), note=translate(reason, case.language))
    keep(site)
    raise Refusal(step, reason)


def amount_due(office: Office, case: Case) -> Decimal:
    """What a case has yet to pay, in tenge; 0 when it is paid, free, or its table has no payment."""
    if case.payment and case.payment.paid_at:
        return Decimal(0)
    return fee_by(office, case.service, case.action, case.channel)


def can_be_paid(office: Office, service: str, action: str, channel: str) -> bool:
    """Whether there is a way to pay what an action costs by a channel, or it costs nothing."""
    return office.payments.has_page or not fee_by(office, service, action, channel)


def fee_by(office: Office, service: str, action: str, channel: str) -> Decimal:
    """What an action costs by a channel whose table has a payment; where it has none, a receipt is shown."""
    pays = office.service(service).channels[channel].step_for("payment") is not None
    return office.fee(service, action) if pays else Decimal(0)
