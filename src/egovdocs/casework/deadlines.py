"""Deadlines in working days of Kazakhstan.

Public holidays come from the ``holidays`` library. Days moved by a later decree come from the settings
(``egovdocs.calendar``) and take precedence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

YEARS = range(2000, 2101)
DAY = timedelta(days=1)


@cache
def _kazakhstan() -> holidays.HolidayBase:
    # All years at once: the library adds a year on first use, which is not thread-safe.
    return holidays.country_holidays("KZ", years=YEARS, expand=False)


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """Working days and hours.

    :param zone: where the provider works.
    :param hours: the start and end of a working day.
    :param decreed: days moved by decree: true for a working day, false for a day off.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Aqtau"))
    hours: tuple[time, time] = (time(9), time(18, 30))
    decreed: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Return whether a day is a working day; a decree takes precedence over the library.

        :raises ValueError: the calendar does not cover the year.
        """
        if day.year not in YEARS:
            raise ValueError(f"no working-day calendar for {day.year}")
        known = self.decreed.get(day)
        return _kazakhstan().is_working_day(day) if known is None else known

    def add_working_days(self, day: date, days: int) -> date:
        """Return the working day that is ``days`` working days after a day, which itself does not count.

        :param days: 0 returns the day itself if it is a working day, otherwise the next working day.
        """
        if days == 0:
            return day if self.is_working_day(day) else self.add_working_days(day, 1)
        while days:
            day += DAY
            days -= self.is_working_day(day)
        return day

    def counted_from(self, moment: datetime) -> date:
        """Return the working day from which a time limit counts for a request of this moment.

        It is the day of the moment until the working hours end, otherwise the next working day.
        """
        local = moment.astimezone(self.zone)
        if local.time() < self.hours[1]:
            return self.add_working_days(local.date(), 0)
        return self.add_working_days(local.date(), 1)

    def deadline(self, moment: datetime, days: int) -> date:
        """Return the last day on which the answer to a request registered at a moment is in time.

        :param days: the time limit in working days.
        """
        return self.add_working_days(self.counted_from(moment), days)

    def today(self, moment: datetime) -> date:
        """Return the provider's date at a moment."""
        return moment.astimezone(self.zone).date()

    def working_days_left(self, deadline: date, today: date) -> int:
        """Return the working days from ``today`` to a deadline: 0 on the day itself, negative when it has
        passed.
        """
        if today > deadline:
            return -self._between(deadline, today)
        return self._between(today, deadline)

    def _between(self, first: date, last: date) -> int:
        """Count the working days after the first day, up to and including the last."""
        return sum(self.is_working_day(first + DAY * n) for n in range(1, (last - first).days + 1))
