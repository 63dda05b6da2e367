"""The provider's desk."""

from __future__ import annotations

from typing import Any


def test_queue_shows_registered_case(world: Any) -> None:
    reference = world.registered()
    page = world.browser("officer").get("/provider")
    assert f"/provider/cases/{reference}" in page
