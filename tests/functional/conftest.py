"""Sites served by processes of their own, and the people who walk them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
from tests.served import preloaded_sites
from tests.shortcuts import load_key

from egovdocs.sandbox import scenario
from egovdocs.sandbox.demo_people import PASSWORD
from egovdocs.sandbox.http_visitor import UnexpectedResponse, Visitor, WebPage
from egovdocs.sandbox.running_site import RunningGateway, RunningSite
from egovdocs.signing import Signer

pytest.register_assert_rewrite("tests.functional.paths.walking")


@dataclass
class Town:
    """A running site and its people."""

    site: RunningSite

    def power_cut(self) -> None:
        self.site.kill()
        self.site.start()

    def visitor(self, language: str = "en") -> Visitor:
        return Visitor(self.site.url, language)

    def key(self, name: str) -> Signer:
        return load_key(self.site.keys / f"{name}.p12", PASSWORD)

    def logged_in(self, login: str, language: str = "en") -> Visitor:
        visitor = self.visitor(language)
        scenario.log_in(visitor, login)
        return visitor

    def applicant(self, key: str = "applicant") -> Visitor:
        """An applicant, registered once."""
        visitor = self.visitor()
        login = scenario.login_of(self.key(key))
        try:
            scenario.log_in(visitor, login)
        except UnexpectedResponse:
            scenario.register_applicant(visitor, self.key(key))
        return visitor


@dataclass
class Gated(Town):
    """A town whose site asks over a gateway, which carries to the site what others send."""

    gateway: RunningGateway


G = TypeVar("G", bound=Gated)


@contextmanager
def gated(kind: type[G], gateway: RunningGateway, **settings: object) -> Iterator[G]:
    with RunningSite(gateway.folder, gateway.url, **settings) as site:
        gateway.forward_to(site)
        with gateway:
            yield kind(site, gateway)


@pytest.fixture(scope="session", autouse=True)
def _preloaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Serve sites from the preloaded parent, copied from the template."""
    with preloaded_sites(tmp_path_factory):
        yield


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with RunningSite(tmp_path_factory.mktemp("site")) as site:
        yield Town(site)


def unseen(visitor: Visitor, target: str) -> WebPage:
    """A page with a form that goes to ``target``, where the site shows none."""
    token = visitor.open("/").tree.xpath("string(//input[@name='csrf_token']/@value)")
    form = f'<main><form action="{target}"><input name="csrf_token" value="{token}"></form></main>'
    return WebPage(target, 200, form.encode())
