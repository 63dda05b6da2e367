"""Counts for the indicators, kept as the cases go, so that a page of them reads no case.

What is counted of the cases follows from them and can be counted anew. Answers to the questionnaire follow
from nothing: they are kept as sums alone, and no record says who gave which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from persistent import Persistent
from persistent.mapping import PersistentMapping

from egovdocs.content.trees import ByName


class Cell(NamedTuple):
    """Where something is counted.

    :param month: ``2026-06``, as the provider's calendar has it.
    """

    service: str
    channel: str
    month: str


class Counts(Persistent):
    """Numbers by what they count, in each cell."""

    def __init__(self) -> None:
        self._cells = ByName()

    def add(self, cell: Cell, numbers: Mapping[str, int]) -> None:
        """Add to what was counted in a cell. Call :func:`~egovdocs.content.locks.exclusive` before."""
        if tuple(cell) not in self._cells:
            self._cells[tuple(cell)] = PersistentMapping()
        counted = self._cells[tuple(cell)]
        for name, number in numbers.items():
            counted[name] = counted.get(name, 0) + number

    def __iter__(self) -> Iterator[tuple[Cell, dict[str, int]]]:
        """The cells, in order, and what was counted there."""
        return ((Cell(*cell), dict(counted)) for cell, counted in self._cells.items())

    def count_anew(self, counted: Iterable[tuple[Cell, Mapping[str, int]]]) -> None:
        """Forget everything and count this."""
        self._cells.clear()
        for cell, numbers in counted:
            self.add(cell, numbers)

    def differences(self, counted: Iterable[tuple[Cell, Mapping[str, int]]]) -> list[str]:
        """Compare with what should have been counted: one line for each difference."""
        fresh = Counts()
        fresh.count_anew(counted)
        ours, theirs = _flat(self), _flat(fresh)
        return [
            f"{'/'.join(cell)}: {name} is {ours.get((cell, name), 0)}, not {theirs.get((cell, name), 0)}"
            for cell, name in sorted({*ours, *theirs})
            if ours.get((cell, name), 0) != theirs.get((cell, name), 0)
        ]


class Statistics(Persistent):
    """The counts of a site.

    :ivar work: how requests were answered, and whether within their limits.
    :ivar answers: what applicants answered to the questionnaire.
    """

    __parent__: Any = None

    def __init__(self) -> None:
        self.work = Counts()
        self.answers = Counts()


def _flat(counts: Counts) -> dict[tuple[Cell, str], int]:
    return {(cell, name): number for cell, numbers in counts for name, number in numbers.items()}
