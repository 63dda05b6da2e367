"""Points, boxes and arrows of a drawing; y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]
CLEARANCE = 12  # how near an arrow may pass a shape that is not its own


@dataclass(frozen=True, slots=True)
class Rect:
    """A box that stands upright."""

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

    def grown(self, by: float) -> Rect:
        return Rect(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: Rect) -> bool:
        """Have the two any room in common? Edges that touch have none."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Port:
    """Where an arrow may touch a shape: ``at`` on its edge, ``out`` clear of it, where turns may begin."""

    side: str
    at: Point
    out: Point


@dataclass(frozen=True, slots=True)
class Arrow:
    """The way from one step to another on an event: the corners, from edge to edge."""

    source: str
    event: str
    target: str
    side: str
    points: tuple[Point, ...]
