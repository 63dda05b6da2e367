"""The port of the system that assigns licence numbers."""

from __future__ import annotations

from typing import Protocol

from egovdocs.content import Site


class LicenceNumbering(Protocol):
    """Assigns licence numbers."""

    def next_licence_number(self, site: Site, series: str) -> str:
        """Return a number that was never assigned before, such as ``KZ29LAM00002781``.

        :param series: three letters.
        """
