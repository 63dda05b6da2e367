"""Every view names who may see it, and nothing is changed without the token of a page of ours."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPException
from pyramid.interfaces import IExceptionResponse

MACHINES = {"payments", "gateway"}  # they come without a session; what they say is signed


def views_of(world: Any) -> list[dict[str, Any]]:
    """What is found of the site's own views, those that tell of errors left out."""
    found = [each["introspectable"] for each in world.application.registry.introspector.get_category("views")]
    return [
        view
        for view in found
        if not view["exception_only"]
        and view["name"] != "__static/"
        and view["context"] not in (IExceptionResponse, HTTPException)
        and getattr(view["callable"], "__module__", "").startswith(("egovdocs.views", "egovdocs.api"))
    ]


def test_every_view_names_its_permission(world: Any) -> None:
    introspector = world.application.registry.introspector
    named = {
        view["derived_callable"]
        for each in introspector.get_category("permissions")
        for view in each["related"]
        if view.category_name == "views"
    }
    views = views_of(world)
    assert len(views) > 70
    assert [view["callable"] for view in views if view["derived_callable"] not in named] == []


def test_whatever_may_be_sent_needs_a_token_or_is_a_machines_door(world: Any) -> None:
    without = {view["name"] for view in views_of(world) if view["require_csrf"] is False}
    assert without == MACHINES


def test_what_comes_without_a_token_changes_nothing(world: Any) -> None:
    """One view of each kind; the rest stand behind the same default."""
    for login, target in (
        ("operator", "/centre/new"),
        ("officer", "/provider/next"),
        ("officer", "/provider/leave"),
        ("signatory", "/provider/to-sign"),
        ("archivist", "/archive/export"),
    ):
        page = world.browser(login).post(target, {"case": "x"}, status=400)
        assert "Nothing was changed" in page.text


def test_a_session_that_ended_is_nobodys(world: Any) -> None:
    """The cookie holds the session, so a copy of it outlives the log-out; the account ends it."""
    browser, copy = world.browser("officer"), world.browser()
    cookie = browser.cookies["session"].strip('"')
    copy.set_cookie("session", cookie)
    copy.get("/provider", status=200)
    with world.site() as site:
        site.accounts["officer"].end_sessions()
    for each in (browser, copy):
        each.set_cookie("session", cookie)
        page = each.get("/provider", status=303)
        assert "/login" in page.location
    world.browser("officer").get("/provider", status=200)
