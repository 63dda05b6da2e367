"""What lists share: the rows of cases, and pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from egovdocs.app.request import Request
from egovdocs.casework.requests.status import Status, status
from egovdocs.content import LIVE, Case, Site
from egovdocs.schemas import Text

T = TypeVar("T")


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
    service = request.office.edition_of(case)
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
    account = site.accounts.get(login) if login else None
    return account.name if account is not None else ""


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list, the first being number 1."""

    shown: list[T]
    number: int
    more: bool


def page_of(request: Request, found: Iterable[T], size: int) -> Page[T]:
    """The page of a list that is asked for (``?page=``)."""
    wish = request.params.get("page", "1")
    number = int(wish) if re.fullmatch("[1-9][0-9]{0,5}", wish) else 1
    shown = list(islice(found, (number - 1) * size, number * size + 1))
    return Page(shown[:size], number, len(shown) > size)
