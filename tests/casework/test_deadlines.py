from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egovdocs.casework.deadlines import WorkingCalendar

CALENDAR = WorkingCalendar()
AQTAU = ZoneInfo("Asia/Aqtau")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2013, 4, 29), 15, date(2013, 5, 23)),
        (date(2013, 3, 18), 10, date(2013, 4, 4)),
        (date(2013, 5, 3), 2, date(2013, 5, 6)),  # Saturday 4 May 2013 was a working day
        (date(2026, 3, 20), 1, date(2026, 3, 26)),  # over Nowruz and the days moved for it
        (date(2026, 3, 22), 0, date(2026, 3, 26)),
        (date(2026, 3, 20), 0, date(2026, 3, 20)),
    ],
)
def test_working_days_after(start: date, days: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, days) == end


@pytest.mark.parametrize(
    ("handed_in", "counts_from"),
    [
        (datetime(2026, 6, 1, 7, 0), date(2026, 6, 1)),  # a Monday, before hours
        (datetime(2026, 6, 1, 18, 29), date(2026, 6, 1)),
        (datetime(2026, 6, 1, 18, 30), date(2026, 6, 2)),
        (datetime(2026, 6, 5, 23, 59), date(2026, 6, 8)),  # Friday night
        (datetime(2026, 6, 6, 12, 0), date(2026, 6, 8)),  # Saturday
    ],
)
def test_out_of_hours_counts_from_the_next_working_day(handed_in: datetime, counts_from: date) -> None:
    moment = handed_in.replace(tzinfo=AQTAU).astimezone(UTC)
    assert CALENDAR.counted_from(moment) == counts_from
    assert CALENDAR.deadline(moment, 2) == CALENDAR.add_working_days(counts_from, 2)


def test_the_zone_decides_the_day() -> None:
    late_evening_in_utc = datetime(2026, 6, 1, 20, 0, tzinfo=UTC)  # already 2 June in Aqtau
    assert CALENDAR.today(late_evening_in_utc) == date(2026, 6, 2)
    assert CALENDAR.counted_from(late_evening_in_utc) == date(2026, 6, 2)


def test_a_decree_goes_before_the_library() -> None:
    moved = WorkingCalendar(decreed={date(2026, 6, 6): True, date(2026, 6, 8): False})
    assert moved.add_working_days(date(2026, 6, 5), 1) == date(2026, 6, 6)
    assert moved.add_working_days(date(2026, 6, 5), 2) == date(2026, 6, 9)


def test_hours_are_the_providers() -> None:
    short = WorkingCalendar(hours=(time(9), time(13)))
    assert short.counted_from(datetime(2026, 6, 1, 13, 0, tzinfo=AQTAU)) == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 6, 1), 4),
        (date(2026, 6, 5), 0),
        (date(2026, 6, 6), 0),  # Saturday: no working day has gone over it yet
        (date(2026, 6, 8), -1),
        (date(2026, 6, 10), -3),
    ],
)
def test_working_days_left(today: date, left: int) -> None:
    assert CALENDAR.working_days_left(date(2026, 6, 5), today) == left


@given(
    st.dates(date(2005, 1, 1), date(2095, 1, 1)),
    st.integers(0, 60),
    st.dictionaries(st.dates(), st.booleans()),
)
def test_counting_forth_and_back_agree(start: date, days: int, decreed: dict[date, bool]) -> None:
    calendar = WorkingCalendar(decreed=decreed)
    end = calendar.add_working_days(start, days)
    assert calendar.is_working_day(end)
    if days:
        assert calendar.working_days_left(end, start) == days
        assert calendar.working_days_left(start, end) == -days


def test_a_year_without_a_calendar_is_an_error() -> None:
    with pytest.raises(ValueError, match="2150"):
        CALENDAR.add_working_days(date(2150, 1, 1), 1)
