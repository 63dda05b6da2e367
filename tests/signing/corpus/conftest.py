"""The maker of the corpus, for its tests."""

from __future__ import annotations

import pytest

from ..factories import Fill, SigningWorld
from .maker import Maker


@pytest.fixture(scope="package")
def maker(
    world: SigningWorld,
    fill: Fill,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Maker:
    # The documents of the JDK are made only for tests that need them.
    return Maker(
        world, fill, lambda: request.getfixturevalue("jdk_documents"), tmp_path_factory.mktemp("corpus")
    )
