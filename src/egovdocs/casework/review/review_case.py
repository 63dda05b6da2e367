"""Review of a case: an officer claims it and works through its checklist (C4 of table A1)."""

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

MAX_NOTE = 1000


def claim_case(office: Office, site: Site, case: Case, account: Account) -> None:
    """Claim a case for review. Does nothing if the same officer claims it again.

    :raises Decided: another officer has claimed it.
    :raises Mistake: the officer is not the provider's, or the case does not wait for a review.
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
    """Return a claimed case to the queue; the checklist stays.

    :raises Mistake: it is not under review by this officer.
    """
    check_reviewer(office, case, account)
    record_desk_action(office, case, account, "released")
    case.assignee = None
    case.state = CaseState.REGISTERED
    site.cases.reindex(case)


def hand_over(office: Office, site: Site, case: Case, account: Account, login: str, note: str = "") -> None:
    """Hand a case under review over to a colleague.

    :param account: the reviewing officer, or a signatory of the provider.
    :param login: the login of the colleague, an officer of the same provider.
    :param note: a note to the colleague.
    :raises Mistake: there is no such officer, or the note is too long.
    :raises Decided: it is decided already, or another officer reviews it.
    """
    check_provider(office, case, account)
    if "signatory" not in account.roles or case.state is not CaseState.IN_REVIEW:
        check_reviewer(office, case, account)
    if all(colleague.login != login for colleague in officers(site, case.provider)):
        raise Mistake(_("Choose one of your colleagues who review requests."))
    if len(note.strip()) > MAX_NOTE:
        raise Mistake(_("The text is longer than ${longest} characters.", mapping={"longest": MAX_NOTE}))
    if login == case.assignee:
        raise Mistake(_("This officer has the case already."))
    record_desk_action(office, case, account, "handed-over", to=login, note=note.strip())
    case.assignee = login
    site.cases.reindex(case)
    notify_staff(office, site, case, "handed-over", by=account)


def set_checklist(
    office: Office, case: Case, account: Account, met: Mapping[str, bool | None], notes: str = ""
) -> None:
    """Save which requirements are met, not met, or not checked yet (None).

    :param met: by the requirement's code; those left out stay as they are.
    :param notes: the officer's notes.
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
    commit_and_begin(case)  # the checklist is kept even if the decision that follows is rejected


def record_desk_action(
    office: Office, case: Case, account: Account, what: str, *, to: str = "", note: str = ""
) -> None:
    """Record what an employee did with a case, and for whom if they substitute somebody.

    :param what: the action, see :class:`egovdocs.content.DeskEntry`.
    """
    away = ""
    if case.assignee != account.login and substitutes(office, site_of(case), account, case.assignee):
        away = case.assignee or ""
    entry = DeskEntry(what=what, by=account.login, at=office.clock(), instead_of=away, to=to, note=note)
    case.desk = (*case.desk, entry)


def officers(site: Site, provider: str) -> list[Account]:
    """Return the officers of a provider, who may review its cases."""
    return [account for account in site.accounts.staff(provider) if "officer" in account.roles]


def substitutes(office: Office, site: Site, account: Account, login: str | None) -> bool:
    """Return whether an account substitutes an officer who is on leave today.

    :param login: the officer's.
    """
    absent: Account | None = site.accounts.get(login) if login else None
    if absent is None or absent.leave is None or absent.provider != account.provider:
        return False
    return absent.leave.substitute == account.login and absent.leave.covers(office.today())


def may_review(office: Office, case: Case, account: Account) -> bool:
    """Return whether a case is under review by an officer, or by one whom they substitute today."""
    if case.state is not CaseState.IN_REVIEW:
        return False
    return case.assignee == account.login or substitutes(office, site_of(case), account, case.assignee)


def check_provider(office: Office, case: Case, account: Account) -> None:
    """Check that an account is an employee of the case's provider.

    :raises Mistake: it is not.
    """
    if account.provider != office.edition_of(case).provider.bin:
        raise Mistake(_("This case is another provider's."))


def check_reviewer(office: Office, case: Case, account: Account) -> None:
    """Check that an account reviews a case.

    :raises Decided: it is decided already, or another officer reviews it.
    :raises Mistake: nobody reviews it yet.
    """
    if case.state is CaseState.REGISTERED:
        raise Mistake(_("Take the case first."))
    if case.state is CaseState.CLOSED:
        raise Decided(_("The applicant has withdrawn this request."))
    if case.state is not CaseState.IN_REVIEW:
        raise Decided(_("This case has been decided already."))
    if not may_review(office, case, account):
        raise Decided(_("Another officer has taken this case."))
