"""Every way through the regulation's tables, walked over HTTP.

A test is named after the table, the condition, its answer and the step that follows: ``test_a1_c2_no_p5``.
``docs/paths.md`` is made of these names, and the fixture ``went`` holds each test to its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from tests.functional.paths.walking import Crossroads

from egovdocs.sandbox.running_site import RunningSite

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


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crossroads]:
    with RunningSite(tmp_path_factory.mktemp("site")) as site:
        yield Crossroads(site)


Went = Callable[[str, str], None]


@pytest.fixture
def went(request: pytest.FixtureRequest) -> Iterator[Went]:
    """Asserts what a journal says, in short, and that it went the way the test is named after."""
    name = NAME.match(request.node.name)
    assert name is not None, "the name says table, condition, answer and next step"
    named = rf"\b{name['step']}{MARKS[name['answer']]} \(?{name['next']}\b"
    asked = []

    def went(way: str, told: str) -> None:
        asked.append(told)
        assert way == told
        assert re.search(named, told, re.IGNORECASE), f"{told} is not the way of {request.node.name}"

    yield went
    assert asked, "no journal was looked at"
