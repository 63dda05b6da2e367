"""The embedded default: licence numbers from the site's own counters."""

from __future__ import annotations

from egovdocs.content import Site, next_number
from egovdocs.schemas.identifiers import licence_number


class EmbeddedLicenceNumbering:
    """Assigns licence numbers from one counter per series."""

    def next_licence_number(self, site: Site, series: str) -> str:
        """Return the next number of a series.

        :raises egovdocs.content.NotExclusive: ``exclusive(site)`` was not called.
        """
        return licence_number(series, next_number(site, f"licences/{series}"))
