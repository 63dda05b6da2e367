"""The order of the tests, and the demo site that others are copied from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run slow tests last, so that workers which have finished early take them over one by one."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    """Run Chromium, once for all tests of a worker."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)  # milliseconds; a slow machine is no fault of the site
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_OPTIONS, timeout=120_000
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def browser(_chromium: Browser) -> Iterator[Browser]:
    """Return Chromium, whose contexts end with the module."""
    yield _chromium
    for context in _chromium.contexts:
        context.close()


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
