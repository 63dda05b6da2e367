"""The catalogue is right after every change, writes little, and can be rebuilt from the cases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from egovdocs.content import LIVE, Account, Case, CaseState, Payment, Site, exclusive
from egovdocs.content.indexes import index_entries

PROVIDER = "940140000385"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = date(2026, 3, 20)

NewCase = Callable[..., Case]
Commit = Callable[[Any], None]


def submitted(site: Site, case: Case, deadline: date) -> Case:
    case = site.cases.add(case)
    case.state, case.deadline, case.number = CaseState.REGISTERED, deadline, f"2026-{case.id:06d}"
    site.cases.reindex(case)
    return case


def test_the_queue_is_by_deadline_then_by_age(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    cases = [submitted(site, new_case(), DAY + timedelta(days=days)) for days in (3, 1, 2, 1)]

    assert [case.id for case in site.cases.queue(PROVIDER)] == [
        cases[1].id,
        cases[3].id,
        cases[2].id,
        cases[0].id,
    ]


def test_the_queue_separates_providers_and_states(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    registered = submitted(site, new_case(), DAY)
    review = submitted(site, new_case(), DAY - timedelta(days=1))
    review.state = CaseState.IN_REVIEW
    site.cases.reindex(review)
    submitted(site, new_case(provider="950341000052"), DAY)
    site.cases.add(new_case())  # drafts are in no queue

    queue = site.cases.queue
    assert list(queue(PROVIDER)) == [review, registered]
    assert list(queue(PROVIDER, CaseState.REGISTERED)) == [registered]
    assert list(queue(PROVIDER, CaseState.AWAITING_SIGNATURE)) == []
    assert list(queue("070941024691")) == []


@pytest.mark.parametrize("end", [CaseState.ISSUED, CaseState.REFUSED, CaseState.CLOSED])
def test_an_ended_case_leaves_the_queue_and_is_still_found(
    site: Site, new_case: NewCase, end: CaseState
) -> None:
    exclusive(site)
    case = submitted(site, new_case(), DAY)
    case.assignee = "officer"
    site.cases.reindex(case)
    case.state, case.closed_at = end, NOW
    site.cases.reindex(case)

    cases = site.cases
    assert list(cases.queue(PROVIDER)) == []
    assert list(cases.assigned("officer")) == []
    assert list(cases.closed(NOW.date(), NOW.date())) == [case]
    assert list(cases.closed(NOW.date() + timedelta(days=1), date.max)) == []
    far = timezone(timedelta(hours=15))
    assert list(cases.closed(date.min, NOW.date(), far)) == []
    assert list(cases.closed(*[NOW.date() + timedelta(days=1)] * 2, far)) == [case]
    assert cases.by_number(case.number) is case
    assert list(cases.of_account(case.account)) == [case]


def test_a_persons_cases_are_the_newest_first(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    first, second = site.cases.add(new_case()), site.cases.add(new_case())
    other = site.cases.add(new_case(account="operator"))

    assert list(site.cases.of_account("680503250034")) == [second, first]
    assert list(site.cases.of_applicant("680503250034")) == [other, second, first]
    assert list(site.cases.of_account("nobody")) == []


def test_a_payment_finds_its_case_until_it_is_replaced(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    case = site.cases.add(new_case())
    for reference in ("first", "second"):
        case.payment = Payment(reference=reference, amount=39320, currency="KZT", started_at=NOW)
        site.cases.reindex(case)

    assert site.cases.by_payment("second") is case
    assert site.cases.by_payment("first") is None


def test_a_claimed_case_is_among_the_officers(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    late, soon = submitted(site, new_case(), DAY), submitted(site, new_case(), DAY - timedelta(days=1))
    for case in (late, soon):
        case.assignee = "officer"
        site.cases.reindex(case)
    assert list(site.cases.assigned("officer")) == [soon, late]

    late.assignee = None
    site.cases.reindex(late)
    assert list(site.cases.assigned("officer")) == [soon]


def test_the_filters_of_the_queue_combine(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    change_at_random(site, new_case, 7)
    cases, facts = site.cases, set()
    live = [case for case in cases.values() if case.state in LIVE]
    for state in LIVE:
        for service in "pqr":
            wanted = [c for c in live if (c.state, c.service) == (state, service)]
            facts.add(len(wanted))
            queue = list(cases.queue("X", state, service=service))
            assert queue == in_order(c for c in wanted if c.provider == "X")
            for logins in (["ada"], ["ada", "bota"]):
                found = list(cases.assigned(*logins, states=[state], service=service))
                assert found == in_order(c for c in wanted if c.assignee in logins)
    assert facts != {0}
    assert list(cases.queue("X")) == in_order(c for c in live if c.provider == "X")
    assert list(cases.assigned("ada")) == in_order(c for c in live if c.assignee == "ada")
    assert (
        list(cases.queue("X", service="s")) == list(cases.assigned("nobody")) == list(cases.assigned()) == []
    )


def in_order(cases: Iterable[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: (case.deadline, case.id))


def test_an_open_case_without_deadline_is_refused(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    case = site.cases.add(new_case())
    case.state = CaseState.REGISTERED
    with pytest.raises(ValueError, match="no deadline"):
        site.cases.reindex(case)


def change_at_random(site: Site, new_case: NewCase, seed: int) -> None:
    """Add many cases, and change each at random."""
    chance = random.Random(seed)
    cases = site.cases
    for _ in range(200):
        facts = {"account": "abc", "provider": "XY", "service": "pqr"}
        case = cases.add(new_case(**{name: chance.choice(of) for name, of in facts.items()}))
        for state in chance.sample(list(CaseState), 4):
            if case.state in {CaseState.ISSUED, CaseState.REFUSED, CaseState.CLOSED}:
                break
            case.state = state
            case.deadline = DAY + timedelta(days=chance.randrange(9))
            case.closed_at = NOW + timedelta(days=chance.randrange(9))
            case.assignee = chance.choice([None, "ada", "bota"])
            case.number = case.number or chance.choice([None, f"2026-{case.id}"])
            cases.reindex(case)


@pytest.mark.parametrize("seed", range(3))
def test_the_indexes_follow_and_can_be_rebuilt(
    site: Site, commit: Commit, new_case: NewCase, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_entries, "BATCH", 50)
    exclusive(site)
    change_at_random(site, new_case, seed)
    commit(site)
    queue = [case.id for case in site.cases.queue("X")]
    assert site.index_differences() == []

    site.rebuild_indexes()
    commit(site)
    assert site.index_differences() == []
    assert [case.id for case in site.cases.queue("X")] == queue


def test_the_comparison_finds_what_was_not_indexed(site: Site, new_case: NewCase) -> None:
    exclusive(site)
    case = submitted(site, new_case(), DAY)
    case.state = CaseState.IN_REVIEW

    differences = "\n".join(site.index_differences())
    assert "cases: queues: (('940140000385', 'in-review', 'medical-licence')" in differences
    assert "cases: queues: (('940140000385', 'registered', 'medical-licence')" in differences
    site.rebuild_indexes()
    assert site.index_differences() == []


def test_a_change_writes_little_however_many_cases_there_are(
    site: Site, commit: Commit, new_case: NewCase, folder: Path
) -> None:
    exclusive(site)
    for _ in range(3000):
        submitted(site, new_case(), DAY + timedelta(days=random.Random(0).randrange(20)))
    case = submitted(site, new_case(), DAY)
    case.attach("diploma", "diploma.pdf", b"%PDF" + bytes(50_000), "application/pdf", NOW)
    case.documents.add("request", "request.xml", b"<request/>" * 4000, NOW)
    commit(site)

    before = (folder / "data.fs").stat().st_size
    case.assignee = "officer"
    case.state = CaseState.IN_REVIEW
    site.cases.reindex(case)
    commit(site)
    written = (folder / "data.fs").stat().st_size - before

    assert written < 6000, "the state of the case and the few nodes that contain it"


def test_the_staff_of_a_provider_is_indexed(site: Site) -> None:
    accounts = site.accounts
    people = {"bota": PROVIDER, "ada": PROVIDER, "vera": "950341000052", "680503250034": None}
    for login, provider in people.items():
        accounts.add(Account(login=login, name=login, roles=["officer"], provider=provider))
    assert [account.login for account in accounts.staff(PROVIDER)] == ["ada", "bota"]
    assert site.index_differences() == []
    accounts["ada"].provider = None
    assert site.index_differences() == [f"accounts: staff: ('{PROVIDER}', 'ada') is wrong"]
    site.rebuild_indexes()
    assert site.index_differences() == []


def test_the_first_page_reads_as_little_of_many_cases_as_of_few(
    site: Site, connect: Callable[[], Site], commit: Commit, new_case: NewCase
) -> None:
    chance = random.Random(1)
    pages: dict[str, Callable[[Any], Iterable[Case]]] = {
        "all": lambda cases: cases.queue(PROVIDER),
        "of a state and a service": lambda cases: cases.queue(PROVIDER, CaseState.IN_REVIEW, service="q"),
        "of two officers": lambda cases: cases.assigned("ada", "bota"),
        "of an officer, a state and a service": lambda cases: cases.assigned(
            "ada", states=[CaseState.IN_REVIEW], service="q"
        ),
    }

    def grow(count: int) -> None:
        exclusive(site)
        for _ in range(count):
            due = DAY + timedelta(days=chance.randrange(30))
            case = submitted(site, new_case(service=chance.choice("pqr")), due)
            case.assignee = chance.choice([None, "ada", "bota"])
            case.state = CaseState.IN_REVIEW if case.assignee else CaseState.REGISTERED
            site.cases.reindex(case)
        commit(site)

    def read() -> dict[str, int]:
        loads = {}
        for name, page in pages.items():
            cases = connect().cases
            assert len(list(islice(page(cases), 20))) == 20
            loads[name] = cases._p_jar.getTransferCounts()[0]
        return loads

    grow(400)
    few = read()
    grow(3600)
    many = read()
    for name in pages:
        assert many[name] <= few[name] + 25, name
