"""Exclusive transactions: each number is given once, whatever happens to the transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any

import pytest
import transaction
from pyramid.config import Configurator
from webtest import TestApp
from ZODB import DB

from egovdocs.app.request_connection import add_connection
from egovdocs.content import LockTimeout, NotExclusive, Site, exclusive, is_exclusive, next_number


def manager_of(site: Site) -> Any:
    return site._p_jar.transaction_manager


def test_numbers_of_many_threads_have_no_gap_and_no_duplicate(database: DB) -> None:
    def submit(_: int) -> int:
        manager = transaction.TransactionManager(explicit=True)
        connection = database.open(manager)
        try:
            manager.begin()
            site = connection.root()["site"]
            site.counters.get("requests")  # a read before the lock must not make the snapshot stale
            exclusive(site)
            number = next_number(site, "requests")
            manager.commit()
        finally:
            connection.close()
        return number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(submit, range(64)))

    assert sorted(numbers) == list(range(1, 65))


def test_a_number_needs_the_lock(site: Site) -> None:
    with pytest.raises(NotExclusive):
        next_number(site, "requests")


def test_an_aborted_number_is_given_again(site: Site) -> None:
    exclusive(site)
    assert next_number(site, "requests") == 1
    manager_of(site).abort()
    manager_of(site).begin()
    exclusive(site)
    assert next_number(site, "requests") == 1


def test_series_are_numbered_apart(site: Site) -> None:
    exclusive(site)
    assert [next_number(site, "requests/2026"), next_number(site, "requests/2027")] == [1, 1]


@pytest.mark.parametrize("ending", ["commit", "abort"])
def test_the_end_of_the_transaction_releases(connect: Callable[[], Site], ending: str) -> None:
    first, second = connect(), connect()
    exclusive(first)
    with pytest.raises(LockTimeout):
        exclusive(second, timeout=0.01)

    getattr(manager_of(first), ending)()
    manager_of(first).begin()

    exclusive(second, timeout=0.01)
    assert is_exclusive(second)
    assert not is_exclusive(first)


def test_a_failed_commit_releases(connect: Callable[[], Site], commit: Callable[[Site], None]) -> None:
    first, second = connect(), connect()
    exclusive(first)
    first.counters["requests"] = None
    second.counters["requests"] = None
    commit(second)
    with pytest.raises(transaction.interfaces.TransientError):
        manager_of(first).commit()

    manager_of(second).abort()
    manager_of(second).begin()
    exclusive(second, timeout=0.01)
    # The framework aborts the failed one last, which must not release the lock of the other.
    manager_of(first).abort()
    manager_of(first).begin()
    with pytest.raises(LockTimeout):
        exclusive(first, timeout=0.01)


def test_what_was_committed_while_waiting_is_seen(
    connect: Callable[[], Site], commit: Callable[[Site], None]
) -> None:
    first, second = connect(), connect()
    exclusive(first)
    assert second.counters.get("requests") is None
    waiting = Thread(target=exclusive, args=[second])
    waiting.start()
    next_number(first, "requests")
    commit(first)
    waiting.join()

    assert next_number(second, "requests") == 2
    commit(second)


def test_changes_before_the_lock_are_refused(site: Site) -> None:
    site.counters["requests"] = None
    with pytest.raises(RuntimeError, match="before the lock"):
        exclusive(site)
    assert "requests" in site.counters


def test_a_second_call_keeps_the_changes(site: Site) -> None:
    exclusive(site)
    next_number(site, "requests")
    exclusive(site)
    assert next_number(site, "requests") == 2


def test_two_locks_at_once_are_refused(site: Site) -> None:
    exclusive(site)
    with pytest.raises(RuntimeError, match="is held"):
        exclusive(site, "another")


def test_after_a_timeout_the_transaction_goes_on(connect: Callable[[], Site]) -> None:
    first, second = connect(), connect()
    exclusive(first)
    with pytest.raises(LockTimeout):
        exclusive(second, timeout=0.01)
    assert second.counters.get("requests") is None


def test_user_and_description_stay_with_the_transaction(site: Site) -> None:
    manager_of(site).get().user = "680503250034"
    manager_of(site).get().note("/cases/x/sign")
    exclusive(site)
    assert manager_of(site).get().user == "680503250034"
    assert manager_of(site).get().description == "/cases/x/sign"


@pytest.fixture
def application(database: DB) -> TestApp:
    """As the application does it: pyramid_tm with an explicit manager, the connection of the request."""

    def number(request: Any) -> dict[str, int]:
        site = request.root
        site.counters.get("requests")
        exclusive(site)
        given = next_number(site, "requests")
        if "fail" in request.params:
            raise RuntimeError("after the number")
        return {"number": given}

    settings = {
        "tm.manager_hook": "pyramid_tm.explicit_manager",
        "retry.attempts": "3",
    }
    with Configurator(settings=settings) as config:
        config.include("pyramid_retry")
        config.include("pyramid_tm")
        add_connection(config, database)
        config.set_root_factory(lambda request: request.connection.root()["site"])
        config.add_view(number, context=Site, renderer="json")
        return TestApp(config.make_wsgi_app())


def test_in_requests(application: TestApp) -> None:
    with pytest.raises(RuntimeError, match="after the number"):
        application.get("/?fail")
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: application.get("/").json["number"], range(20)))
    assert sorted(numbers) == list(range(1, 21))
