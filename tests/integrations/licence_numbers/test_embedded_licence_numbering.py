"""Licence numbers from the site's own counters."""

from __future__ import annotations

import pytest

from egovdocs.content import NotExclusive, Site, exclusive
from egovdocs.integrations.licence_numbers.embedded_licence_numbering import EmbeddedLicenceNumbering
from egovdocs.schemas.identifiers import is_licence_number


def test_numbers_of_a_series_are_consecutive(site: Site) -> None:
    exclusive(site)
    numbering = EmbeddedLicenceNumbering()
    numbers = [numbering.next_licence_number(site, series) for series in ("LAM", "LAM", "LAA")]
    assert all(is_licence_number(number) for number in numbers)
    assert [number[4:] for number in numbers] == ["LAM00000001", "LAM00000002", "LAA00000001"]


def test_a_licence_number_needs_the_lock(site: Site) -> None:
    with pytest.raises(NotExclusive):
        EmbeddedLicenceNumbering().next_licence_number(site, "LAM")
