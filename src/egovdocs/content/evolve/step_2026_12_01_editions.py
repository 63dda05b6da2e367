"""From 0.1.0: cases, licences and counts have an edition: the first one, under which everything was made."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from egovdocs.content.case import Case
from egovdocs.content.counts import Counts
from egovdocs.content.evolve.evolution_step import EvolutionStep
from egovdocs.content.licence import Licence
from egovdocs.content.site import Site
from egovdocs.content.site_statistics import Statistics
from egovdocs.content.storage.guard import ClassName
from egovdocs.content.used_editions import UsedEditions

FIRST_EDITION = "2013-01-03"
FINGERPRINTS = {
    f"clinic-attachment/{FIRST_EDITION}": "f7a68351b78c6b789ecb97db449ef949a8b280ae7fd5493ed96df67b199a2307",
    f"medical-licence/{FIRST_EDITION}": "47cd47c109786b1f4fddebf3b896c235524b0df427891f1a5f3d87a4a749b74a",
}
"""Of the files as they were in 0.1.0. Fingerprints of other services are taken when the site starts next."""


def _concerns(own: type, names: Set[ClassName]) -> bool:
    return own in (Case, Licence, Site, Statistics)


def _change(item: Any) -> None:
    if isinstance(item, Case | Licence):
        item.edition = FIRST_EDITION
        _use(item.__parent__.__parent__, item.service)
    elif isinstance(item, Site):
        _editions(item)
    else:
        _add_edition(item.work, FIRST_EDITION)
        _add_edition(item.answers, "")


def _use(site: Site, service: str) -> None:
    key, editions = f"{service}/{FIRST_EDITION}", _editions(site)
    if key not in editions:
        editions[key] = FINGERPRINTS.get(key, "")


def _editions(site: Site) -> UsedEditions:
    """Return the editions of a site, whichever of its objects comes first."""
    if not hasattr(site, "editions"):
        site.editions = UsedEditions()
    return site.editions


def _add_edition(counts: Counts, edition: str) -> None:
    cells = counts._cells
    for service, channel, month in list(cells):
        cells[service, channel, month, edition] = cells.pop((service, channel, month))


STEP = EvolutionStep("Enter the edition that cases and licences were made under", _concerns, _change)
