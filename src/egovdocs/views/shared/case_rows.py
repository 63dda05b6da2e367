"""The rows of a list of cases."""

from __future__ import annotations

from dataclasses import dataclass

from egovdocs.app.request import Request
from egovdocs.casework.requests.status import Status, status
from egovdocs.content import LIVE, Case, Site
from egovdocs.schemas import Text


@dataclass(frozen=True)
class CaseRow:
    """A case in a list.

    :ivar asked: whether a remark waits for the applicant's answer.
    :ivar answered: whether the last remark was answered.
    """

    case: Case
    status: Status
    service: Text
    action: Text
    applicant: str
    assignee: str
    asked: bool
    answered: bool


def case_row(request: Request, case: Case) -> CaseRow:
    service = request.office.edition_of(case)
    last = case.remarks[-1] if case.remarks and case.state in LIVE else None
    return CaseRow(
        case=case,
        status=status(request.office, case),
        service=service.title,
        action=service.actions[case.action].title,
        applicant=applicant_of(request.site, case),
        assignee=name_of(request.site, case.assignee),
        asked=last is not None and last.answered_at is None,
        answered=last is not None and last.answered_at is not None,
    )


def applicant_of(site: Site, case: Case) -> str:
    """Return the applicant's name from the certificate at registration, or from a state register."""
    return str(case.values.get("applicant", {}).get("name", case.applicant))


def name_of(site: Site, login: str | None) -> str:
    """Return the name of an account; empty when there is none with this login."""
    account = site.accounts.get(login) if login else None
    return account.name if account is not None else ""
