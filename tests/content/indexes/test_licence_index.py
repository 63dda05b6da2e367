"""The register finds licences by their facts, the newest first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.content.test_licence import change, licence

from egovdocs.content import Licence, LicenceChange, LicenceState, Site
from egovdocs.content.indexes.sorted_sets import intersection


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


def test_a_number_is_used_once(site: Site) -> None:
    site.licences.add(licence())
    with pytest.raises(KeyError, match="taken"):
        site.licences.add(licence())


def test_the_indexes_are_compared_and_rebuilt(site: Site) -> None:
    held = site.licences.add(licence())
    assert site.index_differences() == []
    held.holder = "760212350620"
    differences = site.index_differences()
    assert "licences: holders: ('760212350620', 'KZ29LAM00002781') is missing" in differences
    assert "licences: holders: ('680503250034', 'KZ29LAM00002781') is wrong" in differences
    site.rebuild_indexes()
    assert site.index_differences() == []
    assert list(site.licences.search(date(2026, 6, 1), holder="760212350620")) == [held]


def clinic(serial: int, **changes: Any) -> Licence:
    facts = {"number": f"KZ00LAM{serial:08}", "holder": "950341000052", "holder_name": "ТОО «Шипа Клиника»"}
    return licence(**(facts | changes))


def found(site: Site, day: int = 1, **conditions: Any) -> list[str]:
    return [one.number[-1] for one in site.licences.search(date(2026, 4, day), **conditions)]


def test_a_search_meets_all_conditions(site: Site) -> None:
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
    """The newest of few among many are found without reading the many."""
    register = site.licences
    for serial in range(2000):
        rare = ("rare",) if serial in (3, 1500) else ()
        register.add(clinic(serial, activities=("therapy", *rare)))
    calls = []

    class Counting:
        def __init__(self, numbers: Any) -> None:
            self.numbers = numbers

        def minKey(self, least: int) -> int:  # noqa: N802
            calls.append(least)
            return self.numbers.minKey(least)

    facts = register._index._facts
    sets = [Counting(facts["activity", "therapy"]), Counting(facts["activity", "rare"])]
    assert len(list(intersection(sets))) == 2
    assert len(calls) < 12
