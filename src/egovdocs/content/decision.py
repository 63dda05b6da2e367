"""The provider's decision on a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """To grant, or to refuse on coded grounds with a reason in words.

    :param number: of the licence, certificate or refusal that states it.
    :param by: the login of the officer who decided.
    :param grounds: codes of the service's grounds for refusal.
    :param conditions: special conditions of what is granted.
    """

    granted: bool
    number: str
    by: str
    at: datetime
    grounds: tuple[str, ...] = ()
    reason: str = ""
    conditions: str = ""
