"""Messages are handled after their transaction, at least once; those of an aborted one are not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ZODB import DB
from ZODB.POSException import ConflictError

from egovdocs.content import Outbox, Site, Worker, open_database, outbox_worker


def put(database: DB, kind: str = "mail", **data: Any) -> None:
    with database.transaction() as connection:
        connection.root()["site"].outbox.put(kind, **data)


def waiting(database: DB) -> list[Any]:
    with database.transaction() as connection:
        outbox: Outbox = connection.root()["site"].outbox
        return [(message.kind, message.attempts, message.error) for message in outbox._due.values(min=1)]


def test_messages_are_handled_in_order_and_removed(database: DB) -> None:
    done = []
    for number in range(3):
        put(database, number=number)
    worker = Worker(database, {"mail": lambda id, data: done.append(data["number"])})

    assert [worker.work_once() for _ in range(4)] == [True, True, True, False]
    assert done == [0, 1, 2]
    assert waiting(database) == []


def test_a_message_of_a_name_waits_once(database: DB) -> None:
    def put_once() -> None:
        with database.transaction() as connection:
            connection.root()["site"].outbox.put_once("mail", "queue", after=timedelta(0))

    for _twice in range(2):
        put_once()
    assert waiting(database) == [("mail", 0, "")]
    failing = Worker(database, {"mail": lambda id, data: data["nothing"]})
    assert failing.work_once()
    put_once()
    assert [(kind, attempts) for kind, attempts, _error in waiting(database)] == [("mail", 1)]


def test_it_may_wait_again_once_it_was_handled(database: DB) -> None:
    worker = Worker(database, {"mail": lambda id, data: None})
    for _twice in range(2):
        with database.transaction() as connection:
            connection.root()["site"].outbox.put_once("mail", "queue", after=timedelta(0))
        assert worker.work_once()
    assert waiting(database) == []


def test_a_worker_of_some_kinds_leaves_the_others_waiting(database: DB) -> None:
    put(database, "slow")
    put(database, "mail")
    done: list[str] = []
    worker = Worker(database, {"mail": lambda id, data: done.append("mail")}, kinds={"mail"})
    assert [worker.work_once() for _ in range(2)] == [True, False]
    assert done == ["mail"]
    assert [kind for kind, *_rest in waiting(database)] == ["slow"]


def test_an_aborted_transaction_sends_nothing(site: Site, database: DB) -> None:
    site.outbox.put("mail")
    site._p_jar.transaction_manager.abort()
    site._p_jar.transaction_manager.begin()
    assert not Worker(database, {}).work_once()


def test_no_transaction_is_open_while_a_message_is_handled(database: DB) -> None:
    put(database)
    seen = []

    def handle(id: int, data: Any) -> None:
        put(database, "another")  # commits, because no transaction is open
        seen.append(len(waiting(database)))

    Worker(database, {"mail": handle}).work_once()
    assert seen == [2]
    assert waiting(database) == [("another", 0, "")]


def test_the_result_is_stored_with_the_removal(database: DB) -> None:
    put(database, text="hello")

    def handle(id: int, data: Any) -> Callable[[Site], None]:
        answer = data["text"].upper()
        return lambda site: site.idempotency.__setitem__("answer", answer)

    Worker(database, {"mail": handle}).work_once()
    with database.transaction() as connection:
        assert connection.root()["site"].idempotency["answer"] == "HELLO"
    assert waiting(database) == []


def fail(id: int, data: Any) -> None:
    raise OSError("no route to the mail server")


def cannot_be_stored(id: int, data: Any) -> Callable[[Site], None]:
    def settle(site: Site) -> None:
        raise ValueError("nonsense came back")

    return settle


@pytest.mark.parametrize(
    ("handlers", "error"),
    [({"mail": fail}, "no route"), ({"mail": cannot_be_stored}, "nonsense"), ({}, "KeyError")],
)
def test_a_failure_is_tried_again_later(
    database: DB, handlers: Any, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database)
    worker = Worker(database, handlers)
    assert worker.work_once()
    assert not worker.work_once(), "not at once"
    ((_kind, attempts, last_error),) = waiting(database)
    assert attempts == 1
    assert error in last_error

    now = time.time_ns()
    monkeypatch.setattr(outbox_worker.time, "time_ns", lambda: now + 6 * 10**9)
    assert worker.work_once()
    ((_kind, attempts, _error),) = waiting(database)
    assert attempts == 2
    monkeypatch.setattr(outbox_worker.time, "time_ns", lambda: now + 12 * 10**9)
    assert not worker.work_once(), "and later each time"


def test_a_conflict_does_not_call_the_handler_twice(database: DB) -> None:
    put(database)
    done, conflicts = [], [ConflictError(), ConflictError()]

    def settle(site: Site) -> None:
        if conflicts:
            raise conflicts.pop()

    def handle(id: int, data: Any) -> Callable[[Site], None]:
        done.append(id)
        return settle

    Worker(database, {"mail": handle}).work_once()
    assert len(done) == 1
    assert waiting(database) == []


def test_the_thread_drains_and_stops(database: DB) -> None:
    done: list[int] = []
    worker = Worker(database, {"mail": lambda id, data: done.append(id)}, pause=0.01)
    worker.start()
    for _ in range(5):
        put(database)
    deadline = time.monotonic() + 60
    while len(done) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.stop()
    assert len(done) == 5
    assert waiting(database) == []


KILLED = """
import sys, time
from egovdocs.content import Worker, bootstrap, open_database

database = open_database(f"file://{sys.argv[1]}")
with database.transaction() as connection:
    bootstrap(connection.root()).outbox.put("mail", to="a")

def handle(id, data):
    print(id, flush=True)
    time.sleep(60)

Worker(database, {"mail": handle}).work_once()
"""


def test_a_message_outlives_a_killed_worker(folder: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        first = int(process.stdout.readline())
        process.kill()
        assert process.wait() == -signal.SIGKILL

    handled = []
    database = open_database(f"file://{folder}")
    Worker(database, {"mail": lambda id, data: handled.append((id, data["to"]))}).work_once()
    assert handled == [(first, "a")], "again, under the same id"
    assert waiting(database) == []
    database.close()


def test_adding_and_removing_at_the_same_time_do_not_conflict(
    connect: Callable[[], Site], commit: Callable[[Any], None], database: DB
) -> None:
    worker = Worker(database, {"mail": lambda id, data: None})
    for waiting_before in range(1, 5):
        for _message in range(waiting_before):
            put(database)
        site = connect()
        site.outbox.put("mail")
        while worker.work_once():
            pass
        commit(site)
        assert [(kind, error) for kind, _attempts, error in waiting(database)] == [("mail", "")]
        assert worker.work_once()
