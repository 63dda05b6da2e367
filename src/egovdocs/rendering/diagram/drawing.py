"""Draw a diagram as SVG; its classes are styled by the page (assets/diagram.scss)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from lxml import etree

from egovdocs.i18n import _, translate
from egovdocs.rendering.diagram.geometry import Arrow, Point, Rect
from egovdocs.rendering.diagram.layout import MARK, STEM, Lane, Shape, TextLine, lay_out
from egovdocs.rendering.diagram.progress import Progress
from egovdocs.schemas import Procedure, Step
from egovdocs.schemas.model import END

SVG = "http://www.w3.org/2000/svg"
CLASS = "app-diagram"
ROUND = 6
HEAD = (9, 4.5)  # length and half the width of an arrow's head
EVENTS = {"yes": _("Yes"), "no": _("No"), "done": ""}


def draw(
    procedure: Procedure,
    language: str,
    *,
    progress: Progress | None = None,
    narrow: bool = False,
    name: str = "diagram",
) -> str:
    """Draw a procedure and, if a case's progress is given, the steps it passed.

    :param narrow: for telephones: a single column without lanes.
    :param name: prefix of the ids in the drawing; unique within a page.
    :returns: an ``svg`` element without styles. The same arguments give the same drawing.
    :raises FontMissingError: the front end was not built.
    """
    plan = lay_out(procedure, language, progress=progress, narrow=narrow)
    words = {event: translate(message, language) for event, message in EVENTS.items()}
    drawing = _element(
        "svg",
        {
            "xmlns": SVG,
            "class": " ".join(_classes("", {"narrow": narrow, "walked": progress is not None})),
            "viewBox": f"0 0 {_number(plan.width)} {_number(plan.height)}",
            "width": _number(plan.width),
            "height": _number(plan.height),
            "role": "img",
            "lang": language,
            "aria-labelledby": f"{name}-title {name}-desc",
        },
        _element("title", {"id": f"{name}-title"}, text=_title(procedure, language)),
        _element("desc", {"id": f"{name}-desc"}, text=_description(procedure, language, progress)),
        *(_lane(lane, odd=n % 2 == 1) for n, lane in enumerate(plan.lanes)),
        # The arrows that were taken are drawn above the others.
        *sorted(
            (_arrow(arrow, plan.shapes[arrow.source], words[arrow.event], progress) for arrow in plan.arrows),
            key=lambda arrow: "--taken" in arrow.get("class", ""),
        ),
        *(_shape(shape, words, progress) for shape in plan.shapes.values()),
    )
    return etree.tostring(drawing, encoding="unicode")


def _element(
    name: str, attributes: Mapping[str, str], *children: etree._Element, text: str = ""
) -> etree._Element:
    element = etree.Element(name, dict(attributes))
    element.text = text or None
    element.extend(children)
    return element


def _title(procedure: Procedure, language: str) -> str:
    message = _(
        "Table ${table}. ${channel}",
        mapping={"table": procedure.table, "channel": procedure.title[language]},
    )
    return translate(message, language)


def _description(procedure: Procedure, language: str, progress: Progress | None) -> str:
    units = list(dict.fromkeys(step.unit_title[language] for step in procedure.steps.values()))
    texts = [
        translate(_("Who takes part: ${units}.", mapping={"units": ", ".join(units)}), language),
        translate(_("The table of steps on this page says the same in words."), language),
    ]
    if progress and progress.passages:
        way = ", ".join(progress.passages)
        texts.insert(1, translate(_("The way taken: ${steps}.", mapping={"steps": way}), language))
    if progress and progress.now:
        texts.insert(2, translate(_("It is at ${step} now.", mapping={"step": progress.now}), language))
    return " ".join(texts)


def _lane(lane: Lane, *, odd: bool) -> etree._Element:
    return _element(
        "g",
        {"class": " ".join(_classes("lane", {"odd": odd}))},
        _rect(lane.box, "lane-body"),
        _rect(lane.head, "lane-head"),
        *_texts(lane.words),
    )


def _arrow(arrow: Arrow, source: Shape, word: str, progress: Progress | None) -> etree._Element:
    taken = progress is not None and (arrow.source, arrow.event) in progress.transitions
    group = _element(
        "g",
        {
            "class": " ".join(_classes("arrow", {"taken": taken})),
            "data-from": arrow.source,
            "data-to": arrow.target,
            "data-event": arrow.event,
        },
        *_line(arrow.points),
    )
    if word:
        group.append(_label(word, arrow.side, arrow.points[0]))
    return group


def _label(word: str, side: str, at: Point) -> etree._Element:
    """Label an arrow with a condition's answer, beside the corner of the diamond it leaves."""
    x, y, anchor = {
        "left": (at[0] - 4, at[1] - 6, "end"),
        "right": (at[0] + 4, at[1] - 6, "start"),
        "bottom": (at[0] + 6, at[1] + 13, "start"),
    }[side]
    place = {"x": _number(x), "y": _number(y), "text-anchor": anchor}
    return _element("text", {"class": f"{CLASS}__answer", **place}, text=word)


