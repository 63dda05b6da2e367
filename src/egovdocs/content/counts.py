"""Counts by service, channel and month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from persistent import Persistent
from persistent.mapping import PersistentMapping

from egovdocs.content.packed_trees import ByName


class Cell(NamedTuple):
    """What is counted together.

    :param month: ``2026-06``, in the provider's time zone.
    :param edition: the service's edition, to whose tables the numbers of steps belong; "" where no steps are
        counted.
    """

    service: str
    channel: str
    month: str
    edition: str = ""


class Counts(Persistent):
    """The counts of each cell, by name."""

    def __init__(self) -> None:
        self._cells = ByName()

    def add(self, cell: Cell, numbers: Mapping[str, int]) -> None:
        """Add numbers to the counts of a cell. Take the lock with ``exclusive`` before."""
        if tuple(cell) not in self._cells:
            self._cells[tuple(cell)] = PersistentMapping()
        counted = self._cells[tuple(cell)]
        for name, number in numbers.items():
            counted[name] = counted.get(name, 0) + number

    def __iter__(self) -> Iterator[tuple[Cell, dict[str, int]]]:
        """Yield each cell, in order, with its counts."""
        return ((Cell(*cell), dict(counted)) for cell, counted in self._cells.items())

    def replace(self, counted: Iterable[tuple[Cell, Mapping[str, int]]]) -> None:
        """Replace all counts by the sums of these."""
        self._cells.clear()
        for cell, numbers in counted:
            self.add(cell, numbers)

    def differences(self, counted: Iterable[tuple[Cell, Mapping[str, int]]]) -> list[str]:
        """Compare the counts with the sums of these.

        :returns: a line for each difference.
        """
        fresh = Counts()
        fresh.replace(counted)
        ours, expected = _flat(self), _flat(fresh)
        return [
            f"{'/'.join(cell)}: {name} is {ours.get((cell, name), 0)}, not {expected.get((cell, name), 0)}"
            for cell, name in sorted({*ours, *expected})
            if ours.get((cell, name), 0) != expected.get((cell, name), 0)
        ]


def _flat(counts: Counts) -> dict[tuple[Cell, str], int]:
    return {(cell, name): number for cell, numbers in counts for name, number in numbers.items()}
