"""Every way through the regulation's tables, below HTTP, where it takes a moment instead of a minute.

A test is named after the table, the condition, its answer and the step that follows: ``test_a1_c2_no_p5``.
``docs/paths.md`` is made of these names, and the fixture ``went`` holds each test to its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from tests.casework.conftest import (  # noqa: F401 - the fixtures of a world
    _cheap_passwords,
    clock,
    connect,
    database,
    keys,
    office,
    register_entries,
    services,
    steps,
    world,
)

from egovdocs.content import JournalEntry

NAME = re.compile(r"test_[a-z]\d_(?P<step>[a-z]+\d*)(_(?P<answer>yes|no))?_(?P<next>[a-z]+\d*)(_\w+)?(\[|$)")
MARKS = {"yes": r"\+", "no": "-", None: ""}

everybody = pytest.mark.parametrize("kind", ["natural", "legal"], indirect=True)
everything = pytest.mark.parametrize("action", ["issue", "reissue", "duplicate"], indirect=True)
a_person = pytest.mark.parametrize("kind", ["natural"], indirect=True)
attaching = pytest.mark.parametrize("action", ["attach"], indirect=True)


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of applicant."""
    return str(getattr(request, "param", "natural"))


@pytest.fixture
def action(request: pytest.FixtureRequest) -> str:
    """What is asked for."""
    return str(getattr(request, "param", "issue"))


Went = Callable[[Iterable[JournalEntry], str], None]


@pytest.fixture
def went(request: pytest.FixtureRequest) -> Iterator[Went]:
    """Asserts what a journal says, in short, and that it went the way the test is named after."""
    name = NAME.match(request.node.name)
    assert name is not None, "the name says table, condition, answer and next step"
    way = rf"\b{name['step']}{MARKS[name['answer']]} \(?{name['next']}\b"
    asked = []

    def went(journal: Iterable[JournalEntry], told: str) -> None:
        asked.append(told)
        assert steps(journal) == told
        assert re.search(way, told, re.IGNORECASE), f"{told} is not the way of {request.node.name}"

    yield went
    assert asked, "no journal was looked at"
