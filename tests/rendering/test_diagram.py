"""The diagrams of the procedures: what stands where, what leads where, and a case's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.content import JournalEntry
from egovdocs.rendering import diagram
from egovdocs.rendering.diagram.geometry import CLEARANCE, Arrow, Rect
from egovdocs.rendering.diagram.layout import Shape, wrap
from egovdocs.rendering.formats import format_duration
from egovdocs.schemas import LANGUAGES, Procedure, Text, load_services

SERVICES = load_services(Path(__file__).parents[1] / "schemas" / "services")
TABLES = {
    procedure.table: (service, procedure)
    for service in (each.newest for each in SERVICES.values())
    for procedure in service.channels.values()
}
SERVICE, A1 = TABLES["A1"]
MORNING = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # a Monday; ten o'clock in Aktau
NS = {"svg": "http://www.w3.org/2000/svg"}


def layouts() -> Iterator[Any]:
    for table, (_, procedure) in TABLES.items():
        for language in LANGUAGES:
            for narrow in (False, True):
                yield pytest.param(
                    procedure,
                    diagram.lay_out(procedure, language, narrow=narrow),
                    id=f"{table}-{language}-{'narrow' if narrow else 'wide'}",
                )


every = pytest.mark.parametrize(("procedure", "plan"), list(layouts()))


def drawn(procedure: Procedure, **options: Any) -> Any:
    return etree.fromstring(diagram.draw(procedure, "en", **options))


def steps(drawing: Any, mark: str = "") -> list[str]:
    """The steps drawn, in the drawing's order; those with a mark."""
    wanted = f"app-diagram__step{mark}"
    return [
        group.get("data-step")
        for group in drawing.iterfind(".//svg:g[@data-step]", NS)
        if wanted in group.get("class").split()
    ]


def words(drawing: Any, number: str) -> str:
    said = drawing.find(f".//svg:g[@data-step='{number}']", NS).itertext()
    return " ".join(said).replace("\u00a0", " ")


@every
def test_every_step_once_and_every_way_on(procedure: Procedure, plan: diagram.Layout) -> None:
    assert list(plan.shapes) == list(procedure.steps)
    wanted = {
        (number, event, to) for number, step in procedure.steps.items() for event, to in step.next.items()
    }
    led = [(arrow.source, arrow.event, arrow.target) for arrow in plan.arrows]
    ended = {
        (shape.step.number, event, "end")
        for shape in plan.shapes.values()
        if shape.end
        for event, to in shape.step.next.items()
        if to == "end"
    }
    assert len(led) == len(set(led))
    assert {*led, *ended} == wanted
    assert [shape.step for shape in plan.shapes.values() if shape.start] == [procedure.first]


@every
def test_no_two_shapes_overlap(procedure: Procedure, plan: diagram.Layout) -> None:
    whole = Rect(0, 0, plan.width, plan.height)
    for one, other in combinations(plan.shapes.values(), 2):
        assert not one.bounds.overlaps(other.bounds), (one.step.number, other.step.number)
    for shape in plan.shapes.values():
        assert inside(shape.bounds, whole)
        assert inside(shape.box, shape.bounds)
        assert all(not shape.bounds.overlaps(lane.head) for lane in plan.lanes)


@every
def test_a_step_stands_in_its_units_lane(procedure: Procedure, plan: diagram.Layout) -> None:
    units = list(dict.fromkeys(step.unit for step in procedure.steps.values()))
    if plan.lanes:
        assert len(plan.lanes) == len(units)
        for shape in plan.shapes.values():
            assert inside(shape.bounds, plan.lanes[units.index(shape.step.unit)].box)
    for number, step in procedure.steps.items():
        for after in step.next.values():
            if after != "end":
                assert plan.shapes[after].box.y >= plan.shapes[number].box.y, "time goes down"


@every
def test_texts_fit(procedure: Procedure, plan: diagram.Layout) -> None:
    for shape in plan.shapes.values():
        for line in shape.words:
            room = shape.diamond if shape.diamond and line.anchor == "middle" else shape.box
            assert inside(line.box, room), (shape.step.number, line.text)
        for one, other in combinations(shape.words, 2):
            assert not one.box.expanded(-1).overlaps(other.box.expanded(-1)), (one.text, other.text)
    for lane in plan.lanes:
        assert all(inside(line.box, lane.head) for line in lane.words)


