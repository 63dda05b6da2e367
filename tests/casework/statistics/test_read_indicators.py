"""The indicators: counted as cases end, the same when counted anew, and read without a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.editions import FIRST
from tests.worlds import CaseWorld

from egovdocs.casework.outcomes.decide_case import refuse_case
from egovdocs.casework.requests.withdraw_request import offer_withdrawal
from egovdocs.casework.review.review_case import claim_case
from egovdocs.casework.statistics.count_case import count_differences, recount_cases
from egovdocs.casework.statistics.read_indicators import read_indicators, share_in_time
from egovdocs.content import Case, Cell, exclusive

JUNE = Cell("medical-licence", "portal", "2026-06", FIRST)


def answered(world: CaseWorld, days: int = 0, grant: bool = True) -> Case:
    officer, signatory = world.staff("officer", "officer"), world.staff("signatory", "signatory")
    case = world.submitted()
    claim_case(world.office, world.site, case, officer)
    world.tick()
    world.clock.now += timedelta(days=days)
    if grant:
        world.grant(case, officer)
    else:
        refuse_case(world.office, world.site, case, officer, ["requirements-not-met"], "Нет.")
    return world.issue(case, signatory)


@pytest.mark.parametrize(
    ("days", "grant", "wanted"),
    [
        (0, True, {"granted": 1, "in-time": 1, "P11/in-time": 1}),
        (21, False, {"refused": 1, "in-time": 1, "P10/in-time": 1}),
        (22, True, {"granted": 1, "late": 1, "P11/late": 1}),
    ],
)
def test_an_outcome_is_counted(world: CaseWorld, days: int, grant: bool, wanted: dict[str, int]) -> None:
    answered(world, days, grant)
    ((cell, numbers),) = world.site.statistics.work
    assert cell == JUNE
    assert {name: numbers[name] for name in wanted} == wanted
    assert {"granted", "refused", "in-time", "late"} & set(numbers) == {n for n in wanted if "/" not in n}
    assert numbers["P9/in-time"] == 1
    assert "C4/in-time" not in numbers, "a condition without a limit is not counted"


def test_nothing_is_counted_before_the_end(world: CaseWorld) -> None:
    world.submitted()
    assert list(world.site.statistics.work) == []


def test_a_slow_applicant_exceeds_their_own_limit_only(world: CaseWorld) -> None:
    case = answered(world)
    ((_cell, numbers),) = world.site.statistics.work
    assert numbers["P3/in-time"] == 1
    form = case.journal[2]
    assert form.step == "P3"
    case.journal[2] = replace(form, ended=form.started + timedelta(hours=1))
    exclusive_count(world)
    ((_cell, numbers),) = world.site.statistics.work
    assert (numbers["P3/late"], numbers["P9/in-time"], numbers["in-time"]) == (1, 1, 1)


def exclusive_count(world: CaseWorld) -> None:
    world.commit()
    exclusive(world.site)
    recount_cases(world.office.calendar, world.site)
    world.commit()


def test_counted_anew_it_is_the_same(world: CaseWorld) -> None:
    answered(world)
    before = list(world.site.statistics.work)
    assert count_differences(world.office.calendar, world.site) == []
    exclusive_count(world)
    assert list(world.site.statistics.work) == before


def test_a_difference_is_told(world: CaseWorld) -> None:
    answered(world)
    world.site.statistics.work.add(JUNE, {"granted": 2})
    assert count_differences(world.office.calendar, world.site) == [
        "statistics: medical-licence/portal/2026-06/2013-01-03: granted is 3, not 1"
    ]


def test_sums_and_shares(world: CaseWorld) -> None:
    work = world.site.statistics.work
    work.add(JUNE, {"granted": 3, "in-time": 2, "late": 1, "P9/in-time": 3})
    work.add(Cell("medical-licence", "centre", "2026-07"), {"refused": 1, "in-time": 1})
    work.add(Cell("clinic-attachment", "portal", "2025-12"), {"granted": 4, "in-time": 4})
    every = read_indicators(world.office, world.site)
    assert every.years == ["2026", "2025"]
    assert every.total()["in-time"] == 7
    assert share_in_time(every.total()) == 7 / 8
    assert share_in_time(every.total(), "P9") == 1
    assert share_in_time(every.total(), "P1") is None
    assert every.narrowed(service="medical-licence", channel="portal").total()["granted"] == 3
    assert every.narrowed(year="2025").total() == {"granted": 4, "in-time": 4}
    assert [*every.by(lambda cell: cell.month)] == ["2025-12", "2026-06", "2026-07"]


def test_a_withdrawn_request_is_neither_in_time_nor_late(world: CaseWorld) -> None:
    case = world.submitted()
    account = world.site["accounts"][case.account]
    signing = offer_withdrawal(world.office, world.site, case, account)
    world.commit()
    world.sign(signing, world.keys.applicant)
    ((cell, numbers),) = world.site.statistics.work
    assert cell == JUNE
    assert (numbers["closed"], "in-time" in numbers, "late" in numbers) == (1, False, False)
    assert count_differences(world.office.calendar, world.site) == []
