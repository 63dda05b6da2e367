"""The provider's review: an officer claims a case and works through its checklist (C4 of table A1)."""

from __future__ import annotations

from collections.abc import Mapping

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.notices.notify_applicant import notify
from egovdocs.casework.notices.notify_staff import notify_staff
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.replaced_licence import site_of
from egovdocs.casework.transactions import commit_and_begin
from egovdocs.content import Account, Case, CaseState, DeskEntry, Site

_ = TranslationStringFactory("egovdocs")

LONGEST_NOTE = 1000


def claim_case(office: Office, site: Site, case: Case, account: Account) -> None:
    """Take a case to review it. Claimed again by the same officer, nothing happens.

    :raises Decided: another officer has it.
    :raises Mistake: the officer is not the provider's, or the case is not to be reviewed.
    """
    check_provider(office, case, account)
    if case.assignee == account.login:
        return
    if case.assignee is not None:
        raise Decided(_("Another officer has taken this case."))
    if case.state is not CaseState.REGISTERED:
        raise Mistake(_("This case is not waiting for a review."))
    case.assignee = account.login
    case.state = CaseState.IN_REVIEW
    record_desk_action(office, case, account, "claimed")
    site.cases.reindex(case)
    notify(office, site, case, "in-review")


def release_case(office: Office, site: Site, case: Case, account: Account) -> None:
    """Give a claimed case back to the queue; what was checked stays.

    :raises Mistake: it is not under review, or not by this officer.
    """
    check_reviewer(office, case, account)
    record_desk_action(office, case, account, "released")
    case.assignee = None
    case.state = CaseState.REGISTERED
    site.cases.reindex(case)


def hand_over(office: Office, site: Site, case: Case, account: Account, login: str, note: str = "") -> None:
    """Give a case under review to a colleague: by who reviews it, or by a signatory of the provider.

    :param login: of an officer of the same provider, who has it from now on.
    :param note: what the colleague should know.
    :raises Mistake: there is no such officer, or the note is too long.
    :raises Decided: it is decided already, or another officer reviews it.
    """
    check_provider(office, case, account)
    if "signatory" not in account.roles or case.state is not CaseState.IN_REVIEW:
        check_reviewer(office, case, account)
    if all(colleague.login != login for colleague in officers(site, case.provider)):
        raise Mistake(_("Choose one of your colleagues who review requests."))
    if len(note.strip()) > LONGEST_NOTE:
        raise Mistake(_("The text is longer than ${longest} characters.", mapping={"longest": LONGEST_NOTE}))
    if login == case.assignee:
        raise Mistake(_("This officer has the case already."))
    record_desk_action(office, case, account, "handed-over", to=login, note=note.strip())
    case.assignee = login
    site.cases.reindex(case)
    notify_staff(office, site, case, "handed-over", by=account)


def set_checklist(
    office: Office, case: Case, account: Account, met: Mapping[str, bool | None], notes: str = ""
) -> None:
    """Keep which requirements are met, not met, or (None) not looked at yet.

    :param met: by the requirement's code; those left out stay as they are.
    :raises Mistake: there is no such requirement, or the case is not under review by this officer.
    """
    check_reviewer(office, case, account)
    known = {requirement.code for requirement in office.edition_of(case).requirements}
    if set(met) - known:
        raise Mistake(_("There is no such requirement."))
    earlier = case.checklist["met"] if case.checklist else {}
    case.checklist = {"met": {**earlier, **met}, "notes": notes}
    last = case.desk[-1] if case.desk else None
    if account.login != case.assignee and (
        last is None or (last.what, last.by) != ("checked", account.login)
    ):
        record_desk_action(office, case, account, "checked")
    commit_and_begin(case)  # what was checked is worth keeping even when the decision after it is not taken


def record_desk_action(
    office: Office, case: Case, account: Account, what: str, *, to: str = "", note: str = ""
) -> None:
    """Keep what one of the provider's people did with a case, and for whom if they substitute somebody."""
    away = ""
    if case.assignee != account.login and substitutes(office, site_of(case), account, case.assignee):
        away = case.assignee or ""
    entry = DeskEntry(what=what, by=account.login, at=office.clock(), instead_of=away, to=to, note=note)
    case.desk = (*case.desk, entry)


def officers(site: Site, provider: str) -> list[Account]:
    """Who may review a provider's cases."""
    return [account for account in site.accounts.staff(provider) if "officer" in account.roles]


def substitutes(office: Office, site: Site, account: Account, login: str | None) -> bool:
    """Does somebody substitute an officer, who is on leave today?"""
    absent: Account | None = site.accounts.get(login) if login else None
    if absent is None or absent.leave is None or absent.provider != account.provider:
        return False
    return absent.leave.substitute == account.login and absent.leave.covers(office.today())


def may_review(office: Office, case: Case, account: Account) -> bool:
    """Is a case under review by an officer, or by one whom they substitute today?"""
    if case.state is not CaseState.IN_REVIEW:
        return False
    return case.assignee == account.login or substitutes(office, site_of(case), account, case.assignee)


def check_provider(office: Office, case: Case, account: Account) -> None:
    """:raises Mistake: the account is not one of the provider's people."""
    if account.provider != office.edition_of(case).provider.bin:
        raise Mistake(_("This case is another provider's."))


def check_reviewer(office: Office, case: Case, account: Account) -> None:
    """:raises Decided: it is decided already, or another officer reviews it; Mistake: nobody reviews it."""
    if case.state is CaseState.REGISTERED:
        raise Mistake(_("Take the case first."))
    if case.state is CaseState.CLOSED:
        raise Decided(_("The applicant has withdrawn this request."))
    if case.state is not CaseState.IN_REVIEW:
        raise Decided(_("This case has been decided already."))
    if not may_review(office, case, account):
        raise Decided(_("Another officer has taken this case."))
