"""An entry of a case's journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One step of a regulation's table that was carried out or begun.

    :param step: the regulation's number of the step: ``P1``, ``C1``, or ``registration``.
    :param unit: the unit that carries it out, by the table.
    :param actor: the login of who did it; ``""`` for the system itself.
    :param ended: None while the step lasts.
    :param event: what ended it: ``done``, ``yes`` or ``no``.
    :param limit: the table's time limit; an ``int`` counts working days.
    :param note: the reason of a refusal and the like, in words.
    """

    step: str
    unit: str
    actor: str
    started: datetime
    ended: datetime | None = None
    event: str | None = None
    limit: timedelta | int | None = None
    note: str = ""
