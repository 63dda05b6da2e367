"""A case's progress through its procedure's table, read from its journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.statistics.count_case import is_late
from egovdocs.content import Case, JournalEntry
from egovdocs.i18n import _, say_date, translate
from egovdocs.rendering.formats import format_duration
from egovdocs.schemas import Action, Procedure, Step


@dataclass(frozen=True, slots=True)
class Passage:
    """One step of the table that a case has passed or is at.

    :ivar now: the case is at this step.
    :ivar taken: how long the step took or, if the case is at it, has lasted so far.
    :ivar late: it took longer than its limit.
    :ivar days: for a limit in working days: those that passed since the request was registered.
    :ivar due: the day the answer is due, if the case is at a step with a limit in working days.
    """

    now: bool
    taken: timedelta
    late: bool = False
    days: int | None = None
    due: date | None = None

    def words(self, language: str) -> str:
        """Return in words how long it took, and whether that was over the limit."""
        days, time = {"days": self.days}, {"time": format_duration(self.taken, language)}
        if self.due is not None:
            day = {"day": say_date(self.due, language)}
            if self.late:
                message = _("here now; the answer was due by ${day}", mapping=day)
            else:
                message = _("here now; the answer is due by ${day}", mapping=day)
        elif self.days is not None:
            if self.late:
                message = _("took working days: ${days}, over the limit", mapping=days)
            else:
                message = _("took working days: ${days}", mapping=days)
        elif self.now:
            if self.late:
                message = _("here now: ${time}, over the limit", mapping=time)
            else:
                message = _("here now: ${time}", mapping=time)
        elif self.late:
            message = _("took ${time}, over the limit", mapping=time)
        else:
            message = _("took ${time}", mapping=time)
        return translate(message, language)


@dataclass(frozen=True, slots=True)
class Progress:
    """The steps and transitions of a case.

    :ivar action: the requested action; limits in working days depend on it.
    :ivar passages: by step number, the last passage through the step.
    :ivar transitions: the arrows that were followed: a step's number and the event.
    :ivar begun: the journal begins at the table's first step.
    """

    action: Action
    passages: Mapping[str, Passage] = field(default_factory=dict)
    transitions: frozenset[tuple[str, str]] = frozenset()
    begun: bool = False

    @property
    def now(self) -> str | None:
        """The number of the current step; None before the first and after the last."""
        return next((number for number, passage in self.passages.items() if passage.now), None)


def progress_of(
    case: Case, procedure: Procedure, action: Action, *, calendar: WorkingCalendar, now: datetime
) -> Progress:
    """Read a case's journal against its table. Entries for steps not in the table are left out."""
    entries = [entry for entry in case.journal if entry.step in procedure.steps]
    transitions = {
        (one.step, one.event or "")
        for one, after in pairwise(entries)
        if procedure.steps[one.step].next.get(one.event or "") == after.step
    }
    if entries and (event := entries[-1].event) and event in procedure.steps[entries[-1].step].next:
        transitions.add((entries[-1].step, event))
    return Progress(
        action,
        {entry.step: _passage(case, entry, calendar, now) for entry in entries},
        frozenset(transitions),
        bool(entries) and entries[0].step == procedure.first.number,
    )


def limit_words(step: Step, language: str, progress: Progress | None = None) -> str:
    """Return a step's limit in words; with a case's progress, that of the requested action."""
    if step.limit is None:
        return ""
    if progress and step.limit.by_action:
        days = {"days": step.limit.days(progress.action)}
        return translate(_("working days: ${days}", mapping=days), language)
    return step.limit.text[language]


def _passage(case: Case, entry: JournalEntry, calendar: WorkingCalendar, now: datetime) -> Passage:
    here, until = entry.ended is None, entry.ended or now
    taken = until - entry.started
    late = is_late(case, entry, calendar, until)
    if not isinstance(entry.limit, int) or case.registered_at is None or case.deadline is None:
        return Passage(here, taken, late)
    # The table's working days run from the registration, not from the step that ends them.
    day, counted_from = calendar.today(until), calendar.counted_from(case.registered_at)
    days = max(calendar.working_days_left(day, counted_from), 0)
    return Passage(here, taken, late, days, case.deadline if here else None)
