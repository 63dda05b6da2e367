"""The layout of a diagram: positions of lanes, steps, texts and arrows. Lengths are CSS pixels.

A wide diagram has a lane for each unit, in the order of the table, and time runs downwards: a step is below
those that lead to it (layering by the longest path), or beside the only one that does. A narrow diagram, for
telephones, has one column, and each step names its unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportlab.pdfbase.pdfmetrics import stringWidth

from egovdocs.rendering.diagram.geometry import CLEARANCE, Arrow, Point, Port, Rect
from egovdocs.rendering.diagram.progress import Progress, limit_words
from egovdocs.rendering.diagram.routing import Connection, Router
from egovdocs.rendering.fonts import BOLD, REGULAR, load_fonts
from egovdocs.schemas import Procedure, Step
from egovdocs.schemas.model import END

GAP = 44  # between shapes, on every side: space for three arrows
WIDE, NARROW = 1200, 343
MIN_LANE, MAX_LANE = 196, 250
PADDING = 10
DIAMOND_WIDTH, DIAMOND_HEIGHT = 72, 48
SIDE = 26  # distance from a box's top to where arrows meet its side
MARK = 9  # radius of the start and end marks
STEM = 20  # of the arrow between a mark and its step
LABEL_HEIGHT = 16

Style = Literal["number", "limit", "text", "unit", "taken", "late", "lane"]
Anchor = Literal["start", "middle", "end"]
FONTS: Mapping[Style, tuple[str, float, float]] = {  # font, size, height of a line
    "number": (BOLD, 14, 19),
    "limit": (REGULAR, 13, 19),
    "text": (REGULAR, 13, 17),
    "unit": (REGULAR, 12, 16),
    "taken": (BOLD, 12, 17),
    "late": (BOLD, 12, 17),
    "lane": (BOLD, 14, 18),
}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text; ``at`` is the start, middle or end of its base line, as ``anchor`` says."""

    text: str
    style: Style
    at: Point
    anchor: Anchor = "start"

    @property
    def box(self) -> Rect:
        """The rectangle it occupies."""
        size, width = FONTS[self.style][1], _width(self.text, self.style)
        left = self.at[0] - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        return Rect(left, self.at[1] - size, width, size * 1.25)


@dataclass(frozen=True, slots=True)
class Shape:
    """A step as drawn: its box and, below the box of a condition, the diamond where the branches part.

    :ivar start: the centre of the start mark above it.
    :ivar end: the centre of the end mark below it.
    :ivar bounds: the rectangle of all its parts; arrows of other steps avoid it.
    :ivar floor: the lower edge of its row; arrows that leave it downwards turn below that.
    """

    step: Step
    box: Rect
    diamond: Rect | None
    words: tuple[TextLine, ...]
    start: Point | None
    end: Point | None
    bounds: Rect
    floor: float = 0

    @property
    def exits(self) -> tuple[Port, ...]:
        """The ports where arrows may leave it, the preferred first."""
        if self.diamond is None:
            return self._ports(self.box, ("bottom", "left", "right"))
        return self._ports(self.diamond, ("left", "bottom", "right"))

    @property
    def entries(self) -> tuple[Port, ...]:
        """The ports where arrows may reach it, the preferred first."""
        return self._ports(self.box, ("top", "left", "right"))

    def _ports(self, of: Rect, sides: Iterable[str]) -> tuple[Port, ...]:
        out = self.bounds.expanded(CLEARANCE)
        # Boxes of a row share their upper edge, so an arrow from one to the next is straight.
        side = of.cy if of == self.diamond else of.y + SIDE
        ways = {
            "top": Port("top", (of.cx, of.y), (of.cx, out.y)),
            "bottom": Port("bottom", (of.cx, of.bottom), (of.cx, self.floor + CLEARANCE)),
            "left": Port("left", (of.x, side), (out.x, side)),
            "right": Port("right", (of.right, side), (out.right, side)),
        }
        taken = {"top": self.start, "bottom": self.end}
        return tuple(ways[side] for side in sides if not taken.get(side))