@every
def test_arrows_run_from_shape_to_shape_and_through_none(procedure: Procedure, plan: diagram.Layout) -> None:
    for arrow in plan.arrows:
        source, target = plan.shapes[arrow.source], plan.shapes[arrow.target]
        assert arrow.points[0] in [port.at for port in source.exits]
        assert arrow.points[-1] in [port.at for port in target.entries]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(arrow.points)), "straight"
        for shape in plan.shapes.values():
            if shape not in (source, target):
                assert not passes(arrow, shape.bounds.expanded(CLEARANCE - 1)), (arrow, shape.step.number)
        assert not passes(arrow, source.box)
        assert not passes(arrow, target.bounds) or arrow.points[-1][1] > target.bounds.y


@every
def test_no_two_arrows_share_a_line(procedure: Procedure, plan: diagram.Layout) -> None:
    for one, other in combinations(plan.arrows, 2):
        if one.target != other.target:
            shared = [(a, b) for a in runs(one) for b in runs(other) if along(a, b)]
            assert not shared, (one.source, other.source)
    for shape in plan.shapes.values():
        out = [arrow.points[0] for arrow in plan.arrows if arrow.source == shape.step.number]
        assert len(set(out)) == len(out), "yes and no leave by corners of their own"


def test_the_regulations_tables_need_no_crossing() -> None:
    for table, (_, procedure) in TABLES.items():
        plan = diagram.lay_out(procedure, "ru")
        crossings = [
            (one.source, other.source)
            for one, other in combinations(plan.arrows, 2)
            if one.target != other.target
            for a in runs(one)
            for b in runs(other)
            if a.expanded(0.5).overlaps(b.expanded(0.5))
        ]
        assert not crossings, table


def test_the_same_table_gives_the_same_drawing() -> None:
    assert diagram.draw(A1, "kk") == diagram.draw(A1, "kk")


def test_what_a_drawing_says() -> None:
    drawing = drawn(A1, name="wide")
    assert steps(drawing) == list(A1.steps)
    assert steps(drawing, "--refusal") == ["P2", "P5", "P7", "P10"]
    assert steps(drawing, "--grant") == ["P11"]
    assert steps(drawing, "--condition") == ["C1", "C2", "C3", "C4"]
    assert "P1 10–15 s" in words(drawing, "P1") or "10–15 s P1" in words(drawing, "P1")
    assert "15 / 10 / 2 working days" in words(drawing, "P11")
    answers = {
        (arrow.get("data-from"), arrow.get("data-to")): arrow.findtext("svg:text", None, NS)
        for arrow in drawing.iterfind("svg:g[@data-event]", NS)
    }
    assert answers["C1", "P2"] == "No"
    assert answers["C1", "P3"] == "Yes"
    assert answers["P1", "C1"] is None


def test_a_drawing_is_named_for_those_who_do_not_see_it() -> None:
    drawing = drawn(A1, name="wide")
    assert drawing.get("role") == "img"
    named = drawing.get("aria-labelledby").split()
    assert [element.get("id") for element in drawing[:2]] == named == ["wide-title", "wide-desc"]
    assert "A1" in drawing[0].text
    assert "Applicant" in drawing[1].text


def test_strict_pages_may_hold_it() -> None:
    """No style of its own, no script, nothing from elsewhere: the Content-Security-Policy allows none."""
    for element in drawn(A1).iter():
        assert element.tag.rpartition("}")[2] in {
            *("svg", "title", "desc", "g", "rect", "text", "path", "polygon", "circle")
        }
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
        assert "href" not in element.attrib


def test_hostile_words_stay_words() -> None:
    hostile = '</text></svg><script>alert("1")</script>&amp; ' + "Ж" * 400
    step = replace(A1.first, text=Text(hostile, hostile, hostile), unit_title=Text(hostile, hostile, hostile))
    procedure = replace(A1, steps={**A1.steps, A1.first.number: step}, title=Text("<b>", "<b>", "<b>"))
    drawing = drawn(procedure, name="x")
    assert not drawing.findall(".//svg:script", NS)
    text = "".join(words(drawing, "registration").split())
    assert '</svg><script>alert("1")</script>&amp;' in text
    plan = diagram.lay_out(procedure, "en")
    shape = plan.shapes["registration"]
    assert all(inside(line.box, shape.box) for line in shape.words)


