"""Evidence of documents: taken after they were, kept beside them, renewed before it ages.

Documents of one day share their certificates and revocation lists, which may be megabytes: each value is
kept once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from persistent import Persistent

from egovdocs.content.bodies import Body, take_in
from egovdocs.content.indexes import compare
from egovdocs.content.trees import ByName, Pairs
from egovdocs.signing import Evidence

if TYPE_CHECKING:
    from egovdocs.content.documents import Document
    from egovdocs.content.site import Site


class Place(NamedTuple):
    """Where a document is kept, in plain words: of a case or a licence, and by which name there."""

    folder: str
    owner: str
    document: str


class KeptEvidence(Persistent):
    """The evidence of one document, its values in objects of their own.

    :ivar holds_until: when it must have been renewed.
    """

    def __init__(self, evidence: Evidence, values: Values) -> None:
        self._dumped = evidence.dump(values.keep)
        self.holds_until = evidence.holds_until

    @property
    def evidence(self) -> Evidence:
        return Evidence.load(self._dumped, lambda body: body.data)


class Values(Persistent):
    """Certificates, revocation lists and time-stamps by their SHA-256."""

    def __init__(self, parent: Any) -> None:
        self.__parent__ = parent
        self._bodies = ByName()

    def keep(self, value: bytes) -> Body:
        """Keep a value, or find the same one."""
        name = sha256(value).hexdigest()
        if name not in self._bodies:
            self._bodies[name] = take_in(value, self)
        body: Body = self._bodies[name]
        return body


class EvidenceKeeper(Persistent):
    """Keeps the evidence of a site's documents, and knows whose ages next."""

    def __init__(self, parent: Any) -> None:
        self.__parent__ = parent
        self._values = Values(self)
        self._ageing = Pairs()  # (second until which it holds, *place)

    def keep(self, document: Document, evidence: Evidence) -> None:
        """Keep evidence beside a document, in the place of what it has, if any.

        :raises egovdocs.signing.TimestampError: it proves nothing, for its time-stamp cannot be read.
        """
        kept = KeptEvidence(evidence, self._values)
        if document.kept_evidence is not None:
            self._ageing.discard(_entry(document))
        document.kept_evidence = kept
        self._ageing.add(_entry(document))

    def ageing(self, until: datetime) -> Iterator[tuple[datetime, Place]]:
        """The documents whose evidence holds no longer than a moment, the nearest first."""
        for second, *place in self._ageing.keys(max=(int(until.timestamp()) + 1,)):
            yield datetime.fromtimestamp(second, until.tzinfo), Place(*place)

    def rebuild(self, documents: Iterator[Document]) -> None:
        """Make the index anew from the documents."""
        self._ageing = Pairs(map(_entry, documents))

    def differences(self, documents: Iterator[Document]) -> list[str]:
        """Compare the index with the documents: one line for each difference."""
        expected = (("ageing", _entry(document)) for document in documents)
        return compare(expected, (("ageing", entry) for entry in self._ageing))


def place_of(document: Document) -> Place:
    """Where a kept document is kept."""
    owner = document.__parent__.__parent__
    return Place(owner.__parent__.__name__, owner.__name__, str(document.__name__))


def document_at(site: Site, place: Place) -> Document | None:
    """The document kept at a place, if there is one."""
    owner = site[place.folder].get(place.owner)
    return None if owner is None else owner.documents.get(place.document)


def _entry(document: Document) -> tuple[Any, ...]:
    assert document.kept_evidence is not None
    return (int(document.kept_evidence.holds_until.timestamp()), *place_of(document))
