"""The results of submissions by their idempotency keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from egovdocs.content.expiring import Expiring

KEPT_FOR = timedelta(days=90)


class IdempotencyKeys(Expiring):
    """The result of each submission by its key, for 90 days: a repeated submission gets the same result.

    A result is plain data: a number, a reference.
    """

    def __setitem__(self, key: str, result: Any) -> None:
        now = datetime.now(UTC)
        self._put(key, result, now, now + KEPT_FOR)
