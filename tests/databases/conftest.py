"""The kept databases of earlier versions, each as it was and evolved."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyramid.paster import get_appsettings
from webtest import TestApp

from egovdocs import main
from egovdocs.app.open_office import open_office
from egovdocs.app.site_root import shut_down
from egovdocs.casework.office import Office
from egovdocs.content import Site, evolve_database, open_database, site_in
from egovdocs.content.evolve.steps import SCHEMA_VERSION
from egovdocs.settings import Settings

VERSIONS = sorted(manifest.parent.name for manifest in Path(__file__).parent.glob("*/manifest.json"))


@dataclass(frozen=True)
class KeptSite:
    """A copy of a kept site.

    :ivar manifest: what the version that made it said of it, at the ``moment``.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def config(self) -> Path:
        return self.folder / "site.ini"

    @property
    def schema_version(self) -> int:
        return int(self.manifest.get("schema_version", 0))

    @property
    def uri(self) -> str:
        return f"file://{self.folder}/site"

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.manifest["moment"])

    @property
    def settings(self) -> Settings:
        return Settings.read(get_appsettings(str(self.config)), environ={})

    def evolve(self) -> None:
        with closing(open_database(self.uri, any_version=True)) as database:
            evolve_database(database, lambda step, done, total: None)

    def copied_to(self, folder: Path) -> KeptSite:
        shutil.copytree(self.folder, folder)
        return KeptSite(folder, self.manifest)

    @contextmanager
    def opened(self) -> Iterator[tuple[Office, Site]]:
        """The office and the site, at the moment of the manifest."""
        office = open_office(self.settings)
        set_clock(office, self.moment)
        with closing(open_database(self.uri)) as database, site_in(database) as site:
            yield office, site

    @contextmanager
    def served(self) -> Iterator[Callable[[], TestApp]]:
        """Browsers of the site, at the moment of the manifest."""
        application = main({}, **get_appsettings(str(self.config)))
        try:
            set_clock(application.registry["office"], self.moment)
            yield lambda: TestApp(application, extra_environ={"HTTP_HOST": "127.0.0.1:6543"})
        finally:
            shut_down(application)


def set_clock(office: Office, moment: datetime) -> None:
    object.__setattr__(office, "clock", lambda: moment)  # the office is frozen for good reasons elsewhere


@pytest.fixture(scope="session", params=VERSIONS)
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeptSite:
    """A kept site as it was; to be copied before it is changed."""
    kept = Path(__file__).parent / request.param
    folder = tmp_path_factory.mktemp(request.param)
    with tarfile.open(kept / "site.tar.xz") as packed:
        # By the attribute, because Debian 12's Python 3.11.2 has no filters (PEP 706).
        packed.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        packed.extractall(folder)
    return KeptSite(folder, json.loads((kept / "manifest.json").read_text("utf-8")))


@pytest.fixture
def older(original: KeptSite, tmp_path: Path) -> KeptSite:
    """A kept site of an older schema, as it was, for one test."""
    if original.schema_version == SCHEMA_VERSION:
        pytest.skip("its schema is the present one")
    return original.copied_to(tmp_path / "older")


@pytest.fixture(scope="session")
def evolved(original: KeptSite, tmp_path_factory: pytest.TempPathFactory) -> KeptSite:
    """A kept site whose database was evolved; tests only read it."""
    site = original.copied_to(tmp_path_factory.mktemp("evolved") / "site")
    site.evolve()
    return site
