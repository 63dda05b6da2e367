"""The evidence of all documents of a site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from persistent import Persistent

from egovdocs.content.document import Document
from egovdocs.content.evidence_values import EvidenceValues
from egovdocs.content.indexes.index_entries import compare
from egovdocs.content.kept_evidence import KeptEvidence
from egovdocs.content.packed_trees import Pairs
from egovdocs.content.place import Place, place_of
from egovdocs.signing import Evidence


class EvidenceKeeper(Persistent):
    """Stores the evidence of documents, and an index of when it has to be renewed."""

    def __init__(self, parent: Any) -> None:
        self.__parent__ = parent
        self._values = EvidenceValues(self)
        self._ageing = Pairs()  # (second until which it holds, *place)

    def store(self, document: Document, evidence: Evidence) -> None:
        """Store the evidence of a document; it replaces what the document has.

        :raises egovdocs.signing.TimestampError: its time-stamp can't be read, so it proves nothing.
        """
        kept = KeptEvidence(evidence, self._values)
        if document.kept_evidence is not None:
            self._ageing.discard(_entry(document))
        document.kept_evidence = kept
        self._ageing.add(_entry(document))

    def ageing(self, until: datetime) -> Iterator[tuple[datetime, Place]]:
        """Yield the documents whose evidence has to be renewed by a moment, the earliest first.

        :returns: the moment until which the evidence holds, and the document's place.
        """
        for second, *place in self._ageing.keys(max=(int(until.timestamp()) + 1,)):
            yield datetime.fromtimestamp(second, until.tzinfo), Place(*place)

    def rebuild(self, documents: Iterator[Document]) -> None:
        """Build the index again from the documents that have evidence."""
        self._ageing = Pairs(map(_entry, documents))

    def differences(self, documents: Iterator[Document]) -> list[str]:
        """Compare the index with the documents that have evidence.

        :returns: a line for each difference.
        """
        expected = (("ageing", _entry(document)) for document in documents)
        return compare(expected, (("ageing", entry) for entry in self._ageing))


def _entry(document: Document) -> tuple[Any, ...]:
    assert document.kept_evidence is not None
    return (int(document.kept_evidence.holds_until.timestamp()), *place_of(document))
