"""The application over a demo site, in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.worlds import WebWorld, ini_of, opened


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    folder = tmp_path_factory.mktemp("site")
    with opened(ini_of(folder), folder) as world:
        yield world
