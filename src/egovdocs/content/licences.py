"""The register of licences: what was issued, and whether it is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from persistent import Persistent

from egovdocs.content.folder import Folder
from egovdocs.content.trees import Pairs

HIGHEST_NAME = "\U0010ffff"


class LicenceState(StrEnum):
    """Where a licence stands. ``REISSUED``: another one has taken its place."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    REISSUED = "reissued"


class LicenceChange(StrEnum):
    """What may befall a licence."""

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
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceEvent:
    """A change to a licence, in force from a day on.

    :param document: the number of the order or outcome that says so.
    """

    change: LicenceChange
    on: date
    ground: str = ""
    document: str = ""


class Licence(Persistent):
    """A licence. Its events tell its state on any day.

    :param holder: the holder's IIN or BIN; ``holder_name`` as the licence has it.
    :param activities: codes of the licensed sub-activities.
    :param case: the reference of the case it came of; its document is kept there as ``document``.
    """

    __parent__: Any = None
    __name__: str | None = None

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
        self.events: tuple[LicenceEvent, ...] = (LicenceEvent(change=LicenceChange.ISSUED, on=issued_on),)

    def record(self, event: LicenceEvent) -> None:
        """Add an event.

        :raises ValueError: it lies before the last one.
        """
        if event.on < self.events[-1].on:
            raise ValueError("an event may not lie before the one before it")
        self.events = (*self.events, event)

    def state_on(self, day: date) -> LicenceState | None:
        """The state on a day; ``None`` before the licence was issued."""
        states = [_LEADS_TO[e.change] for e in self.events if e.on <= day and e.change in _LEADS_TO]
        return states[-1] if states else None

    @property
    def state(self) -> LicenceState:
        """The state by all events known."""
        return [_LEADS_TO[e.change] for e in self.events if e.change in _LEADS_TO][-1]

    def in_force(self, day: date) -> bool:
        """May the holder act by it on this day?"""
        return self.state_on(day) is LicenceState.ISSUED


class Licences(Folder[Licence]):
    """Licences by number, found by holder too."""

    def __init__(self, parent: Any, name: str) -> None:
        super().__init__(parent, name)
        self._clear()

    def _clear(self) -> None:
        self._by_holder = Pairs()  # (holder, number)
        self._by_age = Pairs()  # (minus the day of issue, number): the newest first

    def add(self, licence: Licence) -> Licence:
        """:raises KeyError: the number is taken."""
        self._add(licence.number, licence)
        self._index(licence)
        return licence

    def of_holder(self, identifier: str) -> Iterator[Licence]:
        """A person's or organisation's licences, by number."""
        found = self._by_holder.keys((identifier, ""), (identifier, HIGHEST_NAME))
        return (self._items[number] for _holder, number in found)

    def latest(self) -> Iterator[Licence]:
        """All licences, the newest first."""
        return (self._items[number] for _age, number in self._by_age)

    def rebuild(self) -> None:
        """Drop the indexes and make them anew from the licences."""
        self._clear()
        for licence in self.values():
            self._index(licence)

    def differences(self) -> list[str]:
        """Compare the indexes with what the licences say: one line for each difference."""
        lines = []
        for name, index, place in (
            ("holders", self._by_holder, _holder_place),
            ("ages", self._by_age, _age_place),
        ):
            theirs, ours = {place(licence) for licence in self.values()}, set(index)
            lines += [f"{name}: {fact} is missing" for fact in sorted(theirs - ours)]
            lines += [f"{name}: {fact} is not so" for fact in sorted(ours - theirs)]
        return lines

    def _index(self, licence: Licence) -> None:
        self._by_holder.add(_holder_place(licence))
        self._by_age.add(_age_place(licence))


def _holder_place(licence: Licence) -> tuple[str, str]:
    return licence.holder, licence.number


def _age_place(licence: Licence) -> tuple[int, str]:
    return -licence.issued_on.toordinal(), licence.number
