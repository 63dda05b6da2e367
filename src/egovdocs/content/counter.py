"""Numbers without gaps or duplicates."""

from __future__ import annotations

from typing import Any

from persistent import Persistent

from egovdocs.content.storage.locks import is_exclusive


class NotExclusive(RuntimeError):  # noqa: N818 - says what is wrong
    """A number was requested without the lock of :func:`~egovdocs.content.storage.locks.exclusive`."""


class Counter(Persistent):
    """The last number of a series, in an object of its own.

    ``BTrees.Length`` is no replacement: it resolves conflicts by adding the changes up, so two transactions
    may get the same number and both commit.
    """

    last = 0


def next_number(site: Any, series: str) -> int:
    """Return the next number of a series, from 1 on.

    :param series: such as ``requests/2026``.
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
