"""The handing out of an outcome in person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut:
    """The outcome was handed to the applicant or their representative.

    :param by: the login of who handed it out.
    """

    by: str
    at: datetime
