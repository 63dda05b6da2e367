"""The application over a demo site, in the test's own process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.worlds import WebWorld, ini_of, opened


@pytest.fixture(scope="module")
def world(new_demo_site: Callable[[], Path]) -> Iterator[WebWorld]:
    folder = new_demo_site()
    with opened(ini_of(folder), folder) as world:
        yield world
