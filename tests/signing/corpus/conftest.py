"""The maker of the corpus, for its tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from .make import Maker


@pytest.fixture(scope="package")
def maker(
    world: Any,
    shapes: SimpleNamespace,
    fill: Callable[..., bytes],
    jdk: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Maker:
    return Maker(world, shapes, fill, jdk, tmp_path_factory.mktemp("corpus"))
