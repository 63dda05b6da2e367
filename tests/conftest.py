"""The order of the tests, and the demo site that others are copied from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run slow tests last, so that workers which have finished early take them over one by one."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def new_demo_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return a function that makes the folder of a new demo site, a copy of the one made for this run."""
    # Imported here, so that tests of a lower package do not load the application.
    from tests.served import compiled_templates, make_demo_site
    from tests.shortcuts import cheap_passwords, keep_compiled, load_services_once

    cheap_passwords()
    load_services_once()
    keep_compiled(compiled_templates(tmp_path_factory))
    return partial(make_demo_site, tmp_path_factory)