@dataclass(frozen=True, slots=True)
class Lane:
    """A unit's lane with its title at the top."""

    box: Rect
    head: Rect
    words: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True)
class DiagramLayout:
    """The layout of a whole diagram."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    shapes: Mapping[str, Shape]
    arrows: tuple[Arrow, ...]


def lay_out(
    procedure: Procedure, language: str, *, progress: Progress | None = None, narrow: bool = False
) -> DiagramLayout:
    """Place every step and route every arrow.

    :raises FontMissingError: the front end was not built, so no text can be measured.
    """
    load_fonts()
    steps = procedure.steps.values()
    titles = {} if narrow else {step.unit: step.unit_title[language] for step in steps}
    lane = NARROW if narrow else min(max(WIDE // len(titles), MIN_LANE), MAX_LANE)
    if narrow:
        columns, rows = dict.fromkeys(procedure.steps, 0), _one_by_one(procedure)
    else:
        columns = {step.number: list(titles).index(step.unit) for step in steps}
        rows = _layers(procedure, columns)

    heads = [wrap(title, "lane", lane - 2 * PADDING) for title in titles.values()]
    top = max(len(head) for head in heads) * FONTS["lane"][2] + 2 * PADDING if heads else 0
    write = _Writer(procedure.first, language, progress, narrow)
    shapes: dict[str, Shape] = {}
    y = top + GAP / 2 + 2 * MARK + STEM
    for row in range(max(rows.values()) + 1):
        members = [
            write.shape(step, columns[step.number] * lane + GAP / 2, y, lane - GAP)
            for step in steps
            if rows[step.number] == row
        ]
        floor = max(shape.bounds.bottom for shape in members)
        shapes |= {shape.step.number: replace(shape, floor=floor) for shape in members}
        y = floor + GAP

    width, height = lane * max(len(heads), 1), y - GAP / 2
    lanes = tuple(_lane(head, Rect(n * lane, 0, lane, height), top) for n, head in enumerate(heads))
    return DiagramLayout(width, height, lanes, shapes, _arrows(procedure, shapes, rows, width))


def wrap(text: str, style: Style, width: float) -> list[str]:
    """Break a text into lines of at most this width; a wider word is broken too."""
    lines: list[str] = []
    line = ""
    for word in filter(None, re.split(r"[ \t\n]+", text)):  # a no-break space keeps words together
        if line and _width(f"{line} {word}", style) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while len(line) > 1 and _width(line, style) > width:
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or _width(line[:n], style) <= width)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


def _stack(
    lines: Iterable[str], style: Style, x: float, y: float, anchor: Anchor = "start"
) -> list[TextLine]:
    """Stack lines downwards; ``y`` is the upper edge of the first."""
    _, size, height = FONTS[style]
    base = y + (height + size) / 2 - 2
    return [TextLine(line, style, (x, base + n * height), anchor) for n, line in enumerate(lines)]


def _width(text: str, style: Style) -> float:
    font, size, _ = FONTS[style]
    return stringWidth(text, font, size)


def _layers(procedure: Procedure, columns: Mapping[str, int]) -> dict[str, int]:
    """Return each step's row: below all that lead to it, or beside the only process that does."""
    rows: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    for number in _in_order(procedure):
        before = [one for one, step in procedure.steps.items() if number in step.next.values()]
        column, row = columns[number], max((rows[one] for one in before), default=-1)
        between: set[tuple[int, int]] = set()
        if len(before) == 1 and procedure.steps[before[0]].kind == "process":
            other = columns[before[0]]
            between = {(row, n) for n in range(min(column, other), max(column, other) + 1) if n != other}
        if not between or between & taken:
            between, row = set(), row + 1
            while (row, column) in taken:
                row += 1
        rows[number] = row
        taken |= {(row, column), *between}
    return rows


