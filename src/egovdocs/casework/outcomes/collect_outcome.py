"""An answer reaches the applicant: the first time it is opened or handed over is kept."""

from __future__ import annotations

from egovdocs.casework.office import Office
from egovdocs.content import ANSWERED, Case


def collect_outcome(office: Office, case: Case) -> None:
    """Note that the applicant has the answer. Nothing happens the second time, or while there is none."""
    if case.state in ANSWERED and case.collected_at is None:
        case.collected_at = office.clock()


def is_uncollected(office: Office, case: Case) -> bool:
    """Was the answer not collected in time? It is kept all the same."""
    if case.state not in ANSWERED or case.closed_at is None or case.collected_at is not None:
        return False
    answered = office.calendar.today(case.closed_at)
    return (office.today() - answered).days > office.collect_days
