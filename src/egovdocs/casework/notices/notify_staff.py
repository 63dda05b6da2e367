"""Notify a provider's employees by e-mail of waiting work, and of events of the cases they review.

Only employees who gave an address are notified. Waiting work is collected into one letter after a pause, with
the number of cases as it is then, so that a busy day does not cause many letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.notices.letters import OPEN, REQUEST, SERVICE, Notice, compose, post
from egovdocs.casework.office import Office
from egovdocs.content import Account, Case, CaseState, Handler, Site

_ = TranslationStringFactory("egovdocs")

WAITING_WORK = "waiting-work"
PAUSE = timedelta(minutes=15)
MAX_COUNTED = 1000

WORK: Mapping[str, Notice] = {
    "review": Notice(
        _("Requests to review: ${count}"),
        _("Requests that no officer has taken yet: ${count}. The nearest is to be answered by ${deadline}."),
    ),
    "sign": Notice(
        _("Decisions to sign: ${count}"),
        _("Decisions that wait for your signature: ${count}. The nearest is to be answered by ${deadline}."),
    ),
}
NEWS: Mapping[str, Notice] = {
    "handed-over": Notice(
        _("Request ${number}: handed over to you"),
        _("You have been given this request to review. It is to be answered by ${deadline}."),
    ),
    "answered": Notice(
        _("Request ${number}: the remark is answered"),
        _("The applicant has answered the remark. The request is to be answered by ${deadline}."),
    ),
    "returned": Notice(
        _("Request ${number}: back under review"),
        _("The decision was taken back before it was signed. The request is to be answered by ${deadline}."),
    ),
    "withdrawn": Notice(
        _("Request ${number}: withdrawn"),
        _("The applicant has withdrawn this request. Nothing is left to be done with it."),
    ),
    "late": Notice(
        _("Request ${number}: the answer is late"),
        _("This request was to be answered by ${deadline}, and the answer has not been given yet."),
    ),
}
OPEN_QUEUE = _("Open the requests (you will be asked to log in): ${address}")
ROLES = {"review": "officer", "sign": "signatory"}
STATES = {"review": CaseState.REGISTERED, "sign": CaseState.AWAITING_SIGNATURE}


def notify_of_work(office: Office, site: Site, case: Case, work: str) -> None:
    """Queue a notice of waiting work to those employees whose work a case has become.

    Call it inside ``exclusive_transaction``.

    :param work: one of :data:`WORK`.
    """
    for account in _reachable(site.accounts.staff(case.provider)):
        if ROLES[work] in account.roles:
            site.outbox.put_once(
                WAITING_WORK, f"{work}/{account.login}", after=PAUSE, login=account.login, work=work
            )


def notify_staff(office: Office, site: Site, case: Case, event: str, by: Account | None = None) -> None:
    """Notify the officer who reviews a case, and today's substitute, of an event; without one, the
    signatories.

    :param event: one of :data:`NEWS`.
    :param by: the employee who caused the event and is not notified.
    """
    staff = list(site.accounts.staff(case.provider))
    if case.assignee is None:
        recipients = [each for each in staff if "signatory" in each.roles]
    else:
        recipients = [each for each in staff if each.login in _who_has(office, site, case.assignee)]
    facts = {"number": case.number, "deadline": case.deadline}
    place = f"{office.site_url}/provider/cases/{case.reference}"
    for account in _reachable(recipients):
        if by is not None and account.login == by.login:
            continue
        more = {"service": office.edition_of(case).title[account.language]}
        letter = compose(
            office, NEWS[event], (REQUEST, SERVICE), [(OPEN, place)], facts | more, account.language
        )
        post(office, site, account.email or "", letter, account.language, account.login)


def work_handlers(office: Office) -> dict[str, Handler]:
    """Return the outbox handlers of notices of waiting work."""
    return {WAITING_WORK: lambda id, data: lambda site: _write_of_work(office, site, data)}


def _write_of_work(office: Office, site: Site, data: Mapping[str, Any]) -> None:
    account: Account | None = site.accounts.get(data["login"])
    if account is None or not list(_reachable([account])):
        return
    waiting = list(islice(_waiting(office, site, account, data["work"]), MAX_COUNTED))
    if not waiting:
        return
    facts = {"count": len(waiting), "deadline": waiting[0].deadline}
    place = f"{office.site_url}/provider"
    letter = compose(office, WORK[data["work"]], (), [(OPEN_QUEUE, place)], facts, account.language)
    post(office, site, account.email or "", letter, account.language, account.login)


def _waiting(office: Office, site: Site, account: Account, work: str) -> Iterator[Case]:
    """Yield the cases that wait for an employee, the nearest deadline first, without those that another must
    sign.
    """
    for case in site.cases.queue(str(account.provider), STATES[work]):
        own = case.decision is not None and case.decision.by == account.login
        if not (work == "sign" and own and office.two_person_rule):
            yield case


def _who_has(office: Office, site: Site, login: str) -> set[str]:
    away = site.accounts[login].leave if login in site.accounts else None
    return {login} | ({away.substitute} if away and away.covers(office.today()) else set())


def _reachable(accounts: Iterable[Account]) -> Iterator[Account]:
    return (account for account in accounts if account.email and account.notices)
