"""Ways for arrows: straight up, down and sideways, round every shape, with few corners and crossings.

Dijkstra's shortest path over the lines on which an arrow may run: those through the shapes' ports and those
in the middle of the free room between them. Deterministic: the same shapes give the same ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, groupby, pairwise, permutations
from typing import NamedTuple

from egovdocs.rendering.diagram.geometry import CLEARANCE, Arrow, Point, Port, Rect

CORNER = 40
CROSSING = 60
SHARED = 500  # two arrows on one line cannot be told apart
NEXT_BEST = CORNER / 2  # for every port that is better
EDGE = CLEARANCE - 1

DIRECTIONS = ((0, 1), (1, 0), (0, -1), (-1, 0))
OUTWARDS = {"bottom": 0, "right": 1, "top": 2, "left": 3}

Cell = tuple[int, int]


class At(NamedTuple):
    """A place on a way: a crossing of two lines, and the direction in which an arrow moves there."""

    cell: Cell
    direction: int


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow that is wanted: from one of a step's exits to one of another's entries, the best first."""

    source: str
    event: str
    target: str
    exits: Sequence[Port]
    entries: Sequence[Port]


class Router:
    """Finds ways one after another; each keeps clear of those before it where it can."""

    def __init__(self, obstacles: Sequence[Rect], ports: Sequence[Port], width: float) -> None:
        self.xs = _lines([port.out[0] for port in ports], width)
        self.ys = _lines([port.out[1] for port in ports], float("inf"))
        self.column = {x: n for n, x in enumerate(self.xs)}
        self.row = {y: n for n, y in enumerate(self.ys)}
        self.blocked = {cell for rect in obstacles for cell in self._inside(rect.grown(EDGE))}
        # By cell, the arrows routed through it: along which axis, to which target.
        self.near: dict[Cell, frozenset[tuple[int, str]]] = {}
        self.leaving: frozenset[Point] = frozenset()
        self.arriving: frozenset[Point] = frozenset()

    def route(self, ways: Sequence[Way]) -> list[Arrow]:
        """The cheapest ways for arrows that leave one step, whichever of them is found first.

        :raises ValueError: there is none; shapes as near as that are never laid out.
        """
        tried = [self._in_this_order(order) for order in permutations(ways)]
        _, best, arrows = min(tried, key=lambda one: one[0])
        self.__dict__.update(best.__dict__)
        return arrows

    def _in_this_order(self, ways: Iterable[Way]) -> tuple[float, Router, list[Arrow]]:
        router, total, arrows = copy(self), 0.0, []
        router.near = dict(self.near)
        for way in ways:
            cost, arrow = router._route(way)
            total += cost
            arrows.append(arrow)
        return total, router, arrows

    def _route(self, way: Way) -> tuple[float, Arrow]:
        exits = {
            At(self._cell(port), OUTWARDS[port.side]): (n * NEXT_BEST, port)
            for n, port in enumerate(way.exits)
            if port.at not in self.leaving | self.arriving
        }
        entries = {
            At(self._cell(port), (OUTWARDS[port.side] + 2) % 4): (bool(n) * NEXT_BEST, port)
            for n, port in enumerate(way.entries)
            if port.at not in self.leaving
        }
        starts = {at: cost for at, (cost, _) in exits.items()}
        ends = {at: cost for at, (cost, _) in entries.items()}
        cost, path = self._search(starts, ends, way.target)
        first, last = exits[path[0]][1], entries[path[-1]][1]
        points = [first.at, *((self.xs[i], self.ys[j]) for (i, j), _ in path), last.at]
        self.leaving |= {first.at}
        self.arriving |= {last.at}
        self._remember(path, first, way.target)
        return cost, Arrow(way.source, way.event, way.target, first.side, tuple(_corners(points)))

    def _search(self, starts: dict[At, float], ends: dict[At, float], target: str) -> tuple[float, list[At]]:
        number = count()  # of two ways that cost the same, the one found first
        queue: list[tuple[float, int, At | None, At | None]] = []
        for start, cost in starts.items():
            heappush(queue, (cost, next(number), start, None))
        came: dict[At, At | None] = {}
        while queue:
            cost, _, at, before = heappop(queue)
            if at is None:
                break
            if at in came:
                continue
            came[at] = before
            if at in ends:
                heappush(queue, (cost + ends[at], next(number), None, at))
            for after, more in self._onwards(at, target):
                heappush(queue, (cost + more, next(number), after, at))
        else:
            raise ValueError("no way for an arrow")
        path = []
        while before is not None:
            path.append(before)
            before = came[before]
        return cost, path[::-1]

    def _onwards(self, at: At, target: str) -> Iterable[tuple[At, float]]:
        """Where an arrow may go from here, and what it costs."""
        (i, j), direction = at
        others = any(other != target for _, other in self.near.get(at.cell, ()))
        for turned in ((direction + 1) % 4, (direction + 3) % 4):
            yield At(at.cell, turned), CORNER + SHARED * others
        di, dj = DIRECTIONS[direction]
        cell = (i + di, j + dj)
        if cell[0] in range(len(self.xs)) and cell[1] in range(len(self.ys)) and cell not in self.blocked:
            cost = abs(self.xs[cell[0]] - self.xs[i]) + abs(self.ys[cell[1]] - self.ys[j])
            for axis, other in self.near.get(cell, ()):
                if other != target:
                    cost += SHARED if axis == direction % 2 else CROSSING
            yield At(cell, direction), cost

    def _remember(self, path: list[At], exit_: Port, target: str) -> None:
        """Keep the cells of a way, in which turns count along both axes, and those below a short box."""
        places = [(cell, direction % 2) for cell, direction in path]
        if exit_.side == "bottom":
            column, row = self._cell(exit_)
            places += [((column, n), 0) for n, y in enumerate(self.ys[:row]) if y > exit_.at[1]]
        for cell, axis in places:
            self.near[cell] = self.near.get(cell, frozenset()) | {(axis, target)}

    def _cell(self, port: Port) -> Cell:
        return self.column[port.out[0]], self.row[port.out[1]]

    def _inside(self, rect: Rect) -> Iterable[Cell]:
        columns = [n for n, x in enumerate(self.xs) if rect.x < x < rect.right]
        rows = [n for n, y in enumerate(self.ys) if rect.y < y < rect.bottom]
        return ((i, j) for i in columns for j in rows)


def _lines(through: Iterable[float], most: float) -> list[float]:
    """These lines, one more at either edge, and one in the middle wherever there is room between two."""
    known = sorted(set(through))
    known = [known[0] - CLEARANCE, *known, known[-1] + CLEARANCE]
    known = [line for line in known if 0 < line < most]
    between = [(a + b) / 2 for a, b in pairwise(known) if b - a >= CLEARANCE * 3 / 2]
    return sorted({*known, *between})


def _corners(points: Iterable[Point]) -> list[Point]:
    """The points without those on the way between their neighbours."""
    several = [point for point, _ in groupby(points)]
    kept = several[:1]
    for before, here, after in zip(several, several[1:], several[2:], strict=False):
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            kept.append(here)
    return [*kept, several[-1]]
