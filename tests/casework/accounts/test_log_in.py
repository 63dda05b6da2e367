from datetime import timedelta

import pytest
from tests.factories import APPLICANT, PASSWORD, START
from tests.worlds import CaseWorld, steps

from egovdocs.casework.accounts.log_in import MAX_JOURNAL_ENTRIES, hash_password, log_in
from egovdocs.casework.accounts.throttle import MAX_LOGINS, MAX_WAIT, Throttle
from egovdocs.casework.errors import Mistake, Refusal


def fail(world: CaseWorld, login: str = APPLICANT) -> str:
    with pytest.raises(Refusal) as refused:
        log_in(world.office, world.site, login, "wrong password")
    assert refused.value.step == "P2"
    return str(refused.value)


def test_p1_c1(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    assert log_in(world.office, world.site, f" {APPLICANT} ", PASSWORD) is account
    assert steps(account.journal) == "registration P1 C1+ P1 C1+"


def test_p2_is_journaled_and_outlives_its_exception(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    assert "login or the password is wrong" in fail(world)
    world.manager.abort()
    world.manager.begin()
    assert steps(account.journal) == "registration P1 C1+ P1 C1- P2"


def test_staff_log_in_by_the_table_of_their_own_provider(world: CaseWorld) -> None:
    clinic = world.office.service("clinic-attachment").provider.bin
    officers = [world.staff("officer", "officer"), world.staff("doctor", "officer", provider=clinic)]
    for officer, step, journal in zip(officers, ("P2", "P1"), ("P1 C1- P2 P1 C1+", "P1? P1"), strict=True):
        with pytest.raises(Refusal) as refused:
            log_in(world.office, world.site, officer.login, "wrong password")
        assert refused.value.step == step
        log_in(world.office, world.site, officer.login, PASSWORD)
        assert steps(officer.journal) == journal
        assert {entry.unit for entry in officer.journal} >= {"officer"}


def test_an_unknown_login_is_answered_the_same(world: CaseWorld) -> None:
    world.register(world.keys.applicant)
    assert fail(world, "760212350620") == fail(world)


def test_an_account_without_a_password_lets_nobody_in(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    account.password_hash = None
    fail(world)
    with pytest.raises(Refusal):
        log_in(world.office, world.site, APPLICANT, "")


@pytest.mark.parametrize("login", [APPLICANT, "nobody"])
def test_guessing_is_slowed_down(world: CaseWorld, login: str) -> None:
    world.register(world.keys.applicant)
    for _attempt in range(3):
        assert "wrong" in fail(world, login)
    assert "Try again in 2 s" in fail(world, login)
    with pytest.raises(Refusal, match="Try again"):  # the right password isn't heard either
        log_in(world.office, world.site, login, PASSWORD)
    world.clock.now += timedelta(seconds=2)
    assert "wrong" in fail(world, login)
    assert "Try again in 4 s" in fail(world, login)


def test_success_forgets_the_failures(world: CaseWorld) -> None:
    world.register(world.keys.applicant)
    for _round in range(2):
        for _attempt in range(2):
            fail(world)
        log_in(world.office, world.site, APPLICANT, PASSWORD)


def test_the_wait_has_an_end_and_the_throttle_a_size() -> None:
    throttle = Throttle()
    for _attempt in range(50):
        throttle.failed("guessed", START)
    assert throttle.wait("guessed", START) == MAX_WAIT
    for n in range(MAX_LOGINS):
        throttle.failed(str(n), START)
    assert throttle.wait("guessed", START) == timedelta(0)


def test_the_journal_does_not_grow_for_ever(world: CaseWorld) -> None:
    account = world.register(world.keys.applicant)
    for _day in range(MAX_JOURNAL_ENTRIES):
        log_in(world.office, world.site, APPLICANT, PASSWORD)
    assert len(account.journal) == MAX_JOURNAL_ENTRIES


def test_staff_log_in_too(world: CaseWorld) -> None:
    officer = world.staff("officer", "officer")
    assert log_in(world.office, world.site, "officer", PASSWORD) is officer


@pytest.mark.parametrize("password", ["short", "x" * 257, "aaaaaaaaaaaa", APPLICANT])
def test_weak_passwords(password: str) -> None:
    with pytest.raises(Mistake):
        hash_password(password, APPLICANT)
