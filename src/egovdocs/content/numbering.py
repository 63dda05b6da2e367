"""Numbers without gaps or duplicates."""

from __future__ import annotations

from typing import Any

from persistent import Persistent

from egovdocs.content.locks import is_exclusive


class NotExclusive(RuntimeError):  # noqa: N818 - says what is wrong
    """A number was asked for without :func:`~egovdocs.content.locks.exclusive`."""


class Counter(Persistent):
    """The last number of a series, in an object of its own.

    ``BTrees.Length`` would not do: it merges concurrent changes by adding them up, so that two transactions
    may hand out the same number and both commit.
    """

    last = 0


def next_number(site: Any, series: str) -> int:
    """The next number of a series, from 1 on, such as ``requests/2026``.

    :raises NotExclusive: the transaction does not hold the lock.
    """
    if not is_exclusive(site):
        raise NotExclusive("call content.exclusive(site) before a number is allocated")
    counter = site.counters.get(series)
    if counter is None:
        counter = site.counters[series] = Counter()
    counter.last += 1
    number: int = counter.last
    return number
