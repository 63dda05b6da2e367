"""An entry of what the provider's staff did with a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEntry:
    """An action of the provider's staff on a case that is no step of its table.

    :param what: ``claimed``, ``released``, ``handed-over``, ``granted``, ``refused``, ``returned`` …
    :param by: the login of who did it.
    :param instead_of: the login of the officer on leave for whom it was done.
    :param to: the login of the officer the case was assigned to.
    :param note: for colleagues.
    """

    what: str
    by: str
    at: datetime
    instead_of: str = ""
    to: str = ""
    note: str = ""
