"""A licence in the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from persistent import Persistent
from persistent.list import PersistentList

from egovdocs.content.access import ALLOW, DENY_ALL
from egovdocs.content.appendix import Appendix
from egovdocs.content.documents import Documents
from egovdocs.content.journal_entry import JournalEntry
from egovdocs.content.licence_change import LicenceChange
from egovdocs.content.licence_event import LicenceEvent
from egovdocs.content.licence_state import LicenceState
from egovdocs.content.pending_order import PendingOrder
from egovdocs.schemas.identifiers import kind_of


class Licence(Persistent):
    """A licence. Its events give its state on any day; its documents are the orders on it, by number.

    :param edition: the edition of its service that its document was made under.
    :param provider: the BIN of the licensor.
    :param holder: the holder's IIN or BIN.
    :param holder_name: as the licence states it.
    :param case: the reference of the case it was issued in.
    :param document: the kind of its document in that case.
    :param activities: codes of the licensed sub-activities.
    :param places: codes of the regions of its sites.
    :param appendices: as its document has them, one for each site.
    :param replaces: the number of the licence that it replaced.
    :param duplicates: of a duplicate: how many were issued so far, with this one.
    """

    __parent__: Any = None
    __name__: str | None = None
    pending: PendingOrder | None = None
    appendices: tuple[Appendix, ...] = ()

    def __init__(
        self,
        *,
        number: str,
        service: str,
        edition: str,
        provider: str,
        holder: str,
        holder_name: str,
        issued_on: date,
        case: str,
        document: str = "outcome",
        activities: tuple[str, ...] = (),
        places: tuple[str, ...] = (),
        appendices: tuple[Appendix, ...] = (),
        replaces: str | None = None,
        duplicates: int = 0,
    ) -> None:
        self.number = number
        self.service = service
        self.edition = edition
        self.provider = provider
        self.holder = holder
        self.holder_name = holder_name
        self.issued_on = issued_on
        self.case = case
        self.document = document
        self.activities = activities
        self.places = places
        self.appendices = appendices
        self.replaces = replaces
        self.duplicates = duplicates
        self.documents = Documents(self)
        self.journal: PersistentList[JournalEntry] = PersistentList()
        self.events: tuple[LicenceEvent, ...] = (LicenceEvent(change=LicenceChange.ISSUED, on=issued_on),)

    @property
    def __acl__(self) -> list[Any]:
        return [
            (ALLOW, f"account:{self.holder}", "view"),
            (ALLOW, f"officer@{self.provider}", ("view", "review")),
            (ALLOW, f"signatory@{self.provider}", ("view", "review", "issue")),
            (ALLOW, "role:archivist", "view"),
            DENY_ALL,
        ]

    @property
    def kind(self) -> str:
        """The kind of holder: ``legal`` or ``natural``."""
        try:
            return kind_of(self.holder)
        except ValueError:
            return "natural"

    def known_on(self, day: date) -> tuple[LicenceEvent, ...]:
        """Return the events entered in the register by a day; for a future day, all that are entered now."""
        return tuple(event for event in self.events if (event.entered or event.on) <= day)

    def replaced_by(self, day: date) -> str | None:
        """Return the number of the licence that replaced it by a day, or None."""
        return self.events[-1].document if self.state_on(day) is LicenceState.REISSUED else None

    def may(self, change: LicenceChange) -> bool:
        """Whether its present state allows a change."""
        return change.is_allowed_in(self.state)

    def record(self, event: LicenceEvent) -> None:
        """Add an event. Call :meth:`~egovdocs.content.licences.Licences.reindex` afterwards.

        :raises ValueError: it takes effect before the last event, or the state does not allow it.
        """
        if event.on < self.events[-1].on:
            raise ValueError("an event may not take effect before the last one")
        if not self.may(event.change):
            raise ValueError(f"a licence that is {self.state} may not be {event.change}")
        self.events = (*self.events, event)

    def state_on(self, day: date) -> LicenceState | None:
        """Return the state on a day; None before the licence was issued."""
        states = [event.change.state for event in self.events if event.on <= day]
        return states[-1] if states else None

    @property
    def states(self) -> tuple[LicenceState, ...]:
        """Every state by all events known, those of future days included."""
        return tuple(event.change.state for event in self.events)

    @property
    def state(self) -> LicenceState:
        """The last of :attr:`states`."""
        return self.states[-1]

    def in_force(self, day: date) -> bool:
        """Whether the licence permits the activity on a day."""
        return self.state_on(day) is LicenceState.ISSUED
