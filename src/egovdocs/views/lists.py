"""What lists of cases share: their rows and their pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyramid.request import Request

from egovdocs.casework import Status, status
from egovdocs.content import LIVE, Case, Site
from egovdocs.schemas import Text


@dataclass(frozen=True)
class Row:
    """A case in a list."""

    case: Case
    status: Status
    service: Text
    action: Text
    applicant: str
    assignee: str
    asked: bool
    answered: bool


def row(request: Request, case: Case) -> Row:
    service = request.office.services[case.service]
    last = case.remarks[-1] if case.remarks and case.state in LIVE else None
    return Row(
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
    """The applicant's name, as their certificate gave it when they registered, or a state's register."""
    return str(case.values.get("applicant", {}).get("name", case.applicant))


def name_of(site: Site, login: str | None) -> str:
    account = site["accounts"].get(login) if login else None
    return account.name if account is not None else ""


def page_number(request: Request) -> int:
    """Which page of a list is asked for, the first being 1."""
    wish = request.params.get("page", "1")
    return int(wish) if re.fullmatch("[1-9][0-9]{0,5}", wish) else 1
