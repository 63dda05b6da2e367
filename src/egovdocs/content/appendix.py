"""An appendix of a licence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Appendix:
    """The sub-activities that a licence permits at one site.

    :param activities: codes of the sub-activities.
    :param site: the site's name.
    :param region: the code of the site's region.
    :param address: the rest of the site's address.
    """

    number: str
    issued_on: date
    activities: tuple[str, ...]
    site: str
    region: str
    address: str
