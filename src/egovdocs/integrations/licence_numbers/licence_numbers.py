"""Who numbers licences: the national licence register (ИС ГБД «Е-лицензирование»), or the site for it."""

from __future__ import annotations

from typing import Protocol

from egovdocs.content import Site, next_number
from egovdocs.schemas.identifiers import licence_number


class LicenceNumbering(Protocol):
    """Assigns licence numbers centrally."""

    def next_licence_number(self, site: Site, series: str) -> str:
        """A number that was never assigned before, such as ``KZ29LAM00002781``."""


class EmbeddedLicenceNumbering:
    """Numbers licences from the site's own counters, one for each series."""

    def next_licence_number(self, site: Site, series: str) -> str:
        """The next number of a series of three letters.

        :raises egovdocs.content.NotExclusive: ``exclusive(site)`` was not called.
        """
        return licence_number(series, next_number(site, f"licences/{series}"))
