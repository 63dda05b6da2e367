"""The register of licences: what was issued, and whether it is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from persistent import Persistent
from persistent.list import PersistentList

from egovdocs.content.access import ALLOW, DENY_ALL
from egovdocs.content.documents import Documents
from egovdocs.content.folder import Folder
from egovdocs.content.journal import JournalEntry
from egovdocs.content.licence_index import Fact, LicenceIndex
from egovdocs.content.stored_enum import StoredEnum
from egovdocs.schemas.identifiers import kind_of


class LicenceState(StoredEnum):
    """Where a licence stands. ``REISSUED``: another one has taken its place."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    REISSUED = "reissued"


class LicenceChange(StoredEnum):
    """What may befall a licence. ``DUPLICATED``: a duplicate, numbered anew, has taken its place."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    TERMINATED = "terminated"
    REISSUED = "reissued"
    DUPLICATED = "duplicated"


_LEADS_TO = {
    LicenceChange.ISSUED: LicenceState.ISSUED,
    LicenceChange.SUSPENDED: LicenceState.SUSPENDED,
    LicenceChange.RESUMED: LicenceState.ISSUED,
    LicenceChange.TERMINATED: LicenceState.TERMINATED,
    LicenceChange.REISSUED: LicenceState.REISSUED,
    LicenceChange.DUPLICATED: LicenceState.REISSUED,
}
_FROM = {
    LicenceChange.SUSPENDED: {LicenceState.ISSUED},
    LicenceChange.RESUMED: {LicenceState.SUSPENDED},
    LicenceChange.TERMINATED: {LicenceState.ISSUED, LicenceState.SUSPENDED},
    LicenceChange.REISSUED: {LicenceState.ISSUED},
    LicenceChange.DUPLICATED: {LicenceState.ISSUED},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceEvent:
    """A change to a licence, in force from a day on.

    :param ground: the code of an order's ground.
    :param document: the number of the order or outcome that says so.
    :param entered: the day it was entered in the register, where that is not the day it takes effect.
    """

    change: LicenceChange
    on: date
    ground: str = ""
    document: str = ""
    entered: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appendix:
    """What an appendix of a licence says: the sub-activities, by their codes, at one site.

    :param region: the code of the site's region; ``address`` is the rest.
    """

    number: str
    issued_on: date
    activities: tuple[str, ...]
    site: str
    region: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOrder:
    """An order that was offered for signing. The next one to be offered takes over its number.

    :param token: of the signing; any other one is out of date.
    """

    number: str
    token: str


class Licence(Persistent):
    """A licence. Its events tell its state on any day; its documents are the orders on it, by number.

    :param holder: the holder's IIN or BIN; ``holder_name`` as the licence has it.
    :param activities: codes of the licensed sub-activities; ``places`` of the regions its sites are in.
    :param appendices: as its document has them, one for each site.
    :param replaces: the number of the licence whose place it has taken.
    :param duplicates: how many duplicates there have been, this one included, when it is one.
    :param case: the reference of the case it came of; its document is kept there as ``document``.
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
        """The holder: a "legal" entity, or else a "natural" person."""
        try:
            return kind_of(self.holder)
        except ValueError:
            return "natural"

    def known_on(self, day: date) -> tuple[LicenceEvent, ...]:
        """What the register knew of it on a day: of a day to come, what it knows now."""
        return tuple(event for event in self.events if (event.entered or event.on) <= day)

    def replaced_by(self, day: date) -> str | None:
        """The number of the licence that has taken its place by a day."""
        return self.events[-1].document if self.state_on(day) is LicenceState.REISSUED else None

    def may(self, change: LicenceChange) -> bool:
        """Is the change one that its present state allows?"""
        return self.state in _FROM.get(change, ())

    def record(self, event: LicenceEvent) -> None:
        """Add an event. Have the register :meth:`~Licences.reindex` the licence then.

        :raises ValueError: it lies before the last one, or its state does not allow it.
        """
        if event.on < self.events[-1].on:
            raise ValueError("an event may not lie before the one before it")
        if not self.may(event.change):
            raise ValueError(f"what is {self.state} may not be {event.change}")
        self.events = (*self.events, event)

    def state_on(self, day: date) -> LicenceState | None:
        """The state on a day; ``None`` before the licence was issued."""
        states = [_LEADS_TO[event.change] for event in self.events if event.on <= day]
        return states[-1] if states else None

    @property
    def states(self) -> tuple[LicenceState, ...]:
        """Every state it has been or will be in, by all events known."""
        return tuple(_LEADS_TO[event.change] for event in self.events)

    @property
    def state(self) -> LicenceState:
        """The state by all events known."""
        return self.states[-1]

    def in_force(self, day: date) -> bool:
        """May the holder act by it on this day?"""
        return self.state_on(day) is LicenceState.ISSUED


class Licences(Folder[Licence]):
    """Licences by number, and the index that finds them by anything else."""

    def __init__(self, parent: Any, name: str) -> None:
        super().__init__(parent, name)
        self._index = LicenceIndex()

    def add(self, licence: Licence) -> Licence:
        """:raises KeyError: the number is taken."""
        self._add(licence.number, licence)
        self._index.index(licence)
        return licence

    def reindex(self, licence: Licence) -> None:
        """Find the licence by its facts as they are now."""
        self._index.index(licence)

    def search(
        self,
        day: date,
        *,
        name: str = "",
        state: LicenceState | None = None,
        **facts: str | None,
    ) -> Iterator[Licence]:
        """The licences of which all that is asked holds, the newest first.

        :param day: the day on which they are in the ``state``.
        :param name: words of the holder's name, or their beginnings.
        :param facts: ``holder``, ``provider``, ``activity``, ``place``; ``kind``: "natural" or "legal". Those
            that are None are not asked.
        """
        asked: list[Fact] = [(fact, value) for fact, value in facts.items() if value is not None]
        if state is None:
            return self._index.search(asked, name)
        found = self._index.search([*asked, ("state", state.value)], name)
        return (licence for licence in found if licence.state_on(day) is state)

    def rebuild(self) -> None:
        """Drop the index and make it anew from the licences."""
        self._index = LicenceIndex()
        self._index.rebuild(self.values())

    def differences(self) -> list[str]:
        """Compare the index with what the licences say: one line for each difference."""
        return self._index.differences(self.values())
