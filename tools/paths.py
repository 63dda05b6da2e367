"""Which test goes which way through the regulation's tables: makes docs/paths.md, or checks it.

    python tools/paths.py           writes the page, from the services' tables and the tests' names
    python tools/paths.py --check   fails when the page is stale, or when a way is gone by no test

A test is named ``test_<table>_<condition>_<yes|no>_<next step>``, or ``test_<table>_<process>_<next step>``;
words may follow. It counts for the kinds of applicant and the actions that its parameters name.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from egovdocs.schemas import Procedure, ServiceEdition, Step, load_services

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "paths.md"
TESTS = PROJECT / "tests" / "functional"
NAME = re.compile(r"test_([a-z]\d)_([a-z]+\d*)(?:_(yes|no))?_([a-z]+\d*)(?:_\w+)?")

HEAD = """\
# Every way through the regulation's tables

Made by `make paths` from the services' tables and the names of the tests; a test fails when this page is
stale or a way is missing. Each condition is answered both ways, for each kind of applicant and, from the form
on, for each action; the processes between lie on these ways. The tests are in `tests/functional/`: they walk
a served site over HTTP, with real signatures, and read the way in the journal.
"""
COLUMNS = "| step | what happens | next | for | tests |\n|---|---|---|---|---|"


@dataclass(frozen=True)
class Way:
    """From a step of a table on to the next; ``answer`` is a condition's."""

    table: str
    step: str
    answer: str | None
    next: str


@dataclass
class Tests:
    """The tests that go one way, and what each was run for."""

    names: set[str] = field(default_factory=set)
    words: set[frozenset[str]] = field(default_factory=set)

    def take(self, test: str, words: frozenset[str]) -> None:
        self.names.add(test)
        self.words.add(words)


class Collector:
    """Hears from pytest what tests there are."""

    def __init__(self) -> None:
        self.found: dict[Way, Tests] = defaultdict(Tests)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            test, _, parameters = item.name.rstrip("]").partition("[")
            if name := NAME.fullmatch(test):
                table, step, answer, following = name.groups()
                way = Way(table.upper(), step, answer, following)
                self.found[way].take(test, frozenset(parameters.split("-")))


def collect() -> Mapping[Way, Tests]:
    """The ways that the tests go.

    :raises SystemExit: the tests can't be collected.
    """
    collector, said = Collector(), io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main(["--collect-only", "-p", "no:cacheprovider", str(TESTS)], plugins=[collector])
    if code:
        raise SystemExit(said.getvalue())
    return collector.found


def ways(procedure: Procedure, step: Step) -> Iterator[Way]:
    """The ways on from a step that a test has to go by name: a condition's two, and the registration's."""
    for event, to in step.next.items():
        if step.kind == "condition":
            yield Way(procedure.table, step.number.lower(), event, to.lower())
        elif "registration" in step.does:
            yield Way(procedure.table, step.number.lower(), None, to.lower())


def wanted(service: ServiceEdition, procedure: Procedure, step: Step) -> dict[str, list[str]]:
    """For whom and what the ways on from a step have to be gone: actions by kind of applicant.

    An officer who logs in does so for nobody yet, and what is asked for is known from the form on.
    """
    order = list(procedure.steps.values())
    form = next(one for one in order if "form" in one.does)
    if order.index(step) > order.index(form):
        return {kind: list(service.actions) for kind in service.applicants}
    return {kind: [] for kind in service.applicants} if procedure.channel == "portal" else {}


def tell(
    service: ServiceEdition, procedure: Procedure, found: Mapping[Way, Tests]
) -> tuple[list[str], list[str]]:
    """The page's lines about a table, and what is missing of it."""
    lines = [f"\n## {procedure.table}: {service.title.en}\n", f"{procedure.title.en}.\n", COLUMNS]
    missing = []
    for step in procedure.steps.values():
        beginning = f"| {step.number} | {step.text.en} |"
        named = list(ways(procedure, step))
        if not named:
            lines.append(f"{beginning} {', '.join(step.next.values())} | | |")
        for way in named:
            tests, asked = found.get(way, Tests()), wanted(service, procedure, step)
            combinations = [{kind, action} for kind, actions in asked.items() for action in actions or [kind]]
            lost = [c for c in combinations or [set()] if not any(c <= words for words in tests.words)]
            missing += [" ".join([way.table, way.step, way.answer or "", *sorted(c)]) for c in lost]
            whom = " and ".join(asked) + "".join(f": {', '.join(a)}" for a in list(asked.values())[:1] if a)
            answer = f"{way.answer} → " if way.answer else ""
            names = "**missing**" if lost else "<br>".join(f"`{name}`" for name in sorted(tests.names))
            lines.append(f"{beginning} {answer}{way.next.upper()} | {whom} | {names} |")
    return lines, missing


def main() -> None:
    found = collect()
    lines, missing = [HEAD.rstrip()], []
    for service in sorted(
        (each.newest for each in load_services().values()),
        key=lambda one: min(p.table for p in one.channels.values()),
    ):
        for procedure in service.channels.values():
            told, lost = tell(service, procedure, found)
            lines += told
            missing += lost
    page = "\n".join(lines) + "\n"
    if "--check" not in sys.argv:
        PAGE.write_text(page, "utf-8")
    elif PAGE.read_text("utf-8") != page:
        missing.append(f"{PAGE.name} is stale: make paths")
    if missing:
        raise SystemExit("Gone by no test:\n" + "\n".join(missing))


if __name__ == "__main__":
    main()
