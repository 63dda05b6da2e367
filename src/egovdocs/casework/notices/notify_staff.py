"""Telling the provider's people by e-mail what waits for them: their queue, and news of the cases they have.

Nobody is written to who has given no address. What many cases have in common is told in one letter after a
while, with their number as it is then: a busy day is no flood of letters.
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
MOST_COUNTED = 1000

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
        _("This request was to be answered by ${deadline}, and the answer is not there yet."),
    ),
}
OPEN_QUEUE = _("Open the requests (you will be asked to log in): ${address}")
ROLES = {"review": "officer", "sign": "signatory"}
STATES = {"review": CaseState.REGISTERED, "sign": CaseState.AWAITING_SIGNATURE}


def notify_of_work(office: Office, site: Site, case: Case, work: str) -> None:
    """Let those whose work a case now is be told after a while that something waits for them.

    Call it inside ``exclusive_transaction``.

    :param work: one of :data:`WORK`.
    """
    for account in _reachable(site.accounts.staff(case.provider)):
        if ROLES[work] in account.roles:
            site.outbox.put_once(
                WAITING_WORK, f"{work}/{account.login}", after=PAUSE, login=account.login, work=work
            )


def notify_staff(office: Office, site: Site, case: Case, event: str, by: Account | None = None) -> None:
    """Tell who has a case, and whoever substitutes them today, of an event; of one that nobody has, those who
    sign.

    :param event: one of :data:`NEWS`.
    :param by: who brought it about, and need not be told.
    """
    staff = list(site.accounts.staff(case.provider))
    if case.assignee is None:
        told = [each for each in staff if "signatory" in each.roles]
    else:
        told = [each for each in staff if each.login in _who_has(office, site, case.assignee)]
    facts = {"number": case.number, "deadline": case.deadline}
    place = f"{office.site_url}/provider/cases/{case.reference}"
    for account in _reachable(told):
        if by is not None and account.login == by.login:
            continue
        more = {"service": office.edition_of(case).title[account.language]}
        letter = compose(
            office, NEWS[event], (REQUEST, SERVICE), [(OPEN, place)], facts | more, account.language
        )
        post(office, site, account.email or "", letter, account.language, account.login)


def work_handlers(office: Office) -> dict[str, Handler]:
    """What the outbox does when somebody is to be told of waiting work."""
    return {WAITING_WORK: lambda id, data: lambda site: _write_of_work(office, site, data)}


def _write_of_work(office: Office, site: Site, data: Mapping[str, Any]) -> None:
    account: Account | None = site.accounts.get(data["login"])
    if account is None or not list(_reachable([account])):
        return
    waiting = list(islice(_waiting(office, site, account, data["work"]), MOST_COUNTED))
    if not waiting:
        return
    facts = {"count": len(waiting), "deadline": waiting[0].deadline}
    place = f"{office.site_url}/provider"
    letter = compose(office, WORK[data["work"]], (), [(OPEN_QUEUE, place)], facts, account.language)
    post(office, site, account.email or "", letter, account.language, account.login)


def _waiting(office: Office, site: Site, account: Account, work: str) -> Iterator[Case]:
    """What waits for somebody, the nearest deadline first; nothing that another person must sign."""
    for case in site.cases.queue(str(account.provider), STATES[work]):
        own = case.decision is not None and case.decision.by == account.login
        if not (work == "sign" and own and office.two_person_rule):
            yield case


def _who_has(office: Office, site: Site, login: str) -> set[str]:
    away = site.accounts[login].leave if login in site.accounts else None
    return {login} | ({away.substitute} if away and away.covers(office.today()) else set())


def _reachable(accounts: Iterable[Account]) -> Iterator[Account]:
    return (account for account in accounts if account.email and account.notices)
