"""What an ended case adds to the indicators: its outcome, and the time limits that were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.procedures import LEFT
from egovdocs.content import ANSWERED, ENDED, Case, CaseState, Cell, JournalEntry, Site

NAMES = {CaseState.ISSUED: "granted", CaseState.REFUSED: "refused", CaseState.CLOSED: "closed"}
IN_TIME, LATE = "in-time", "late"


def is_late(case: Case, entry: JournalEntry, calendar: WorkingCalendar, until: datetime) -> bool:
    """Return whether a step exceeds its limit if it ends at a moment.

    Limits in working days count from the registration, not from the beginning of the step.
    """
    if isinstance(entry.limit, timedelta):
        return until - entry.started > entry.limit
    return entry.limit is not None and case.deadline is not None and calendar.today(until) > case.deadline


def tally(calendar: WorkingCalendar, case: Case) -> tuple[Cell, Mapping[str, int]]:
    """Return the cell in which an ended case is counted, and the numbers it adds."""
    assert case.closed_at is not None, "an ended case is closed"
    day = calendar.today(case.closed_at)
    numbers = Counter({NAMES[case.state]: 1})
    if case.state in ANSWERED and case.deadline is not None:
        numbers[IN_TIME if day <= case.deadline else LATE] += 1
    for entry in case.journal:
        if entry.limit is not None and entry.ended is not None and entry.event != LEFT:
            late = is_late(case, entry, calendar, entry.ended)
            numbers[f"{entry.step}/{LATE if late else IN_TIME}"] += 1
    return Cell(case.service, case.channel, f"{day:%Y-%m}", case.edition), numbers


def count_case(calendar: WorkingCalendar, site: Site, case: Case) -> None:
    """Count a case that has ended. One that was never registered is not counted."""
    if case.number is not None:
        site.statistics.work.add(*tally(calendar, case))


def recount_cases(calendar: WorkingCalendar, site: Site) -> None:
    """Count every case again. Call ``exclusive`` before."""
    site.statistics.work.replace(_all(calendar, site))


def count_differences(calendar: WorkingCalendar, site: Site) -> list[str]:
    """Compare the counts with the cases.

    :returns: one line for each difference; empty if there is none.
    """
    return [f"statistics: {line}" for line in site.statistics.work.differences(_all(calendar, site))]


def _all(calendar: WorkingCalendar, site: Site) -> Iterator[tuple[Cell, Mapping[str, int]]]:
    return (
        tally(calendar, case)
        for case in site.cases.values()
        if case.state in ENDED and case.number is not None
    )
