"""Notify applicants by e-mail about their requests, and licensees about orders on their licences.

A letter names the request or licence, the service, the event, and the address of the page, but nothing that a
third party with access to the mailbox should not see. It is written in the transaction of the event and sent
from the outbox.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.notices.letters import LICENCE, NOTICE, OPEN, REQUEST, SERVICE, Notice, compose, post
from egovdocs.casework.notices.notify_staff import notify_staff, work_handlers
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.collect_outcome import is_uncollected
from egovdocs.casework.signatures.read_document import read_document
from egovdocs.casework.statistics.answer_questionnaire import is_questionnaire_open
from egovdocs.content import LIVE, Account, Case, Handler, Licence, Settle, Site
from egovdocs.integrations.mail.mail_port import AddressRefused, Letter, Mailer, MailUnavailable

_ = TranslationStringFactory("egovdocs")

log = logging.getLogger(__name__)

REMINDER = "reminder"
GIVE_UP_AFTER = timedelta(days=5)  # RFC 5321, 4.5.4.1: a server gives up after four to five days


NOTICES: Mapping[str, Notice] = {
    "registered": Notice(
        _("Request ${number}: registered"),
        _("Your request was registered. The answer is due by ${deadline}."),
    ),
    "in-review": Notice(
        _("Request ${number}: under review"),
        _("An officer of the provider has begun to review your request."),
    ),
    "remark": Notice(
        _("Request ${number}: a remark"),
        _("The provider has a remark on your request. Please read it and answer."),
    ),
    "issued": Notice(
        _("Request ${number}: the document is ready"),
        _("Your request was granted. The document is ready: you can read, print and keep it."),
    ),
    "ready": Notice(
        _("Request ${number}: the document is ready"),
        _("Your request was granted. The document is ready to be collected where you handed the request in."),
    ),
    "refused": Notice(
        _("Request ${number}: refused"),
        _("Your request was refused. The refusal is a signed document that names its grounds and reasons."),
    ),
    "answered": Notice(
        _("Request ${number}: your answer was received"),
        _("Your answer to the remark was registered. The answer to your request is due by ${deadline}."),
    ),
    "replaced": Notice(
        _("Request ${number}: the document is out of force"),
        _("A newer document replaces the one issued on this request, which can still be read."),
    ),
    "closed": Notice(
        _("Request ${number}: closed"),
        _("Your request was withdrawn and closed without an outcome."),
    ),
    "closed-paid": Notice(
        _("Request ${number}: closed"),
        _(
            "Your request was withdrawn and closed without an outcome. The fee you paid is not returned by "
            "itself: ask the provider about it, naming the request."
        ),
    ),
    "overdue": Notice(
        _("Request ${number}: the answer is late"),
        _("The answer to your request was due by ${deadline} and has not been given yet. Ask the provider."),
    ),
    "uncollected": Notice(
        _("Request ${number}: the answer was not collected"),
        _("The answer to your request is ready, and nobody has opened it yet. It is kept for you."),
    ),
}
ORDER_NOTICES: Mapping[str, Notice] = {
    "suspension": Notice(
        _("Licence ${licence}: suspended"),
        _(
            "Your licence is suspended by an order, from ${day} until it is resumed. The order is a signed "
            "document that names its ground and reason."
        ),
    ),
    "resumption": Notice(
        _("Licence ${licence}: resumed"),
        _("Your licence is resumed by an order: it is in force from ${day}."),
    ),
    "termination": Notice(
        _("Licence ${licence}: terminated"),
        _(
            "Your licence is terminated by an order and out of force from ${day}. The order is a signed "
            "document that names its ground and reason."
        ),
    ),
}
OPEN_ORDER = _("Open the order (you will be asked to log in): ${address}")
ASK = _("Two questions about how you were served: ${address}")


def notify(office: Office, site: Site, case: Case, event: str) -> None:
    """Notify the applicant of an event, in their language, unless they switched notices off or gave no
    address.

    Each event of a case is notified once, except remarks and their answers.

    :param event: one of :data:`NOTICES`.
    """
    if event in case.notified:
        return
    if event not in ("remark", "answered"):
        case.notified = (*case.notified, event)
    _put(office, site, case, lambda language: write(office, case, event, language))


def notify_of_order(office: Office, site: Site, licence: Licence, kind: str, number: str, day: date) -> None:
    """Notify a licensee of an order on their licence, unless they switched notices off or gave no address.

    :param kind: one of :data:`ORDER_NOTICES`.
    :param number: the number of the order.
    :param day: the day on which it takes effect.
    """
    case = site.cases[licence.case]
    _put(office, site, case, lambda language: write_of_order(office, licence, kind, number, day, language))


def _put(office: Office, site: Site, case: Case, write: Callable[[str], tuple[str, str]]) -> None:
    """Put a letter to the applicant of a case into the outbox, written in their language."""
    account = _account(site, case)
    if account is not None and not account.notices:
        return
    address = (account and account.email) or _address(office, case)
    if not address:
        return
    language = account.language if account else case.language
    post(office, site, address, write(language), language, account.login if account else "")


def write(office: Office, case: Case, event: str, language: str) -> tuple[str, str]:
    """Return the subject and text of the letter about an event."""
    place = f"{office.site_url}/cases/{case.reference}"
    facts = {
        "number": case.number,
        "deadline": case.deadline,
        "service": office.edition_of(case).title[language],
    }
    ways = [(OPEN, place)]
    if is_questionnaire_open(office, case):
        ways.append((ASK, f"{place}/questionnaire"))
    return compose(office, NOTICES[event], (REQUEST, SERVICE), ways, facts, language)


def write_of_order(
    office: Office, licence: Licence, kind: str, number: str, day: date, language: str
) -> tuple[str, str]:
    """Return the subject and text of a letter about an order on a licence."""
    place = f"{office.site_url}/licences/{licence.number}/orders/{number}"
    facts = {
        "licence": licence.number,
        "day": day,
        "service": office.edition_of(licence).title[language],
    }
    return compose(office, ORDER_NOTICES[kind], (LICENCE, SERVICE), [(OPEN_ORDER, place)], facts, language)


def schedule_reminder(office: Office, site: Site, case: Case, event: str, day: date) -> None:
    """Schedule a check of a case on the morning of a day: whether its answer is late or was not collected."""
    morning = datetime.combine(day, office.calendar.hours[0], office.calendar.zone)
    wait = max(morning - office.clock(), timedelta(0))
    site.outbox.put(REMINDER, after=wait, case=case.reference, event=event)


def schedule_deadline_reminder(office: Office, site: Site, case: Case) -> None:
    """Schedule a check on the morning after the deadline."""
    assert case.deadline is not None, "a registered request has a deadline"
    schedule_reminder(office, site, case, "overdue", case.deadline + timedelta(days=1))


def schedule_collection_reminder(office: Office, site: Site, case: Case) -> None:
    """Schedule a check for the day on which the outcome should have been collected."""
    assert case.closed_at is not None, "a case with an outcome is closed"
    answered = office.calendar.today(case.closed_at)
    schedule_reminder(office, site, case, "uncollected", answered + timedelta(days=office.collect_days + 1))


def handle_reminder(office: Office, site: Site, reference: str, event: str) -> None:
    """Notify of what is still true when a reminder is due; a deadline may have been extended since."""
    case: Case = site.cases[reference]
    if event == "uncollected":
        if is_uncollected(office, case):
            notify(office, site, case, event)
    elif case.state in LIVE and case.deadline is not None:
        if office.today() > case.deadline:
            if event not in case.notified:
                notify_staff(office, site, case, "late")
            notify(office, site, case, event)
        else:
            schedule_deadline_reminder(office, site, case)


def handlers(office: Office, mailer: Mailer) -> dict[str, Handler]:
    """Return the outbox handlers of letters and reminders."""

    def deliver(id: int, data: Mapping[str, Any]) -> Settle | None:
        letter = Letter(
            id=id,
            to=data["to"],
            subject=data["subject"],
            text=data["text"],
            language=data["language"],
            written_at=datetime.fromisoformat(data["at"]),
        )
        try:
            mailer.send(letter)
        except AddressRefused as problem:
            return _not_delivered(id, data, problem)
        except MailUnavailable as problem:
            if time.time_ns() - id < GIVE_UP_AFTER.total_seconds() * 10**9:
                raise
            return _not_delivered(id, data, problem)
        return None

    def look(id: int, data: Mapping[str, Any]) -> Settle:
        return lambda site: handle_reminder(office, site, data["case"], data["event"])

    return {NOTICE: deliver, REMINDER: look, **work_handlers(office)}


def _not_delivered(id: int, data: Mapping[str, Any], problem: Exception) -> Settle:
    """Give up a letter. The account's settings say so, and the event is in the account's history."""
    log.warning("a notice was not delivered (%s): %s", id, problem)

    def settle(site: Site) -> None:
        if data["login"] in site.accounts:
            site.accounts[data["login"]].undelivered = data["to"]

    return settle


def _account(site: Site, case: Case) -> Account | None:
    """Return the applicant's account; somebody else may have entered the request."""
    account: Account | None = site.accounts.get(case.applicant)
    return account


def _address(office: Office, case: Case) -> str | None:
    """Return the e-mail address given in the signed request."""
    service = office.edition_of(case)
    content = service.request.read(read_document(case, "request"))
    given = (field.value_in(content) for field in service.request.walk() if field.kind == "email")
    return next((str(address) for address in given if address), None)
