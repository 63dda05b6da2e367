"""Exclusive transactions: a lock that is taken before a transaction begins.

With optimistic retries, every submission would conflict over the next number. It therefore waits before its
transaction begins, and then sees everything that was committed before. The lock is one of this process's
threads; a database shared by several processes needs a lock of its own (PostgreSQL: an advisory lock) behind
the same function.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from transaction.interfaces import TransientError
from ZODB import DB

NUMBERS = "numbers"
LONGEST_WAIT = 30.0

_all_locks: WeakKeyDictionary[DB, defaultdict[str, Lock]] = WeakKeyDictionary()
_finding = Lock()


class LockTimeout(TransientError):  # noqa: N818 - as Python's own TimeoutError
    """Another transaction held the lock for too long; the request may be repeated."""


class _Holding:
    """Holds a lock until its transaction commits or aborts (``transaction.interfaces.ISynchronizer``)."""

    def __init__(self, name: str, lock: Lock) -> None:
        self.name = name
        self._lock = lock
        self._transaction: Any = None

    def begin(self, manager: Any) -> Any:
        self._transaction = manager.begin()
        self._transaction.set_data(_Holding, self)
        manager.registerSynch(self)
        return self._transaction

    def newTransaction(self, transaction: Any) -> None:  # noqa: N802 - the interface's name
        pass

    def beforeCompletion(self, transaction: Any) -> None:  # noqa: N802
        pass

    def afterCompletion(self, transaction: Any) -> None:  # noqa: N802
        if transaction is self._transaction:
            self._transaction = None
            self._lock.release()


def exclusive(context: Any, name: str = NUMBERS, *, timeout: float = LONGEST_WAIT) -> None:
    """End the transaction, which has only read, wait for the lock, and begin an exclusive transaction.

    Validate before the call; allocate numbers, store and commit after it. The lock is released when the new
    transaction commits or aborts. A second call in the same transaction does nothing.

    :param context: any object of the database.
    :param name: of the lock.
    :param timeout: seconds to wait for it.
    :raises RuntimeError: the transaction has changes, which would be lost, or it holds another lock, which
        could lead to a deadlock.
    :raises LockTimeout: the lock was not free in time.
    """
    manager = context._p_jar.transaction_manager
    reading = manager.get()
    held = _held(reading)
    if held == name:
        return
    if held is not None:
        raise RuntimeError(f"the lock {name!r} is requested while {held!r} is held")
    if reading._resources:
        raise RuntimeError("changes were made before the lock was taken")
    user, description = reading.user, reading.description
    lock = _lock(context._p_jar.db(), name)
    manager.abort()
    taken = lock.acquire(timeout=timeout)
    if not taken:
        manager.begin()
        raise LockTimeout(f"the lock {name!r} was not free within {timeout} s")
    try:
        begun = _Holding(name, lock).begin(manager)
    except BaseException:
        lock.release()
        raise
    begun.user, begun.description = user, description


def is_exclusive(context: Any, name: str = NUMBERS) -> bool:
    """Whether the object's transaction holds the lock; always true for an object in no database."""
    connection = context._p_jar
    return connection is None or _held(connection.transaction_manager.get()) == name


def _held(transaction: Any) -> str | None:
    try:
        holding: _Holding = transaction.data(_Holding)
    except KeyError:
        return None
    return holding.name


def _lock(database: DB, name: str) -> Lock:
    with _finding:
        return _all_locks.setdefault(database, defaultdict(Lock))[name]
