"""A remark of an officer on a case under review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What the applicant has to correct or explain; its document is ``remark-{number}``.

    :param by: the login of the officer who made it.
    :param answer_by: the last day for the answer; None for no limit.
    :param stopped: the case's deadline before the remark, while the time limit is suspended until the answer;
        else None.
    :param answered_at: when the answer, the document ``answer-{number}``, was received.
    """

    number: int
    by: str
    at: datetime
    answer_by: date | None = None
    stopped: date | None = None
    answered_at: datetime | None = None