def test_a_word_wider_than_its_box_is_broken() -> None:
    assert "".join(wrap("Ж" * 100, "text", 50)) == "Ж" * 100
    assert wrap("", "text", 50) == []
    assert wrap("Ж", "text", 1) == ["Ж"]


# --- a case's way ---------------------------------------------------------------------------------


def entry(step: str, start: int, seconds: float | None, event: str | None = "done") -> JournalEntry:
    """A step begun so many seconds after the morning."""
    began = MORNING + timedelta(seconds=start)
    limit = A1.steps[step].limit
    return JournalEntry(
        step=step,
        unit=A1.steps[step].unit,
        actor="",
        started=began,
        ended=None if seconds is None else began + timedelta(seconds=seconds),
        event=None if seconds is None else event,
        limit=None if limit is None else limit.most or limit.days(SERVICE.actions["issue"]),
    )


def walked(*entries: JournalEntry, now: datetime = MORNING + timedelta(hours=1), **case: Any) -> Any:
    kept: Any = SimpleNamespace(journal=entries, registered_at=None, deadline=None, **case)
    if "registered" in case:
        kept.registered_at, kept.deadline = MORNING, case["registered"]
    action = SERVICE.actions["issue"]
    return diagram.progress_of(kept, A1, action, calendar=WorkingCalendar(), now=now)


def test_the_way_taken_is_marked() -> None:
    progress = walked(
        entry("P1", 0, 8), entry("C1", 8, 1, "yes"), entry("P3", 10, 50), entry("P4", 60, 30),
        entry("C2", 90, 1, "yes"), entry("P6", 100, None),
    )  # fmt: skip
    drawing = drawn(A1, progress=progress)
    assert steps(drawing, "--passed") == ["P1", "C1", "P3", "P4", "C2"]
    assert steps(drawing, "--now") == ["P6"]
    assert taken(drawing) == {("P1", "C1"), ("C1", "P3"), ("P3", "P4"), ("P4", "C2"), ("C2", "P6")}
    assert "took 8 secs" in words(drawing, "P1")
    assert "here now: 58 mins 20 secs" in words(drawing, "P6")
    assert "here now" not in words(drawing, "P8")
    assert "P6" in drawing.findtext("svg:desc", None, NS)


def test_a_step_that_took_too_long_is_told_from_one_that_did_not() -> None:
    progress = walked(
        entry("P1", 0, 16), entry("C1", 16, 1, "yes"), entry("P3", 20, 90), entry("P4", 110, None)
    )
    assert {number: passage.late for number, passage in progress.passages.items()} == {
        "P1": True, "C1": False, "P3": False, "P4": True,
    }  # fmt: skip
    drawing = drawn(A1, progress=progress)
    assert "took 16 secs, over the limit" in words(drawing, "P1")
    assert "over the limit" not in words(drawing, "P3")
    late = [text.text for text in drawing.iterfind(".//svg:text[@class='app-diagram__late']", NS)]
    assert late
    assert not {text for text in late if "1 min" in text.replace("\u00a0", " ")}


def test_a_refusal_gone_back_from() -> None:
    """Unpaid, refused, then paid: the steps gone through twice tell the last time."""
    progress = walked(
        entry("P4", 0, 30), entry("C2", 30, 1, "no"), entry("P5", 31, 1),
        entry("P4", 100, 40), entry("C2", 140, 1, "yes"), entry("P6", 150, None),
    )  # fmt: skip
    drawing = drawn(A1, progress=progress)
    assert taken(drawing) == {("P4", "C2"), ("C2", "P5"), ("C2", "P6")}
    assert progress.passages["P4"].taken == timedelta(seconds=40)
    assert ("P5", "done") not in progress.transitions, "it did not end there"


