"""The states of a licence."""

from __future__ import annotations

from egovdocs.content.stored_enum import StoredEnum


class LicenceState(StoredEnum):
    """The state of a licence. ``REISSUED``: another licence has replaced it."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    REISSUED = "reissued"
