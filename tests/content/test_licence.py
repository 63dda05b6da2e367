"""The state of a licence on any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from egovdocs.content import Licence, LicenceChange, LicenceEvent, LicenceState

ISSUED = date(2026, 3, 10)


def licence(**changes: Any) -> Licence:
    """A licence of a natural person."""
    facts: dict[str, Any] = {
        "number": "KZ29LAM00002781",
        "service": "medical-licence",
        "edition": "2013-01-03",
        "provider": "940140000385",
        "holder": "680503250034",
        "holder_name": "Ерлан Сапаров",
        "issued_on": ISSUED,
        "case": "reference",
    }
    return Licence(**(facts | changes))


def change(what: LicenceChange, day: int) -> LicenceEvent:
    return LicenceEvent(change=what, on=date(2026, 4, day))


def test_a_licence_is_in_force_from_its_issue() -> None:
    assert licence().in_force(ISSUED)
    assert licence().state_on(date(2026, 3, 9)) is None
    assert not licence().in_force(date(2026, 3, 9))


def test_the_state_on_any_day() -> None:
    held = licence()
    for event in (
        change(LicenceChange.SUSPENDED, 5),
        change(LicenceChange.RESUMED, 10),
        change(LicenceChange.TERMINATED, 20),
    ):
        held.record(event)

    states = {day: held.state_on(date(2026, 4, day)) for day in (4, 5, 9, 10, 19, 20, 30)}
    issued, suspended, terminated = LicenceState.ISSUED, LicenceState.SUSPENDED, LicenceState.TERMINATED
    expected = [issued, suspended, suspended, issued, issued, terminated, terminated]
    assert list(states.values()) == expected
    assert held.state is terminated
    assert [held.in_force(date(2026, 4, day)) for day in (4, 5, 10, 20)] == [True, False, True, False]


def test_what_was_known_on_a_day() -> None:
    held = licence()
    held.record(replace(change(LicenceChange.SUSPENDED, 5), entered=date(2026, 4, 2)))
    held.record(change(LicenceChange.RESUMED, 10))
    held.record(replace(change(LicenceChange.REISSUED, 20), document="KZ21LAM00000009"))
    known = {day: len(held.known_on(date(2026, 4, day))) for day in (1, 2, 9, 10, 19, 20)}
    assert known == {1: 1, 2: 2, 9: 2, 10: 3, 19: 3, 20: 4}
    assert held.known_on(date(2026, 3, 9)) == ()
    assert held.replaced_by(date(2026, 4, 19)) is None
    assert held.replaced_by(date(2026, 4, 20)) == "KZ21LAM00000009"


def test_a_duplicate_replaces_the_licence() -> None:
    held = licence()
    held.record(change(LicenceChange.DUPLICATED, 1))
    assert held.state is LicenceState.REISSUED


@pytest.mark.parametrize(
    ("before", "change_", "allowed"),
    [
        ([], "suspended", True),
        ([], "resumed", False),
        ([], "terminated", True),
        (["suspended"], "suspended", False),
        (["suspended"], "resumed", True),
        (["suspended"], "terminated", True),
        (["suspended"], "reissued", False),
        (["suspended"], "duplicated", False),
        (["suspended", "resumed"], "suspended", True),
        (["terminated"], "resumed", False),
        (["terminated"], "suspended", False),
        (["terminated"], "terminated", False),
        (["reissued"], "terminated", False),
        ([], "issued", False),
    ],
)
def test_what_each_state_allows(before: list[str], change_: str, allowed: bool) -> None:
    held = licence()
    for day, name in enumerate(before, 1):
        held.record(change(LicenceChange(name), day))
    assert held.may(LicenceChange(change_)) is allowed
    if not allowed:
        with pytest.raises(ValueError, match="may not be"):
            held.record(change(LicenceChange(change_), 20))


def test_events_are_in_order() -> None:
    held = licence()
    held.record(change(LicenceChange.SUSPENDED, 5))
    with pytest.raises(ValueError, match="before"):
        held.record(change(LicenceChange.RESUMED, 4))
