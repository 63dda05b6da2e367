"""Route arrows orthogonally around the shapes, with few corners and crossings.

Dijkstra's shortest path on the grid of lines through the shapes' ports and midway between them.
Deterministic: the same shapes give the same routes.
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
SHARED = 500  # two arrows on one line cannot be distinguished
WORSE_PORT = CORNER / 2  # for every port that is preferred to it
EDGE = CLEARANCE - 1

DIRECTIONS = ((0, 1), (1, 0), (0, -1), (-1, 0))
OUTWARDS = {"bottom": 0, "right": 1, "top": 2, "left": 3}

Cell = tuple[int, int]


class Position(NamedTuple):
    """A grid cell, and the direction in which an arrow moves through it."""

    cell: Cell
    direction: int


@dataclass(frozen=True, slots=True)
class Connection:
    """An arrow to be routed: from one of a step's exits to one of another's entries, the preferred first."""

    source: str
    event: str
    target: str
    exits: Sequence[Port]
    entries: Sequence[Port]


class Router:
    """Routes arrows one after another; each avoids those before it where possible."""

    def __init__(self, obstacles: Sequence[Rect], ports: Sequence[Port], width: float) -> None:
        self.xs = _lines([port.out[0] for port in ports], width)
        self.ys = _lines([port.out[1] for port in ports], float("inf"))
        self.column = {x: n for n, x in enumerate(self.xs)}
        self.row = {y: n for n, y in enumerate(self.ys)}
        self.blocked = {cell for rect in obstacles for cell in self._inside(rect.expanded(EDGE))}
        # By cell, the arrows routed through it: their axis and target.
        self.near: dict[Cell, frozenset[tuple[int, str]]] = {}
        self.leaving: frozenset[Point] = frozenset()
        self.arriving: frozenset[Point] = frozenset()

    def route(self, connections: Sequence[Connection]) -> list[Arrow]:
        """Route the arrows that leave one step, in the order that costs least.

        :raises ValueError: there is no route; ``lay_out`` never places shapes that close.
        """
        tried = [self._route_in_order(order) for order in permutations(connections)]
        _, best, arrows = min(tried, key=lambda one: one[0])
        self.__dict__.update(best.__dict__)
        return arrows

    def _route_in_order(self, connections: Iterable[Connection]) -> tuple[float, Router, list[Arrow]]:
        router, total, arrows = copy(self), 0.0, []
        router.near = dict(self.near)
        for connection in connections:
            cost, arrow = router._route(connection)
            total += cost
            arrows.append(arrow)
        return total, router, arrows

    def _route(self, connection: Connection) -> tuple[float, Arrow]:
        exits = {
            Position(self._cell(port), OUTWARDS[port.side]): (n * WORSE_PORT, port)
            for n, port in enumerate(connection.exits)
            if port.at not in self.leaving | self.arriving
        }
        entries = {
            Position(self._cell(port), (OUTWARDS[port.side] + 2) % 4): (bool(n) * WORSE_PORT, port)
            for n, port in enumerate(connection.entries)
            if port.at not in self.leaving
        }
        starts = {at: cost for at, (cost, _) in exits.items()}
        ends = {at: cost for at, (cost, _) in entries.items()}
        cost, path = self._search(starts, ends, connection.target)
        first, last = exits[path[0]][1], entries[path[-1]][1]
        points = [first.at, *((self.xs[i], self.ys[j]) for (i, j), _ in path), last.at]
        self.leaving |= {first.at}
        self.arriving |= {last.at}
        self._remember(path, first, connection.target)
        return cost, Arrow(
            connection.source, connection.event, connection.target, first.side, tuple(_corners(points))
        )

    def _search(
        self, starts: dict[Position, float], ends: dict[Position, float], target: str
    ) -> tuple[float, list[Position]]:
        number = count()  # of two routes of equal cost, the one found first
        queue: list[tuple[float, int, Position | None, Position | None]] = []
        for start, cost in starts.items():
            heappush(queue, (cost, next(number), start, None))
        came: dict[Position, Position | None] = {}
        while queue:
            cost, _, at, before = heappop(queue)
            if at is None:
                break
            if at in came:
                continue
            came[at] = before
            if at in ends:
                heappush(queue, (cost + ends[at], next(number), None, at))
            for after, more in self._neighbours(at, target):
                heappush(queue, (cost + more, next(number), after, at))
        else:
            raise ValueError("an arrow has no route")
        path = []
        while before is not None:
            path.append(before)
            before = came[before]
        return cost, path[::-1]

    def _neighbours(self, at: Position, target: str) -> Iterable[tuple[Position, float]]:
        """Yield the next positions of an arrow and their costs."""
        (i, j), direction = at
        others = any(other != target for _, other in self.near.get(at.cell, ()))
        for turned in ((direction + 1) % 4, (direction + 3) % 4):
            yield Position(at.cell, turned), CORNER + SHARED * others
        di, dj = DIRECTIONS[direction]
        cell = (i + di, j + dj)
        if cell[0] in range(len(self.xs)) and cell[1] in range(len(self.ys)) and cell not in self.blocked:
            cost = abs(self.xs[cell[0]] - self.xs[i]) + abs(self.ys[cell[1]] - self.ys[j])
            for axis, other in self.near.get(cell, ()):
                if other != target:
                    cost += SHARED if axis == direction % 2 else CROSSING
            yield Position(cell, direction), cost

    def _remember(self, path: list[Position], exit_: Port, target: str) -> None:
        """Record the cells of a route, turns along both axes, and those below a short box."""
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


def _lines(through: Iterable[float], limit: float) -> list[float]:
    """Return these lines, one more at either edge, and one midway wherever two are far enough apart."""
    known = sorted(set(through))
    known = [known[0] - CLEARANCE, *known, known[-1] + CLEARANCE]
    known = [line for line in known if 0 < line < limit]
    between = [(a + b) / 2 for a, b in pairwise(known) if b - a >= CLEARANCE * 3 / 2]
    return sorted({*known, *between})


def _corners(points: Iterable[Point]) -> list[Point]:
    """Return the points without those on the straight line between their neighbours."""
    several = [point for point, _ in groupby(points)]
    kept = several[:1]
    for before, here, after in zip(several, several[1:], several[2:], strict=False):
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            kept.append(here)
    return [*kept, several[-1]]
