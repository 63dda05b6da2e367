"""Services with their editions: which one is in force on a day, and which one a document was made under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from egovdocs.schemas.common_edition import CommonEdition
from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.model import (
    Action,
    AttachmentKind,
    Ground,
    Indicator,
    Procedure,
    Provider,
    Remarks,
    Requirement,
)
from egovdocs.schemas.text import Text


class NotInForce(LookupError):  # noqa: N818 — a state of the rules, not a fault of the program
    """No edition is in force on the day."""


class UnknownEdition(LookupError):  # noqa: N818 — names what is unknown
    """There is no edition of this id."""


class Dated(Protocol):
    """What has an edition."""

    @property
    def edition(self) -> str: ...

    @property
    def in_force_from(self) -> date: ...


E = TypeVar("E", bound=Dated)


class Editions(Generic[E]):
    """The editions of one thing, each in force from a day until the next one is."""

    def __init__(self, editions: Iterable[E]) -> None:
        self.editions: tuple[E, ...] = tuple(sorted(editions, key=lambda each: each.in_force_from))

    def __iter__(self) -> Iterator[E]:
        return iter(self.editions)

    @property
    def newest(self) -> E:
        """The last edition, which may come into force later."""
        return self.editions[-1]

    def edition(self, edition: str) -> E:
        """Return the edition of an id.

        :raises UnknownEdition: there is none.
        """
        for each in self.editions:
            if each.edition == edition:
                return each
        raise UnknownEdition(edition)

    def in_force(self, day: date) -> E:
        """Return the edition in force on a day.

        :raises NotInForce: the first one comes into force later.
        """
        for each in reversed(self.editions):
            if each.in_force_from <= day:
                return each
        raise NotInForce(day.isoformat())

    def best_first(self, day: date | None) -> tuple[E, ...]:
        """Return all editions: the one in force on a day first, then the others, the newest first."""
        first = [] if day is None else [each for each in self.editions if each.in_force_from <= day][-1:]
        return (*first, *(each for each in reversed(self.editions) if each not in first))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ServiceEdition:
    """One edition of a public service: everything in its folder.

    :ivar service_id: the service's id, the name of its folder.
    :ivar edition: the edition's id, the ISO date of the day from which it is in force.
    :ivar common: the common edition that it uses.
    :ivar one_in_force: an applicant has at most one outcome of it; a new one replaces the former one.
    :ivar renamed: by the type of the XSDs (``Activity``), former codes and what they are called now.
    :ivar fingerprint: SHA-256 over its files and those of its common edition.
    """

    service_id: str
    edition: str
    folder: Path
    common: CommonEdition
    title: Text
    description: Text
    provider: Provider
    applicants: tuple[str, ...]
    licence_series: str | None
    one_in_force: bool
    actions: Mapping[str, Action]
    channels: Mapping[str, Procedure]
    attachments: tuple[AttachmentKind, ...]
    requirements: tuple[Requirement, ...]
    grounds: tuple[Ground, ...]
    indicators: tuple[Indicator, ...]
    remarks: Remarks
    renamed: Mapping[str, Mapping[str, str]]
    request: DocumentType
    outcome: DocumentType
    fingerprint: str

    def __repr__(self) -> str:
        return f"ServiceEdition({self.service_id!r}, {self.edition!r})"

    @property
    def in_force_from(self) -> date:
        return date.fromisoformat(self.edition)

    @property
    def outcome_stylesheet(self) -> Path:
        return self.folder / "outcome.xsl"

    @property
    def document_types(self) -> Mapping[str, DocumentType]:
        """The types of all documents made under this edition, by name: its own and the common ones."""
        return MappingProxyType(
            {"request": self.request, "outcome": self.outcome} | dict(self.common.document_types)
        )

    def attachments_for(self, action: str, channel: str) -> tuple[AttachmentKind, ...]:
        """Return the documents to be attached when this action is requested through a channel."""
        return tuple(kind for kind in self.attachments if action in kind.actions and channel in kind.channels)


class Service(Editions[ServiceEdition]):
    """A public service and its editions.

    :param service_id: its id, the name of its folder.
    """

    def __init__(self, service_id: str, editions: Iterable[ServiceEdition]) -> None:
        super().__init__(editions)
        self.id = service_id

    def __repr__(self) -> str:
        return f"Service({self.id!r})"


class Services(Mapping[str, Service]):
    """All services by id.

    :ivar common: the common editions.
    """

    def __init__(self, services: Iterable[Service], common: Editions[CommonEdition]) -> None:
        self._services = {service.id: service for service in services}
        self.common = common

    def __getitem__(self, service_id: str) -> Service:
        return self._services[service_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._services)

    def __len__(self) -> int:
        return len(self._services)

    def in_force(self, day: date) -> Mapping[str, ServiceEdition]:
        """Return the edition of each service that is in force on a day, by the service's id."""
        return MappingProxyType(
            {
                service.id: service.in_force(day)
                for service in self.values()
                if service.editions[0].in_force_from <= day
            }
        )
