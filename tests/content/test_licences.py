"""The register tells a licence's state on any day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from egovdocs.content import Licence, LicenceChange, LicenceEvent, LicenceState, Site

ISSUED = date(2026, 3, 10)


def licence(**changes: Any) -> Licence:
    facts: dict[str, Any] = {
        "number": "KZ29LAM00002781",
        "service": "medical-licence",
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
        change(LicenceChange.DUPLICATED, 1),
        change(LicenceChange.SUSPENDED, 5),
        change(LicenceChange.RESUMED, 10),
        change(LicenceChange.TERMINATED, 20),
    ):
        held.record(event)

    states = {day: held.state_on(date(2026, 4, day)) for day in (1, 4, 5, 9, 10, 19, 20, 30)}
    issued, suspended, terminated = LicenceState.ISSUED, LicenceState.SUSPENDED, LicenceState.TERMINATED
    expected = [issued, issued, suspended, suspended, issued, issued, terminated, terminated]
    assert list(states.values()) == expected
    assert held.state is terminated
    assert [held.in_force(date(2026, 4, day)) for day in (4, 5, 10, 20)] == [True, False, True, False]


def test_a_duplicate_leaves_the_state() -> None:
    held = licence()
    held.record(change(LicenceChange.DUPLICATED, 1))
    assert held.state is LicenceState.ISSUED


def test_events_are_in_order() -> None:
    held = licence()
    held.record(change(LicenceChange.SUSPENDED, 5))
    with pytest.raises(ValueError, match="before"):
        held.record(change(LicenceChange.RESUMED, 4))


def test_the_register_finds_by_number_holder_and_age(site: Site) -> None:
    register = site["licences"]
    first = register.add(licence())
    second = register.add(licence(number="KZ18LAA00032760", issued_on=date(2026, 5, 1)))
    register.add(licence(number="KZ00XXX00000000", holder="6805032500349", issued_on=date(2025, 1, 1)))

    assert register["KZ29LAM00002781"] is first
    assert set(register.of_holder("680503250034")) == {first, second}
    assert [found.issued_on.year for found in register.latest()] == [2026, 2026, 2025]
    assert next(register.latest()) is second
    assert list(register.of_holder("")) == []


def test_a_number_is_given_once(site: Site) -> None:
    site["licences"].add(licence())
    with pytest.raises(KeyError, match="taken"):
        site["licences"].add(licence())


def test_the_indexes_are_compared_and_rebuilt(site: Site) -> None:
    held = site["licences"].add(licence())
    assert site.index_differences() == []
    held.holder = "760212350620"
    differences = site.index_differences()
    assert "licences: holders: ('760212350620', 'KZ29LAM00002781') is missing" in differences
    assert "licences: holders: ('680503250034', 'KZ29LAM00002781') is not so" in differences
    site.rebuild_indexes()
    assert site.index_differences() == []
    assert list(site["licences"].of_holder("760212350620")) == [held]