def _shape(shape: Shape, words: dict[str, str], progress: Progress | None) -> etree._Element:
    step = shape.step
    passage = progress.passages.get(step.number) if progress else None
    marks = {
        "condition": step.kind == "condition",
        "refusal": refuses(step),
        "grant": "grant" in step.does,
        "passed": passage is not None and not passage.now,
        "now": passage is not None and passage.now,
    }
    group = _element("g", {"class": " ".join(_classes("step", marks)), "data-step": step.number})
    if shape.start:
        begun = progress is not None and progress.begun
        group.append(_start(shape.start, shape.box, begun))
    if shape.end:
        event = next(event for event, to in step.next.items() if to == END)
        ended = progress is not None and (step.number, event) in progress.transitions
        group.append(_end(shape, words[event], ended))
    group.append(_rect(shape.box, "box", 0 if shape.diamond else 10))
    if shape.diamond:
        of = shape.diamond
        corners = [(of.cx, of.y), (of.right, of.cy), (of.cx, of.bottom), (of.x, of.cy)]
        group.append(_element("polygon", {"class": f"{CLASS}__diamond", "points": _points(corners)}))
    group.extend(_texts(shape.words))
    return group


def refuses(step: Step) -> bool:
    """Whether the step is one of the regulation's refusals."""
    return any(duty.startswith("refuse") for duty in step.does)


def _start(at: Point, box: Rect, taken: bool) -> etree._Element:
    return _element(
        "g",
        {"class": " ".join(_classes("arrow", {"taken": taken}))},
        *_line(((at[0], at[1] + MARK), (at[0], box.y))),
        _circle(at, MARK, "start"),
    )


def _end(shape: Shape, word: str, taken: bool) -> etree._Element:
    assert shape.end
    x, y = shape.end
    begin = (x, y - MARK - STEM)
    group = _element(
        "g",
        {"class": " ".join(_classes("arrow", {"taken": taken}))},
        *_line((begin, (x, y - MARK))),
        _circle((x, y), MARK, "end"),
        _circle((x, y), MARK / 2, "end-core"),
    )
    if word:
        group.append(_label(word, "bottom", begin))
    return group


def _line(points: Iterable[Point]) -> tuple[etree._Element, etree._Element]:
    """Return an arrow's line, with rounded corners, and its head."""
    *_, before, last = corners = list(points)
    dx, dy = _direction(before, last)
    length, half = HEAD
    back = (last[0] - dx * length, last[1] - dy * length)
    wings = [(back[0] - dy * half, back[1] + dx * half), (back[0] + dy * half, back[1] - dx * half)]
    corners[-1] = back
    path = [f"M{_point(corners[0])}"]
    for one, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        room = min(ROUND, *(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise((one, corner, after))))
        (ax, ay), (bx, by) = _direction(one, corner), _direction(corner, after)
        near = (corner[0] - ax * room, corner[1] - ay * room)
        far = (corner[0] + bx * room, corner[1] + by * room)
        path.append(f"L{_point(near)}Q{_point(corner)} {_point(far)}")
    path.append(f"L{_point(back)}")
    return (
        _element("path", {"class": f"{CLASS}__line", "d": "".join(path)}),
        _element("polygon", {"class": f"{CLASS}__head", "points": _points([last, *wings])}),
    )


def _direction(one: Point, other: Point) -> tuple[int, int]:
    return (other[0] > one[0]) - (other[0] < one[0]), (other[1] > one[1]) - (other[1] < one[1])


def _texts(lines: Iterable[TextLine]) -> list[etree._Element]:
    return [
        _element(
            "text",
            {
                "class": f"{CLASS}__{line.style}",
                "x": _number(line.at[0]),
                "y": _number(line.at[1]),
                "text-anchor": line.anchor,
            },
            text=line.text,
        )
        for line in lines
    ]


def _rect(of: Rect, name: str, round_: int = 0) -> etree._Element:
    place = {"x": of.x, "y": of.y, "width": of.width, "height": of.height, "rx": round_}
    return _element(
        "rect", {"class": f"{CLASS}__{name}", **{key: _number(value) for key, value in place.items()}}
    )


def _circle(at: Point, radius: float, name: str) -> etree._Element:
    return _element(
        "circle",
        {"class": f"{CLASS}__{name}", "cx": _number(at[0]), "cy": _number(at[1]), "r": _number(radius)},
    )


def _classes(name: str, marks: dict[str, bool]) -> list[str]:
    whole = f"{CLASS}__{name}" if name else CLASS
    return [whole, *(f"{whole}--{mark}" for mark, is_so in marks.items() if is_so)]


def _points(points: Iterable[Point]) -> str:
    return " ".join(_point(point) for point in points)


def _point(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
