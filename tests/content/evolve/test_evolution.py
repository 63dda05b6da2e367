"""Steps change each record once, in order, and continue after an interruption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ZODB import DB

from egovdocs.content import (
    Account,
    EvolutionStep,
    NewerDatabase,
    OlderDatabase,
    evolve_database,
    open_database,
    pending_steps,
    site_database,
    site_in,
)
from egovdocs.content.evolve import evolution
from egovdocs.content.evolve.schema_version import VERSION_KEY, read_version
from egovdocs.content.evolve.steps import SCHEMA_VERSION, STEPS
from egovdocs.content.site_database import GUARD

PEOPLE = 40


class InterruptionError(Exception):
    """Ends an evolution in the middle."""


@pytest.fixture
def database(folder: Path) -> Iterator[DB]:
    """With forty accounts."""
    database = open_database(f"file://{folder}")
    with site_in(database) as site:
        for number in range(PEOPLE):
            site.accounts.add(Account(login=f"{number:03}", name="A", roles=["applicant"]))
    yield database
    database.close()


def step(letter: str, changed: Counter[str]) -> EvolutionStep:
    """A step that appends a letter to each account's name."""

    def change(account: Any) -> None:
        account.name += letter
        changed[letter + account.login] += 1

    return EvolutionStep(f"Append {letter}", lambda own, names: own is Account, change)


@pytest.fixture
def changed() -> Counter[str]:
    return Counter()


@pytest.fixture
def steps(changed: Counter[str]) -> tuple[EvolutionStep, ...]:
    return (*STEPS, step("B", changed), step("C", changed))


def names(database: DB) -> set[str]:
    with site_in(database) as site:
        return {account.name for account in site.accounts.values()}


def silent(step: EvolutionStep, done: int, total: int) -> None:
    """Report nothing."""


def test_a_new_database_has_the_present_version(database: DB) -> None:
    assert read_version(database.storage) == SCHEMA_VERSION
    assert list(pending_steps(database)) == []


def test_a_database_without_a_site_needs_no_step(folder: Path) -> None:
    empty = open_database(f"file://{folder}")
    assert read_version(empty.storage) is None
    assert list(pending_steps(empty)) == []
    empty.close()


def test_steps_are_carried_out_in_order_and_once(
    database: DB, steps: tuple[EvolutionStep, ...], changed: Counter[str]
) -> None:
    evolution.evolve(database, GUARD, steps, silent, batch=7)
    assert names(database) == {"ABC"}
    assert read_version(database.storage) == len(steps)
    size = database.getSize()
    evolution.evolve(database, GUARD, steps, silent, batch=7)
    assert database.getSize() == size
    assert len(changed) == 2 * PEOPLE
    assert set(changed.values()) == {1}


@pytest.mark.parametrize("transactions", [1, 2, 5, 9, 12, 15])
def test_an_interrupted_evolution_is_continued(
    database: DB, steps: tuple[EvolutionStep, ...], changed: Counter[str], transactions: int
) -> None:
    reported = []

    def interrupt(step: EvolutionStep, done: int, total: int) -> None:
        reported.append(done)
        if len(reported) == transactions:
            raise InterruptionError

    with pytest.raises(InterruptionError):
        evolution.evolve(database, GUARD, steps, interrupt, batch=10)
    evolution.evolve(database, GUARD, steps, silent, batch=10)
    assert names(database) == {"ABC"}
    assert set(changed.values()) == {1}
    with database.transaction() as connection:
        assert evolution.PROGRESS_KEY not in connection.root()


def test_a_failed_step_changes_nothing_of_its_transaction(database: DB) -> None:
    def fail(account: Any) -> None:
        account.name = "X"
        if account.login == "030":
            raise InterruptionError

    failing = EvolutionStep("Fail", lambda own, names: own is Account, fail)
    with pytest.raises(InterruptionError):
        evolution.evolve(database, GUARD, (*STEPS, failing), silent)
    assert names(database) == {"A"}
    assert read_version(database.storage) == SCHEMA_VERSION


def test_the_progress_is_reported(database: DB, changed: Counter[str]) -> None:
    reports: list[tuple[str, int, int]] = []
    evolution.evolve(
        database,
        GUARD,
        (*STEPS, step("B", changed)),
        lambda step, done, total: reports.append((step.title, done, total)),
        batch=20,
    )
    assert {title for title, _done, _total in reports} == {"Append B"}
    assert [done for _title, done, _total in reports[:2]] == [20, 40]
    assert reports[-1][1] == reports[-1][2] >= PEOPLE


def set_version(folder: Path, version: int) -> None:
    database = open_database(f"file://{folder}", any_version=True)
    with database.transaction() as connection:
        connection.root()[VERSION_KEY] = version
    database.close()


@pytest.fixture
def closed(database: DB, folder: Path) -> Path:
    database.close()
    return folder


def test_a_newer_database_is_refused(closed: Path) -> None:
    set_version(closed, SCHEMA_VERSION + 1)
    sentence = f"later version of egovdocs .*schema version is {SCHEMA_VERSION + 1}.* knows {SCHEMA_VERSION}"
    with pytest.raises(NewerDatabase, match=sentence):
        open_database(f"file://{closed}")
    database = open_database(f"file://{closed}", any_version=True)
    with pytest.raises(NewerDatabase, match=sentence):
        pending_steps(database)
    with pytest.raises(NewerDatabase, match=sentence):
        evolve_database(database, silent)
    database.close()


def test_an_older_database_is_refused_with_the_command(
    closed: Path, monkeypatch: pytest.MonkeyPatch, steps: tuple[EvolutionStep, ...]
) -> None:
    monkeypatch.setattr(site_database, "SCHEMA_VERSION", len(steps))
    with pytest.raises(OlderDatabase, match="egovdocs database evolve"):
        open_database(f"file://{closed}")
    open_database(f"file://{closed}", any_version=True).close()


def test_a_refused_database_is_not_locked(closed: Path) -> None:
    set_version(closed, SCHEMA_VERSION + 1)
    for _twice in range(2):
        with pytest.raises(NewerDatabase):
            open_database(f"file://{closed}")


def test_the_version_is_read_without_loading_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    class Storage:
        """The root refers to a class of a later version, and to a command."""

        def loadBefore(self, oid: bytes, tid: bytes) -> Any:  # noqa: N802 - ZODB's name
            state = b"}X\x04\x00\x00\x00data}(X\x04\x00\x00\x00siteclater\nSite\n)\x81"
            command = b"X\x01\x00\x00\x00xcos\nmkdir\nX\x01\x00\x00\x00" + b"t\x85R"
            version = b"X\x0e\x00\x00\x00schema_versionK\x63us."
            return b"cpersistent.mapping\nPersistentMapping\n." + state + command + version, b"", None

    assert read_version(Storage()) == 99
    assert list(tmp_path.iterdir()) == []


def test_each_step_says_what_it_does() -> None:
    titles = [each.title for each in STEPS]
    assert len(set(titles)) == len(titles) == SCHEMA_VERSION
    assert all(titles)
