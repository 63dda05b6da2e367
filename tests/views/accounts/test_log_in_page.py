"""The log-in page."""

from __future__ import annotations

from typing import Any


def test_the_log_in_page_says_what_to_do_without_the_password(world: Any) -> None:
    page = world.browser().get("/login")
    assert "Forgotten your password?" in page.text
    assert page.html.find("a", href="/register")
