"""A site, Chromium, and the people who click."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.served import preloaded_sites

from egovdocs.sandbox.demo_people import PASSWORD
from egovdocs.sandbox.running_site import RunningSite

PATIENCE = 60_000  # milliseconds; a slow machine is no mistake of the site's


@pytest.fixture(scope="session", autouse=True)
def _preloaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Serve sites from the preloaded parent, copied from the template."""
    with preloaded_sites(tmp_path_factory):
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with RunningSite(tmp_path_factory.mktemp("site")) as running:
        yield running


class Person:
    """Somebody at a browser of their own; what their console complains of is kept."""

    def __init__(self, browser: Browser, site: RunningSite, *, javascript: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=site.url,
            locale="ru-RU",
            viewport={"width": 1280, "height": 900},
            java_script_enabled=javascript,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: object) -> None:
        if message.type in {"error", "warning"}:  # type: ignore[attr-defined]
            self.complaints.append(f"{self.page.url}: {message.text}")  # type: ignore[attr-defined]

    def press(self, what: str | Locator) -> None:
        """Click a link or a form's button and wait for the page that answers.

        A click alone may return before the site has heard of it, and whoever looks next comes too early.
        """
        with self.page.expect_navigation():
            (self.page.locator(what) if isinstance(what, str) else what).click()

    def log_in(self, login: str) -> None:
        self.page.goto("/login")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.press("main button[type=submit]")

    def pay(self) -> None:
        """P4 and C2, from check-your-answers to the bank's page and back."""
        self.page.goto(self.page.url.replace("/check", "/payment"))
        self.press("main button[type=submit]")
        self.shot("06-bank")
        self.press("main form[action$='/pay'] button")
        self.page.wait_for_url("**/check")

    def open_key(self, key: Path) -> None:
        """Open the key file and read the certificate."""
        expect(self.page.locator("#signing")).to_have_attribute("data-state", "ready")
        self.page.set_input_files("#signing-key", key)
        self.page.fill("#signing-password", PASSWORD)
        self.page.click("#signing-open")
        expect(self.page.locator("#signing-certificate")).to_be_visible()

    def sign_with(self, key: Path) -> None:
        """Open the key file, read the certificate, sign."""
        self.open_key(key)
        self.page.click("#signing-sign")
        self.page.wait_for_url(re.compile(r"^(?!.*/signings/)"))

    def shot(self, name: str) -> None:
        if folder := os.environ.get("EGOVDOCS_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
