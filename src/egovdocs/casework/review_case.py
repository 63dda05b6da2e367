"""The provider's review: an officer claims a case and works through its checklist (C4 of table A1)."""

from __future__ import annotations

from collections.abc import Mapping

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.notify import notify
from egovdocs.casework.office import Office, keep
from egovdocs.content import Account, Case, CaseState, Site

_ = TranslationStringFactory("egovdocs")


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
    site["cases"].reindex(case)
    notify(office, site, case, "in-review")


def release_case(office: Office, site: Site, case: Case, account: Account) -> None:
    """Give a claimed case back to the queue; what was checked stays.

    :raises Mistake: it is not under review, or not by this officer.
    """
    check_reviewer(case, account)
    case.assignee = None
    case.state = CaseState.REGISTERED
    site["cases"].reindex(case)


def set_checklist(
    office: Office, case: Case, account: Account, met: Mapping[str, bool | None], notes: str = ""
) -> None:
    """Keep which requirements are met, not met, or (None) not looked at yet.

    :param met: by the requirement's code; those left out stay as they are.
    :raises Mistake: there is no such requirement, or the case is not under review by this officer.
    """
    check_reviewer(case, account)
    known = {requirement.code for requirement in office.service(case.service).requirements}
    if set(met) - known:
        raise Mistake(_("There is no such requirement."))
    earlier = case.checklist["met"] if case.checklist else {}
    case.checklist = {"met": {**earlier, **met}, "notes": notes}
    keep(case)  # what was checked is worth keeping even when the decision after it is not taken


def check_provider(office: Office, case: Case, account: Account) -> None:
    """:raises Mistake: the account is not one of the provider's people."""
    if account.provider != office.service(case.service).provider.bin:
        raise Mistake(_("This case is another provider's."))


def check_reviewer(case: Case, account: Account) -> None:
    """:raises Decided: it is decided already, or another officer reviews it; Mistake: nobody reviews it."""
    if case.state is CaseState.REGISTERED:
        raise Mistake(_("Take the case first."))
    if case.state is not CaseState.IN_REVIEW:
        raise Decided(_("This case has been decided already."))
    if case.assignee != account.login:
        raise Decided(_("Another officer has taken this case."))
