"""One at a time: the lock that is taken before a transaction begins.

With optimistic retries every submission would conflict over the next number. So it waits before its
transaction begins, and then sees all that was committed before it. In one process the lock is a thread's; a
database shared by many processes will hold it itself (PostgreSQL's advisory lock), behind the same function.
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
    """Others held the lock too long; the request may be tried again."""


class _Holding:
    """Holds a lock until its transaction ends, in whatever way (``transaction.interfaces.ISynchronizer``)."""

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
    """Go on alone: end the transaction that has only read, wait for the lock, begin a new transaction.

    Validate before and outside; after it allocate, store and commit. The lock is released when the new
    transaction ends, by commit or abort. Called again in the same transaction it does nothing.

    :param context: any object of the database.
    :raises RuntimeError: something was changed already, which the new beginning would lose; or this
        transaction holds another lock, from which deadlocks come.
    :raises LockTimeout: it did not get its turn.
    """
    manager = context._p_jar.transaction_manager
    reading = manager.get()
    held = _held(reading)
    if held == name:
        return
    if held is not None:
        raise RuntimeError(f"{name!r} is asked for while {held!r} is held")
    if reading._resources:
        raise RuntimeError("changes were made before the lock was taken")
    user, description = reading.user, reading.description
    lock = _lock(context._p_jar.db(), name)
    manager.abort()
    taken = lock.acquire(timeout=timeout)
    if not taken:
        manager.begin()
        raise LockTimeout(f"no turn for {name!r} within {timeout} s")
    try:
        alone = _Holding(name, lock).begin(manager)
    except BaseException:
        lock.release()
        raise
    alone.user, alone.description = user, description


def is_exclusive(context: Any, name: str = NUMBERS) -> bool:
    """Does the object's transaction hold the lock? An object in no database needs none."""
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
