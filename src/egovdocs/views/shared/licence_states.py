"""The states of a licence, as pages name and colour them."""

from __future__ import annotations

from egovdocs.content import LicenceState
from egovdocs.i18n import _

STATE_CODES = frozenset(state.value for state in LicenceState)

# By state, None before the day of issue: the label and the colour of the tag.
LICENCE_STATES = {
    LicenceState.ISSUED: (_("In force"), "green"),
    LicenceState.SUSPENDED: (_("Suspended"), "yellow"),
    LicenceState.TERMINATED: (_("Terminated"), "red"),
    LicenceState.REISSUED: (_("Replaced by another licence"), "grey"),
    None: (_("Not in force yet"), "grey"),
}
