"""Union and intersection of sorted sets of integers, without reading all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol


class SortedSet(Protocol):
    """A sorted set of integers, such as a BTree."""

    def minKey(self, least: int, /) -> int:  # noqa: N802 - the name BTrees have
        """Return the lowest member from ``least`` on.

        :raises ValueError: there is none.
        """


class Union:
    """The union of sorted sets."""

    def __init__(self, sets: Sequence[SortedSet]) -> None:
        self._sets = sets

    def minKey(self, least: int, /) -> int:  # noqa: N802 - the name BTrees have
        """Return the lowest member from ``least`` on.

        :raises ValueError: there is none.
        """
        return min(found for one in self._sets if (found := _lowest(one, least)) is not None)


def intersection(sets: Sequence[SortedSet]) -> Iterator[int]:
    """Yield the members common to all sets, in order (leapfrog join).

    :param sets: at least one.
    """
    at = 0
    while True:
        for one in sets:
            found = _lowest(one, at)
            if found is None:
                return
            if found > at:
                at = found
                break
        else:
            yield at
            at += 1


def _lowest(one: SortedSet, least: int) -> int | None:
    try:
        return one.minKey(least)
    except ValueError:
        return None
