from __future__ import annotations

from datetime import timedelta

import pytest

from egovdocs.schemas import Action, Text
from egovdocs.schemas.limits import parse_limit

ACTIONS = [
    Action("issue", Text("", "", ""), 15, None),
    Action("duplicate", Text("", "", ""), 2, None),
]


@pytest.mark.parametrize(
    ("text", "least", "most", "russian"),
    [
        ("20 s", None, 20, "20 с"),
        ("10-15 s", 10, 15, "10–15 с"),
        ("1.5 min", None, 90, "1,5 мин"),
        ("30 s - 1 min", 30, 60, "30 с – 1 мин"),
    ],
)
def test_short_limits(text: str, least: int | None, most: int, russian: str) -> None:
    limit = parse_limit(text, ACTIONS)
    assert limit.least == (None if least is None else timedelta(seconds=least))
    assert limit.most == timedelta(seconds=most)
    assert limit.text.ru == russian
    assert limit.days(ACTIONS[0]) is None


@pytest.mark.parametrize(
    ("text", "days", "russian", "kazakh", "english"),
    [
        ("1 working day", 1, "1 рабочий день", "1 жұмыс күні", "1 working day"),
        ("3 working days", 3, "3 рабочих дня", "3 жұмыс күні", "3 working days"),
        ("11 working days", 11, "11 рабочих дней", "11 жұмыс күні", "11 working days"),
        ("21 working days", 21, "21 рабочий день", "21 жұмыс күні", "21 working days"),
        ("by action", 15, "15 / 2 рабочих дня", "15 / 2 жұмыс күні", "15 / 2 working days"),
    ],
)
def test_limits_in_days(text: str, days: int, russian: str, kazakh: str, english: str) -> None:
    limit = parse_limit(text, ACTIONS)
    assert limit.days(ACTIONS[0]) == days
    assert limit.text == Text(russian, kazakh, english)


@pytest.mark.parametrize(
    "text", ["", "soon", "15", "15 h", "10-15", "1,5 min", "-5 s", "1 working week", "0 s", "0-0 min"]
)
def test_no_limits(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        parse_limit(text, ACTIONS)


@pytest.mark.parametrize("text", ["15-10 s", "10-10 s", "2 min - 30 s", "0 working days"])
def test_limits_that_nothing_can_keep(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        parse_limit(text, ACTIONS)
