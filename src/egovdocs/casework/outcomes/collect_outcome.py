"""Record when the outcome reached the applicant: when it was first opened or handed over."""

from __future__ import annotations

from egovdocs.casework.office import Office
from egovdocs.content import ANSWERED, Case


def collect_outcome(office: Office, case: Case) -> None:
    """Record that the applicant has the outcome. Does nothing the second time or without an outcome."""
    if case.state in ANSWERED and case.collected_at is None:
        case.collected_at = office.clock()


def is_uncollected(office: Office, case: Case) -> bool:
    """Return whether the outcome was not collected within ``office.collect_days``. It is kept anyway."""
    if case.state not in ANSWERED or case.closed_at is None or case.collected_at is not None:
        return False
    answered = office.calendar.today(case.closed_at)
    return (office.today() - answered).days > office.collect_days
