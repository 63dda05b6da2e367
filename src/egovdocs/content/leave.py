"""The leave of an officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The days an officer is absent, and who works on their cases meanwhile.

    :param first: the first day of absence.
    :param last: the last day of absence.
    :param substitute: the login of the other officer.
    """

    first: date
    last: date
    substitute: str

    def covers(self, day: date) -> bool:
        """Whether the officer is absent on a day."""
        return self.overlaps(day, day)

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the officer is absent on any day from ``first`` to ``last``, both included."""
        return self.first <= last and first <= self.last
