"""Suspend, resume or terminate a licence by a signed order.

The order is offered for signing and takes effect in the register when it comes back signed. There is one at a
time: a new offer replaces one that was not signed and keeps its number; while a signed order waits for its
day, no other can be made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cryptography import x509
from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.notices.notify_applicant import notify_of_order
from egovdocs.casework.office import Office
from egovdocs.casework.signatures.accept_signed import accept_signed, acceptance_record
from egovdocs.casework.signatures.check_certificate import find_signatory_mismatch, find_trust_problem
from egovdocs.casework.signatures.draft_document import draft_document
from egovdocs.casework.signatures.offer_signing import offer, offered_to
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.signatures.store_document import store_document
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import (
    Account,
    JournalEntry,
    Licence,
    LicenceChange,
    LicenceEvent,
    PendingOrder,
    Signing,
    Site,
    next_number,
)
from egovdocs.schemas import Ground, ServiceEdition
from egovdocs.schemas.identifiers import request_number
from egovdocs.signing import holder

_ = TranslationStringFactory("egovdocs")

ORDERS = {
    "suspension": LicenceChange.SUSPENDED,
    "resumption": LicenceChange.RESUMED,
    "termination": LicenceChange.TERMINATED,
}
MAX_DELAY = timedelta(days=366)


def possible_orders(licence: Licence, today: date) -> tuple[str, ...]:
    """Return the kinds of order possible in the licence's state; none while an order waits for its day."""
    if licence.events[-1].on > today:
        return ()
    return tuple(kind for kind, change in ORDERS.items() if licence.may(change))


def offer_order(
    office: Office,
    site: Site,
    licence: Licence,
    account: Account,
    kind: str,
    ground: str,
    reason: str,
    effective_from: date,
) -> Signing:
    """Offer an order on a licence to a signatory of its provider, dated today.

    :param kind: one of ``ORDERS``.
    :param ground: a code of the ``order_grounds`` of the common edition in force.
    :param reason: the reason in the signatory's own words.
    :param effective_from: the day on which it takes effect: today, or within a year.
    :raises Decided: the licence's state, or an order that waits for its day, does not allow it.
    :raises Mistake: the account is not a signatory of the provider, or the order is incomplete.
    """
    _check_account(office, licence, account)
    edition, today = office.service(licence.service), office.today()
    chosen = edition.common.find_order_ground(kind, ground)
    if chosen is None:
        raise Mistake(_("Choose a ground."))
    if not reason.strip():
        raise Mistake(_("Give the reason in your own words."))
    if not today <= effective_from <= today + MAX_DELAY:
        raise Mistake(_("The order takes effect today or within a year."))
    with exclusive_transaction(site):
        _check_possible(office, licence, kind)
        number = _number(site, licence, today.year)
        document = _order(
            office,
            site,
            edition,
            licence,
            account,
            kind,
            chosen,
            reason.strip(),
            number,
            today,
            effective_from,
        )
        signing = offer(office, site, purpose="order", document=document, owner=account, licence=licence)
        licence.pending = PendingOrder(number=number, token=signing.token)
    return signing


def check_order(
    office: Office,
    site: Site,
    signing: Signing,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate] = (),
) -> None:
    """Check the certificate that a signatory chose to sign an order.

    :raises Decided: the order is no longer possible.
    :raises Mistake: the certificate may not sign it.
    """
    licence, signatory = _offered(office, site, signing)
    reason = find_trust_problem(office, certificate, chain)
    if reason := reason or find_signatory_mismatch(holder(certificate), licence.provider, signatory):
        raise Mistake(reason)


def issue_order(office: Office, site: Site, signing: Signing, signed: bytes) -> Licence:
    """Accept the signed order: store it with the licence and enter it in the register. Once per signing.

    :param signed: the signed order, byte for byte.
    :raises Decided: another order was made or offered since, or the day of the offer is over.
    :raises Mistake: the signature does not pass or covers something else, or the certificate may not sign.
    """
    licence, signatory = _offered(office, site, signing)
    report, signer = accept_signed(office, signed, signing.document)
    if reason := find_signatory_mismatch(signer, licence.provider, signatory):
        raise Mistake(reason)
    # An order is signed on the day it was offered, so that the same edition is in force.
    edition = office.service(licence.service)
    order = edition.document_types["order"].read(signing.document)
    with exclusive_transaction(site):
        if signing.token in site.idempotency:  # the same signature was sent twice at the same time
            return licence
        _offered(office, site, signing)
        _check_possible(office, licence, order["kind"])
        number, now = order["number"], office.clock()
        record = acceptance_record(report)
        stored = store_document(office, site, licence, number, signed, record, name=f"order-{number}.xml")
        stored.edition = edition.edition
        site.editions.use(edition)
        effective = date.fromisoformat(order["effectiveFrom"])
        licence.record(
            LicenceEvent(
                change=ORDERS[order["kind"]],
                on=effective,
                ground=order["ground"]["code"],
                document=number,
                entered=office.calendar.today(now),
            )
        )
        licence.pending = None
        licence.journal.append(
            JournalEntry(
                step=order["kind"],
                unit="provider",
                actor=signatory.login,
                started=signing.created,
                ended=now,
                event="done",
                note=number,
            )
        )
        site.licences.reindex(licence)
        notify_of_order(office, site, licence, order["kind"], number, effective)
        site.idempotency[signing.token] = licence.number
    return licence


def _offered(office: Office, site: Site, signing: Signing) -> tuple[Licence, Account]:
    """Return the licence and the signatory of an offered order.

    :raises Decided: the offer is out of date.
    """
    assert signing.licence is not None, "an order is of a licence"
    licence, account = site.licences[signing.licence], offered_to(site, signing)
    _check_account(office, licence, account)
    if licence.pending is None or licence.pending.token != signing.token:
        raise Decided(_("Another order on this licence has been prepared or signed since."))
    if office.calendar.today(signing.created) != office.today():
        raise Decided(_("An order is signed on the day of its date. Prepare it again."))
    return licence, account


def _check_account(office: Office, licence: Licence, account: Account) -> None:
    if account.provider != office.edition_of(licence).provider.bin:
        raise Mistake(_("This licence is another provider's."))
    if "signatory" not in account.roles:
        raise Mistake(_("Only an authorised signatory signs this."))


def _check_possible(office: Office, licence: Licence, kind: str) -> None:
    if kind not in possible_orders(licence, office.today()):
        raise Decided(_("The licence's state does not allow this order."))


def _number(site: Site, licence: Licence, year: int) -> str:
    """Return the number of an order that was offered and not signed, so that no number is lost; otherwise a
    new one.
    """
    if licence.pending is not None and licence.pending.number.startswith(f"{year}-"):
        return licence.pending.number
    return request_number(year, next_number(site, f"orders/{year}"))


def _order(
    office: Office,
    site: Site,
    edition: ServiceEdition,
    licence: Licence,
    account: Account,
    kind: str,
    ground: Ground,
    reason: str,
    number: str,
    today: date,
    effective_from: date,
) -> bytes:
    case = site.cases[licence.case]
    provider = edition.provider
    request = office.edition_of(case).request.read(read_document(case, "request"))
    values = {
        "service": licence.service,
        "kind": kind,
        "number": number,
        "date": today,
        "licence": {"number": licence.number, "sha256": case.documents[licence.document].sha256},
        "holder": request["applicant"],
        "effectiveFrom": effective_from,
        "ground": {"code": ground.code, "wording": ground.title.bilingual},
        "reason": reason,
        "provider": provider.named,
        "signatory": {"name": account.name, "position": provider.position.bilingual},
    }
    return draft_document(edition, "order", values)
