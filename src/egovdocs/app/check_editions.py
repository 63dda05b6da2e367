"""Checks when a site starts that the editions its cases and documents need are there, and unchanged."""

from __future__ import annotations

from egovdocs.content import DatabaseError, Site
from egovdocs.schemas import Services


def check_editions(site: Site, services: Services) -> None:
    """Check each edition that something was made under.

    :raises DatabaseError: one is missing, or was changed since; the message names each.
    """
    if problems := list(site.editions.problems(services)):
        raise DatabaseError("\n".join(problems))
    site.editions.complete(services)
