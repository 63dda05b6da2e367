"""The regulation's tables of steps, read out of a service's TOML and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from egovdocs.schemas.common_edition import CommonEdition, Wording, read_wording
from egovdocs.schemas.limits import parse_limit
from egovdocs.schemas.model import ANSWERS, END, NEEDED, Action, Procedure, Step
from egovdocs.schemas.text import Text
from egovdocs.schemas.toml import Reader, Where

_EVENTS = {"process": {"done"}, "condition": {"yes", "no"}}


def read_channels(
    reader: Reader, actions: Iterable[Action], common: CommonEdition
) -> Mapping[str, Procedure]:
    """Read and check an edition's procedures by channel.

    :param actions: their fees and limits are checked against the tables.
    :param common: where the words of channels, units and steps are.
    """
    actions = tuple(actions)
    channels: dict[str, Procedure] = {}
    for name in reader.table(("channels",)):
        where: Where = ("channels", name)
        if name not in common.channels:
            reader.wrong(where, f"channels.{name}: portal, provider or centre is required")
        reader.table(where, ("table", "steps"))
        steps: dict[str, Step] = {}
        for at in reader.tables((*where, "steps")):
            step = _step(reader, at, actions, common)
            if step.number in steps:
                reader.wrong(at, f"step {step.number} occurs twice")
            steps[step.number] = step
        _check_ways(reader, (*where, "steps"), steps)
        if steps:
            fees = [action for action in actions if action.fee is not None and name == "portal"]
            _check_duties(reader, (*where, "steps"), steps, fees)
        table = reader.string((*where, "table"))
        if table in (other.table for other in channels.values()):
            reader.wrong((*where, "table"), f"channels.{name}.table: “{table}” is another channel's")
        channels[name] = Procedure(
            table=table,
            channel=name,
            title=common.channels.get(name, Text(name, name, name)),
            steps=MappingProxyType(steps),
        )
    return MappingProxyType(channels)


def _step(reader: Reader, where: Where, actions: tuple[Action, ...], common: CommonEdition) -> Step:
    row = reader.table(where, ("number", "unit", "what", "limit", "next"))
    number = reader.string((*where, "number"))
    kind = "condition" if number.startswith("C") else "process"
    way = row.get("next")
    if isinstance(way, str):
        way = {"done": way}
    if not isinstance(way, dict) or set(way) != _EVENTS[kind]:
        required = "next = { yes = …, no = … }" if kind == "condition" else "next = “step”"
        reader.wrong(where, f"step {number}: {required} is required")
        way = {}
    limit = None
    if "limit" in row and (written := reader.string((*where, "limit"))):
        try:
            limit = parse_limit(written, actions)
        except ValueError as problem:
            reader.wrong(where, f"step {number}: {problem}")
    text, does = _what(reader, where, number, common)
    unit = reader.string((*where, "unit"))
    if unit and unit not in common.units:
        reader.wrong(where, f"step {number}: no unit “{unit}” in the common steps.toml")
    return Step(
        number=number,
        kind="condition" if kind == "condition" else "process",
        unit=unit,
        unit_title=common.units.get(unit, Text("", "", "")),
        text=text,
        limit=limit,
        next=MappingProxyType({str(event): str(to) for event, to in way.items()}),
        does=does,
    )


def _what(reader: Reader, where: Where, number: str, common: CommonEdition) -> Wording:
    """Read the wording and the duties of a step."""
    code = reader.string((*where, "what"))
    if reader.get(("wording", code)) is not None:
        return read_wording(reader, code)
    if code not in common.wordings:
        reader.wrong(where, f"step {number}: no wording “{code}”, here or in the common steps.toml")
        return Text("", "", ""), ()
    return common.wordings[code]


def check_wordings(reader: Reader) -> None:
    """Check that every wording of the service's own is used by a step."""
    channels = reader.get(("channels",))
    used = {
        str(reader.get((*where, "what")))
        for name in (channels if isinstance(channels, dict) else ())
        for where in reader.tables(("channels", name, "steps"))
    }
    for code in reader.table(("wording",)) if reader.get(("wording",)) is not None else ():
        if code not in used:
            reader.wrong(("wording", code), f"wording.{code} is used by no step")


def _check_duties(reader: Reader, where: Where, steps: Mapping[str, Step], fees: Iterable[Action]) -> None:
    """Check that each duty has a step, and that each answer leads to the step that follows from it."""
    doing = {does: step for step in steps.values() for does in step.does}
    for does in NEEDED:
        if does not in doing:
            reader.wrong(where, f"a step that does “{does}” is required")
    places = {number: (*where, index) for index, number in enumerate(steps)}
    for does, step in doing.items():
        kind = "condition" if does in ANSWERS else "process"
        if step.kind != kind:
            reader.wrong(places[step.number], f"step {step.number}: what does “{does}” is a {kind}")
        for answer, follows in ANSWERS.get(does, {}).items():
            to = steps.get(step.next.get(answer, ""))
            if to is not None and follows not in to.does:
                rule = f"“{answer}” leads to the step that does “{follows}”, which {to.number} does not"
                reader.wrong(places[step.number], f"step {step.number}: {rule}")
    if "payment" not in doing:
        for action in fees:
            rule = f"actions.{action.id}.fee: no step of the portal's table does “payment”"
            reader.wrong(("actions", action.id, "fee"), rule)


def _check_ways(reader: Reader, where: Where, steps: Mapping[str, Step]) -> None:
    """Check that every step is reachable, every path ends, and no two steps have the same duty."""
    places = {number: (*where, index) for index, number in enumerate(steps)}
    if not steps:
        reader.wrong(where, "a channel needs steps")
        return
    for number, step in steps.items():
        for to in set(step.next.values()) - set(steps) - {END}:
            reader.wrong(places[number], f"step {number}: there is no step “{to}” to go on to")
    doing: set[str] = set()
    for number, step in steps.items():
        for does in doing.intersection(step.does):
            reader.wrong(places[number], f"step {number}: another step does “{does}” already")
        doing.update(step.does)
    if any(not step.next or set(step.next.values()) - {*steps, END} for step in steps.values()):
        return  # which steps are reached is not known before each way is
    follow = {number: _reached_from(step, steps) for number, step in steps.items()}
    first = next(iter(steps))
    for number in steps:
        if number != first and number not in follow[first]:
            reader.wrong(places[number], f"step {number} is never reached: every step must be reachable")
        if number in follow[number]:
            reader.wrong(places[number], f"step {number} goes round in a circle: every path must end")


def _reached_from(step: Step, steps: Mapping[str, Step]) -> set[str]:
    """Return the steps that can follow a step, directly or later."""
    reached: set[str] = set()
    ahead = list(step.next.values())
    while ahead:
        number = ahead.pop()
        if number != END and number not in reached:
            reached.add(number)
            ahead += steps[number].next.values()
    return reached