def test_the_end_is_reached() -> None:
    progress = walked(entry("C4", 0, 60, "yes"), entry("P11", 60, 1), registered=date(2026, 3, 24))
    assert ("P11", "done") in progress.transitions
    assert progress.now is None
    end = drawn(A1, progress=progress).find(".//svg:g[@data-step='P11']/svg:g", NS)
    assert "app-diagram__arrow--taken" in end.get("class").split()


def test_working_days_run_from_the_registration() -> None:
    """The nearest limits of a licence: fifteen working days, with the holidays of March between."""
    days = 24 * 60 * 60
    due = WorkingCalendar().deadline(MORNING, 15)
    (in_time,) = walked(entry("P11", 2 * days, 1), registered=due).passages.values()
    assert (in_time.days, in_time.late) == (2, False)
    assert in_time.words("en") == "took working days: 2"
    (late,) = walked(entry("P11", 40 * days, 1), registered=due).passages.values()
    assert late.late
    assert "over the limit" in late.words("en")
    waiting = walked(entry("P11", days, None), now=MORNING + timedelta(days=1), registered=due)
    assert waiting.passages["P11"].words("en").startswith("here now; the answer is due by")
    overdue = walked(entry("P11", days, None), now=MORNING + timedelta(days=60), registered=due)
    assert overdue.passages["P11"].words("en").startswith("here now; the answer was due by")


def test_a_cases_limit_is_that_of_its_action() -> None:
    progress = walked(entry("P1", 0, 8))
    assert "working days: 15" in words(drawn(A1, progress=progress), "P11")


def test_a_journal_of_another_table() -> None:
    stranger = replace(entry("P1", 0, 1), step="P99")
    progress = walked(stranger)
    assert not progress.passages
    assert not taken(drawn(A1, progress=progress))
    assert progress.now is None


def test_times_and_texts_of_a_walked_diagram_fit_too() -> None:
    everything = walked(
        *(entry(number, 0, 987654, "done") for number in A1.steps), registered=date(2026, 3, 3)
    )
    for language in LANGUAGES:
        for narrow in (False, True):
            plan = diagram.lay_out(A1, language, progress=everything, narrow=narrow)
            for shape in plan.shapes.values():
                assert all(inside(line.box, shape.box) or line.anchor == "middle" for line in shape.words)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "< 1 с"), (12.7, "12 с"), (60, "1 мин"), (90, "1 мин 30 с"), (3600, "1 ч"),
     (3661, "1 ч 1 мин"), (3601, "1 ч"),
     (90000, "1 дн. 1 ч"), (86400 * 40, "40 дн.")],
)  # fmt: skip
def test_durations(seconds: float, said: str) -> None:
    assert format_duration(timedelta(seconds=seconds), "ru").replace("\u00a0", " ") == said


def taken(drawing: Any) -> set[tuple[str, str]]:
    return {
        (arrow.get("data-from"), arrow.get("data-to"))
        for arrow in drawing.iterfind("svg:g[@data-from]", NS)
        if "app-diagram__arrow--taken" in arrow.get("class").split()
    }


def inside(one: Rect, other: Rect) -> bool:
    slack = 0.01
    return (
        one.x >= other.x - slack
        and one.y >= other.y - slack
        and one.right <= other.right + slack
        and one.bottom <= other.bottom + slack
    )


def runs(arrow: Arrow) -> list[Rect]:
    """The straight runs of an arrow, as boxes without breadth."""
    return [
        Rect(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
        for a, b in pairwise(arrow.points)
    ]


def along(one: Rect, other: Rect) -> bool:
    """Do two runs in one direction lie on each other, or nearly?"""
    flat = one.height == 0 == other.height or one.width == 0 == other.width
    return flat and one.expanded(2).overlaps(other.expanded(2))


def passes(arrow: Arrow, rect: Rect) -> bool:
    return any(run.expanded(0.01).overlaps(rect.expanded(-0.05)) for run in runs(arrow))


def test_shapes_are_what_the_step_is() -> None:
    shapes: dict[str, Shape] = dict(diagram.lay_out(A1, "ru").shapes)
    assert {number for number, shape in shapes.items() if shape.diamond} == {"C1", "C2", "C3", "C4"}
    assert {number for number, shape in shapes.items() if shape.end} == {"P2", "P5", "P7", "P10", "P11"}
