"""Points, boxes and arrows of a drawing; y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]
CLEARANCE = 12  # the least distance of an arrow from a shape that is not its own


@dataclass(frozen=True, slots=True)
class Rect:
    """An axis-aligned rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    def expanded(self, by: float) -> Rect:
        return Rect(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def overlaps(self, other: Rect) -> bool:
        """Whether the two overlap; touching edges do not."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Port:
    """A point where an arrow touches a shape: ``at`` on its edge, ``out`` clear of it, where turns begin."""

    side: str
    at: Point
    out: Point


@dataclass(frozen=True, slots=True)
class Arrow:
    """The line from one step to another on an event; ``points`` are its corners, from edge to edge."""

    source: str
    event: str
    target: str
    side: str
    points: tuple[Point, ...]
