"""The moment at which something is judged."""

from __future__ import annotations

from datetime import UTC, datetime


def moment_of(at: datetime | None) -> datetime:
    """Return ``at`` with a time zone: now when it is None, UTC where it names no zone.

    :raises TypeError: it is no datetime.
    """
    if at is None:
        return datetime.now(UTC)
    if not isinstance(at, datetime):
        raise TypeError(f"a moment must be a datetime, not {at!r}")
    return at if at.tzinfo else at.replace(tzinfo=UTC)
