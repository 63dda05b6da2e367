"""An order on a licence that waits for its signature."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOrder:
    """An order that was offered for signing. The next offer takes over its number.

    :param token: of the signing; an older signing is no longer valid.
    """

    number: str
    token: str
