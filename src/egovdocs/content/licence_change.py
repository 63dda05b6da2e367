"""The changes of a licence's state, and which state allows which of them."""

from __future__ import annotations

from egovdocs.content.licence_state import LicenceState
from egovdocs.content.stored_enum import StoredEnum


class LicenceChange(StoredEnum):
    """A change of a licence. ``DUPLICATED``: a duplicate with a number of its own has replaced it."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    TERMINATED = "terminated"
    REISSUED = "reissued"
    DUPLICATED = "duplicated"

    @property
    def state(self) -> LicenceState:
        """The state of the licence after the change."""
        return _STATE_AFTER[self]

    def is_allowed_in(self, state: LicenceState) -> bool:
        """Whether a licence in this state may be changed so."""
        return state in _STATES_BEFORE.get(self, ())


_STATE_AFTER = {
    LicenceChange.ISSUED: LicenceState.ISSUED,
    LicenceChange.SUSPENDED: LicenceState.SUSPENDED,
    LicenceChange.RESUMED: LicenceState.ISSUED,
    LicenceChange.TERMINATED: LicenceState.TERMINATED,
    LicenceChange.REISSUED: LicenceState.REISSUED,
    LicenceChange.DUPLICATED: LicenceState.REISSUED,
}
_STATES_BEFORE = {
    LicenceChange.SUSPENDED: {LicenceState.ISSUED},
    LicenceChange.RESUMED: {LicenceState.SUSPENDED},
    LicenceChange.TERMINATED: {LicenceState.ISSUED, LicenceState.SUSPENDED},
    LicenceChange.REISSUED: {LicenceState.ISSUED},
    LicenceChange.DUPLICATED: {LicenceState.ISSUED},
}
