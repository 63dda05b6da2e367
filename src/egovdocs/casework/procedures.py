"""The procedure engine: a case goes through the table of its service, and the journal records the steps.

The tables are in each service's ``service.toml``. Use cases never name a step's number but what the step does
(``does`` in the table): "payment" is P4 of table A1; B1, whose service is free, has no such step.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from egovdocs.content import JournalEntry
from egovdocs.schemas import Action, Limit, Procedure, Step

if TYPE_CHECKING:
    from egovdocs.casework.office import Office
    from egovdocs.content import Case

LASTING = frozenset({"register", "refuse", "grant"})
LEFT = "left"  # the event of a process that was begun but not completed


class OutOfOrder(RuntimeError):  # noqa: N818 - reads as what it is
    """The table does not allow this step now: an error of the program, not of the person."""


class ProcedureRun:
    """A passage through one table, recorded in one journal.

    :param procedure: the table.
    :param journal: its entries, oldest first; the last one may be open (not ended).
    :param action: the requested action; limits in working days depend on it.
    """

    def __init__(
        self, procedure: Procedure, journal: MutableSequence[JournalEntry], action: Action | None = None
    ) -> None:
        self.procedure = procedure
        self.journal = journal
        self.action = action

    @property
    def step(self) -> Step | None:
        """The current step: begun and not ended. None if there is none."""
        if self.journal and self.journal[-1].ended is None:
            return self.procedure.steps[self.journal[-1].step]
        return None

    def is_at(self, does: str) -> bool:
        """Return whether the current step is the one that does this."""
        return self.step is not None and self.step == self.procedure.step_for(does)

    def enter(self, does: str, at: datetime, actor: str = "") -> None:
        """Begin the step that does this; the process before it is ended.

        Does nothing if it is the current step already, or if the table has no such step.

        :param does: what the step does, a word of the table.
        :param actor: the login of the person who carries it out; "" for the site itself.
        :raises OutOfOrder: the table does not lead to it from the current step.
        """
        step = self.procedure.step_for(does)
        if step is None or step == self.step:
            return
        self._leave_for(step, at)
        self.journal.append(
            JournalEntry(
                step=step.number, unit=step.unit, actor=actor, started=at, limit=self._limit(step.limit)
            )
        )

    def leave(self, at: datetime, event: str = "done", actor: str = "", note: str = "") -> None:
        """End the current step.

        :param event: what ended it, an event of the step in the table, or ``LEFT``.
        :param actor: the person who carried it out, if not the one who began it.
        :param note: stored in the journal entry.
        :raises OutOfOrder: there is no current step, or it has no such event.
        """
        step = self.step
        if step is None or (event not in step.next and event != LEFT):
            raise OutOfOrder(f"{event!r} does not end a step here")
        last = self.journal[-1]
        self.journal[-1] = replace(last, ended=at, event=event, actor=actor or last.actor, note=note)

    def answer_condition(self, does: str, yes: bool, at: datetime, actor: str = "") -> None:
        """Enter a condition and answer it. Does nothing if the table has no such condition.

        :raises OutOfOrder: as :meth:`enter`.
        """
        if self.procedure.step_for(does):
            self.enter(does, at)
            self.leave(at, "yes" if yes else "no", actor)

    def carry_out(self, does: str, at: datetime, actor: str = "", note: str = "") -> str:
        """Begin a process and end it at once.

        :returns: the step's number; "" if the table has no such step.
        :raises OutOfOrder: as :meth:`enter`.
        """
        self.enter(does, at, actor)
        step = self.procedure.step_for(does)
        if step is None:
            return ""
        self.leave(at, note=note)
        return step.number

    def _limit(self, limit: Limit | None) -> timedelta | int | None:
        if limit is None:
            return None
        if limit.most is not None:
            return limit.most
        return limit.days(self.action) if self.action else None

    def _leave_for(self, step: Step, at: datetime) -> None:
        here = self.step
        if here is not None:
            self.leave(at, "done" if here.next.get("done") == step.number else LEFT)
        if not self._follows(step):
            raise OutOfOrder(f"{self.procedure.table}: {step.number} does not come next")

    def _follows(self, step: Step) -> bool:
        if not self.journal:
            return True
        last = self.journal[-1]
        return (
            self.procedure.steps[last.step].next.get(last.event or "") == step.number
            or step.number in self._behind()
        )

    def _behind(self) -> set[str]:
        """Return the numbers of the steps that may be begun again: after a refusal, or when the person goes
        back.

        The first step is always one of them: the journal of an account forgets old entries. Registration and
        outcome are final, so no step before them can be begun again.
        """
        behind = {self.procedure.first.number}
        for entry in self.journal:
            behind.add(entry.step)
            if entry.event == "done" and not LASTING.isdisjoint(self.procedure.steps[entry.step].does):
                behind.clear()
        return behind


def procedure_run(office: Office, case: Case) -> ProcedureRun:
    """Return a case's passage through its table."""
    service = office.edition_of(case)
    return ProcedureRun(service.channels[case.channel], case.journal, service.actions[case.action])
