"""Time limits of the regulation's tables, written as the tables write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from egovdocs.schemas.model import Action, Limit
from egovdocs.schemas.text import Text

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_SHORT = re.compile(rf"(?:{_NUMBER} ?(s|min)? ?- ?)?{_NUMBER} ?(s|min)")
_DAYS = re.compile(r"([0-9]+) working days?")
_UNITS = {
    "s": (timedelta(seconds=1), Text("с", "с", "s")),
    "min": (timedelta(minutes=1), Text("мин", "мин", "min")),
}


def parse_limit(text: str, actions: Iterable[Action]) -> Limit:
    """Read ``10-15 s``, ``1.5 min``, ``30 s - 1 min``, ``1 working day`` or ``by action`` (its own days).

    :raises ValueError: it is none of these.
    """
    if text == "by action":
        return Limit(by_action=True, text=_days_text([action.working_days for action in actions]))
    if (days := _DAYS.fullmatch(text)) and int(days[1]):
        return Limit(working_days=int(days[1]), text=_days_text([int(days[1])]))
    if (short := _SHORT.fullmatch(text)) and float(short[3]):
        least, least_unit, most, most_unit = short.groups()
        unit, name = _UNITS[most_unit]
        if least is None:
            return Limit(most=float(most) * unit, text=_short_text(most, name))
        other, other_name = _UNITS[least_unit or most_unit]
        if float(least) * other >= float(most) * unit:
            raise ValueError(f"limit “{text}” runs backwards: the shorter time comes first")
        if least_unit is None:
            return Limit(float(least) * unit, float(most) * unit, text=_short_text(f"{least}–{most}", name))
        from_, to = _short_text(least, other_name), _short_text(most, name)
        return Limit(
            float(least) * other,
            float(most) * unit,
            text=Text(f"{from_.ru} – {to.ru}", f"{from_.kk} – {to.kk}", f"{from_.en} – {to.en}"),
        )
    raise ValueError(f"limit “{text}” is not such as 10-15 s, 1.5 min, 1 working day or by action")


def _short_text(number: str, unit: Text) -> Text:
    comma = number.replace(".", ",")
    return Text(f"{comma} {unit.ru}", f"{comma} {unit.kk}", f"{number} {unit.en}")


def _days_text(days: list[int]) -> Text:
    numbers = " / ".join(map(str, days))
    last = days[-1] if days else 0
    english = "working day" if last == 1 else "working days"
    return Text(f"{numbers} {_russian_days(last)}", f"{numbers} жұмыс күні", f"{numbers} {english}")


def _russian_days(number: int) -> str:
    if number % 10 == 1 and number % 100 != 11:
        return "рабочий день"
    if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
        return "рабочих дня"
    return "рабочих дней"