def _one_by_one(procedure: Procedure) -> dict[str, int]:
    return {number: row for row, number in enumerate(_in_order(procedure))}


def _in_order(procedure: Procedure) -> list[str]:
    """Return the steps in the table's order, except that none comes before one that leads to it."""
    ordered: list[str] = []
    waiting = list(procedure.steps)
    while waiting:
        ready = next(
            number
            for number in waiting
            if not any(number in procedure.steps[one].next.values() for one in waiting)
        )
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _lane(lines: Sequence[str], box: Rect, head: float) -> Lane:
    first = (head - len(lines) * FONTS["lane"][2]) / 2
    words = _stack(lines, "lane", box.cx, first, "middle")
    return Lane(box, Rect(box.x, 0, box.width, head), tuple(words))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes steps into boxes as high as their words need."""

    first: Step
    language: str
    progress: Progress | None
    narrow: bool

    def shape(self, step: Step, x: float, y: float, width: float) -> Shape:
        """A step's shape, the upper left corner of its box being here."""
        words, bottom = self._contents(step, x + PADDING, y + PADDING - 3, width - 2 * PADDING)
        box = Rect(x, y, width, bottom + PADDING - y)
        top, bottom = box.y, box.bottom
        start = end = diamond = None
        if step == self.first:
            start = (box.cx, top - STEM - MARK)
            top -= STEM + 2 * MARK
        if step.kind == "condition":
            diamond = Rect(box.cx - DIAMOND_WIDTH / 2, bottom, DIAMOND_WIDTH, DIAMOND_HEIGHT)
            base = diamond.cy + FONTS["number"][1] / 3
            words.append(TextLine(step.number, "number", (diamond.cx, base), "middle"))
            bottom = diamond.bottom
        if END in step.next.values():
            end = (box.cx, bottom + STEM + MARK)
            bottom += STEM + 2 * MARK
        elif diamond:
            bottom += LABEL_HEIGHT
        return Shape(step, box, diamond, tuple(words), start, end, Rect(x, top, width, bottom - top))

    def _contents(self, step: Step, x: float, y: float, width: float) -> tuple[list[TextLine], float]:
        """Return the lines in a step's box and the lower edge of the last."""
        number = step.number if step.kind == "process" and step.number[-1].isdigit() else ""
        limit = limit_words(step, self.language, self.progress)
        passage = self.progress.passages.get(step.number) if self.progress else None
        texts: list[tuple[Style, str]] = [
            ("number", number),
            ("limit", limit),
            ("unit", step.unit_title[self.language] if self.narrow else ""),
            ("text", step.text[self.language]),
        ]
        if passage:
            texts.append(("late" if passage.late else "taken", passage.words(self.language)))
        words: list[TextLine] = []
        if number and limit and _width(number, "number") + PADDING + _width(limit, "limit") <= width:
            del texts[1]
            words += _stack([limit], "limit", x + width, y, "end")
        for style, text in texts:
            lines = wrap(text, style, width)
            words += _stack(lines, style, x, y)
            y += len(lines) * FONTS[style][2]
        return words, y


def _arrows(
    procedure: Procedure, shapes: Mapping[str, Shape], rows: Mapping[str, int], width: float
) -> tuple[Arrow, ...]:
    ports = [port for shape in shapes.values() for port in (*shape.exits, *shape.entries)]
    router = Router([shape.bounds for shape in shapes.values()], ports, width)
    bundles = []
    for number, step in procedure.steps.items():
        ways = [
            Connection(number, event, to, shapes[number].exits, shapes[to].entries)
            for event, to in step.next.items()
            if to != END
        ]
        bundles.append((max((rows[way.target] - rows[number] for way in ways), default=0), ways))
    # Short connections first: they have the fewest alternatives.
    return tuple(arrow for _, ways in sorted(bundles, key=lambda one: one[0]) for arrow in router.route(ways))
