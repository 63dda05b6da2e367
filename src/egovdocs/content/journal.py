"""The journal: every step of a procedure, with its times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One step of a regulation's table that was walked.

    :param step: the regulation's number: ``P1``, ``C1``, ``registration``.
    :param unit: who carries it out, by the table.
    :param actor: the login of who did it here; ``""`` for the system itself.
    :param ended: ``None`` while the step lasts.
    :param event: what ended it: ``done``, ``yes`` or ``no``.
    :param limit: the table's time limit; a whole number is of working days.
    :param note: the reason of a refusal and the like, for people.
    """

    step: str
    unit: str
    actor: str
    started: datetime
    ended: datetime | None = None
    event: str | None = None
    limit: timedelta | int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEntry:
    """Something the provider's people did with a case, which is no step of its table.

    :param what: ``claimed``, ``released``, ``handed-over``, ``granted``, ``refused``, ``returned`` …
    :param by: the login of who did it; ``instead_of`` of the officer on leave for whom they did it.
    :param to: the login of who has the case then.
    :param note: for colleagues.
    """

    what: str
    by: str
    at: datetime
    instead_of: str = ""
    to: str = ""
    note: str = ""
