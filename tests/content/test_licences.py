"""The register tells a licence's state on any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from egovdocs.content import Licence, LicenceChange, LicenceEvent, LicenceState, Site
from egovdocs.content.licence_index import AnyOf, common
from egovdocs.content.trees import Numbers

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


def test_a_duplicate_takes_the_place_of_what_was_lost() -> None:
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


def test_the_register_finds_by_number_holder_and_age(site: Site) -> None:
    register = site.licences
    first = register.add(licence())
    second = register.add(licence(number="KZ18LAA00032760", issued_on=date(2026, 5, 1)))
    register.add(licence(number="KZ00XXX00000000", holder="6805032500349", issued_on=date(2025, 1, 1)))

    assert register["KZ29LAM00002781"] is first
    today = date(2026, 6, 1)
    assert set(register.search(today, holder="680503250034")) == {first, second}
    assert [found.issued_on.year for found in register.search(today)] == [2026, 2026, 2025]
    assert next(register.search(today)) is second
    assert list(register.search(today, holder="")) == []


def test_a_number_is_given_once(site: Site) -> None:
    site.licences.add(licence())
    with pytest.raises(KeyError, match="taken"):
        site.licences.add(licence())


def test_the_indexes_are_compared_and_rebuilt(site: Site) -> None:
    held = site.licences.add(licence())
    assert site.index_differences() == []
    held.holder = "760212350620"
    differences = site.index_differences()
    assert "licences: holders: ('760212350620', 'KZ29LAM00002781') is missing" in differences
    assert "licences: holders: ('680503250034', 'KZ29LAM00002781') is not so" in differences
    site.rebuild_indexes()
    assert site.index_differences() == []
    assert list(site.licences.search(date(2026, 6, 1), holder="760212350620")) == [held]


def clinic(serial: int, **changes: Any) -> Licence:
    facts = {"number": f"KZ00LAM{serial:08}", "holder": "950341000052", "holder_name": "ТОО «Шипа Клиника»"}
    return licence(**(facts | changes))


def found(site: Site, day: int = 1, **asked: Any) -> list[str]:
    return [one.number[-1] for one in site.licences.search(date(2026, 4, day), **asked)]


def test_the_register_finds_by_all_that_is_asked(site: Site) -> None:
    register = site.licences
    register.add(clinic(1, activities=("therapy", "surgery"), places=("47",)))
    register.add(clinic(2, activities=("therapy",), places=("75", "47"), issued_on=date(2026, 3, 12)))
    register.add(clinic(3, activities=("surgery",), holder_name="АО «Ёлка и Шипагер»", places=("75",)))
    register.add(licence(number="KZ00LAM00000004", holder_name="ШИПА ЕРЛАН", activities=("therapy",)))

    assert found(site) == ["2", "4", "3", "1"]
    assert found(site, activity="therapy") == ["2", "4", "1"]
    assert found(site, activity="therapy", place="47") == ["2", "1"]
    assert found(site, activity="therapy", place="47", kind="natural") == []
    assert found(site, name="шипа") == ["2", "4", "3", "1"]
    assert found(site, name="шипа", kind="legal") == ["2", "3", "1"]
    assert found(site, name="  КЛИН шипа") == ["2", "1"]
    assert found(site, name="елка") == ["3"]
    assert found(site, name="клиника больница") == found(site, place="10") == found(site, activity="x") == []
    assert found(site, holder="680503250034") == ["4"]
    assert found(site, provider="940140000385", place=None) == ["2", "4", "3", "1"]


def test_the_register_finds_by_the_state_on_a_day(site: Site) -> None:
    register = site.licences
    first, second = register.add(clinic(1)), register.add(clinic(2))
    first.record(change(LicenceChange.SUSPENDED, 5))
    register.reindex(first)
    second.record(change(LicenceChange.TERMINATED, 7))
    register.reindex(second)

    issued, suspended, terminated = LicenceState.ISSUED, LicenceState.SUSPENDED, LicenceState.TERMINATED
    assert found(site, 4, state=issued) == ["2", "1"]
    assert found(site, 5, state=issued) == ["2"]
    assert found(site, 5, state=suspended) == ["1"]
    assert found(site, 9, state=terminated) == ["2"]
    assert found(site, 9, state=terminated, kind="legal", name="шипа") == ["2"]
    assert site.index_differences() == []
    first.record(change(LicenceChange.RESUMED, 6))
    first.record(change(LicenceChange.TERMINATED, 8))
    assert site.index_differences() == ["licences: states: ('terminated', 'KZ00LAM00000001') is missing"]


def test_a_page_costs_what_it_shows(site: Site) -> None:
    """The newest of few among many are found without walking through the many."""
    register = site.licences
    for serial in range(2000):
        rare = ("rare",) if serial in (3, 1500) else ()
        register.add(clinic(serial, activities=("therapy", *rare)))
    asked = []

    class Counting:
        def __init__(self, numbers: Any) -> None:
            self.numbers = numbers

        def minKey(self, least: int) -> int:  # noqa: N802
            asked.append(least)
            return self.numbers.minKey(least)

    facts = register._index._facts
    sets = [Counting(facts["activity", "therapy"]), Counting(facts["activity", "rare"])]
    assert len(list(common(sets))) == 2
    assert len(asked) < 12


def test_any_of_several_sets_is_one_sorted_set() -> None:
    either = AnyOf([Numbers([1, 5, 9]), Numbers([2, 5]), Numbers()])
    assert list(common([either])) == [1, 2, 5, 9]
    assert list(common([either, Numbers([2, 9, 11])])) == [2, 9]
