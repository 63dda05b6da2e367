"""A request's connection ends with the request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pyramid.config import Configurator
from pyramid.scripting import prepare
from webtest import TestApp
from ZODB import DB, DemoStorage

from egovdocs.app.request_connection import add_connection


@pytest.fixture
def database() -> Iterator[DB]:
    database = DB(DemoStorage.DemoStorage())
    yield database
    database.close()


@pytest.fixture
def browser(database: DB) -> TestApp:
    def count(request: Any) -> int:
        root = request.connection.root()
        assert request.connection.root() is root, "one connection a request"
        root["count"] = root.get("count", 0) + 1
        if "fail" in request.params:
            raise RuntimeError("after the change")
        return int(root["count"])

    with Configurator(settings={"tm.manager_hook": "pyramid_tm.explicit_manager"}) as config:
        config.include("pyramid_tm")
        add_connection(config, database)
        config.add_route("count", "/")
        config.add_view(count, route_name="count", renderer="json")
        return TestApp(config.make_wsgi_app())


def opened(database: DB) -> list[Any]:
    return [one for one in database.connectionDebugInfo() if one["opened"] is not None]


def test_it_commits_with_the_request_and_is_closed(browser: TestApp, database: DB) -> None:
    assert [browser.get("/").json for _ in range(3)] == [1, 2, 3]
    assert opened(database) == []
    assert len(database.connectionDebugInfo()) == 1, "and used again"


def test_what_failed_is_undone_and_the_connection_closed(browser: TestApp, database: DB) -> None:
    browser.get("/")
    with pytest.raises(RuntimeError, match="after the change"):
        browser.get("/?fail")
    assert opened(database) == []
    assert browser.get("/").json == 2


def test_a_request_that_passes_no_tween_closes_it_too(browser: TestApp, database: DB) -> None:
    """As pshell makes one."""
    with prepare(registry=browser.app.registry) as environment:
        request = environment["request"]
        request.tm.begin()
        request.connection.root()["count"] = 7
        assert len(opened(database)) == 1
    assert opened(database) == []
    assert browser.get("/").json == 1, "and what was not committed is undone"
