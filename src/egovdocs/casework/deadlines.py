"""Deadlines in working days of Kazakhstan.

The days come from the ``holidays`` library; days decreed since it was made come from the settings
(``egovdocs.calendar``) and win.
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
    # All years at once: the library's adding of a year on first use is not safe among threads.
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
        """Is it a working day? A decree goes before the library.

        :raises ValueError: a year the calendar knows nothing of.
        """
        if day.year not in YEARS:
            raise ValueError(f"no working-day calendar for {day.year}")
        known = self.decreed.get(day)
        return _kazakhstan().is_working_day(day) if known is None else known

    def add_working_days(self, day: date, days: int) -> date:
        """The working day that is so many after a day, which itself does not count.

        :param days: 0 gives the day itself if it is a working day, or else the next one.
        """
        if days == 0:
            return day if self.is_working_day(day) else self.add_working_days(day, 1)
        while days:
            day += DAY
            days -= self.is_working_day(day)
        return day

    def counted_from(self, moment: datetime) -> date:
        """The working day a request counts from: that of its moment until the hours end, else the next."""
        local = moment.astimezone(self.zone)
        if local.time() < self.hours[1]:
            return self.add_working_days(local.date(), 0)
        return self.add_working_days(local.date(), 1)

    def deadline(self, moment: datetime, days: int) -> date:
        """The last day on which an answer to a request handed in at a moment is in time."""
        return self.add_working_days(self.counted_from(moment), days)

    def today(self, moment: datetime) -> date:
        """The provider's date at a moment."""
        return moment.astimezone(self.zone).date()

    def working_days_left(self, deadline: date, today: date) -> int:
        """Working days from a day to a deadline: 0 when it is due that day, below 0 when it is over."""
        if today > deadline:
            return -self._between(deadline, today)
        return self._between(today, deadline)

    def _between(self, first: date, last: date) -> int:
        """Working days after the first day, up to and with the last."""
        return sum(self.is_working_day(first + DAY * n) for n in range(1, (last - first).days + 1))
