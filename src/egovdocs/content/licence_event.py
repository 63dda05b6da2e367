"""An event in the life of a licence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from egovdocs.content.licence_change import LicenceChange


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceEvent:
    """A change of a licence, in effect from a day on.

    :param on: the day it takes effect.
    :param ground: the code of an order's ground.
    :param document: the number of the order or outcome that states it.
    :param entered: the day it was entered in the register; None if that is the day it takes effect.
    """

    change: LicenceChange
    on: date
    ground: str = ""
    document: str = ""
    entered: date | None = None
