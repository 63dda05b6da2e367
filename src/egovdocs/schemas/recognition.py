"""Recognise a document: its kind, and the edition it was made under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lxml import etree

from egovdocs.schemas import wording
from egovdocs.schemas.common_edition import CommonEdition
from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.editions import Service, ServiceEdition, Services
from egovdocs.schemas.problems import DocumentProblems, Problem
from egovdocs.schemas.xml_files import parse

# The elements below the root that have a document's own day. A request has none.
_DATES = frozenset(
    {"date", "issuedOn", "registeredAt", "madeAt", "answeredAt", "withdrawnAt", "examinedAt", "issuedAt"}
)


@dataclass(frozen=True, slots=True)
class RecognisedDocument:
    """What a document is.

    :ivar name: "request", "outcome", or the name of a type that all services share, as "receipt".
    :ivar edition: the edition of the service it names; None for what is of no service, as a report.
    """

    name: str
    document_type: DocumentType
    edition: ServiceEdition | None
    common: CommonEdition


def recognise_document(content: bytes, services: Services, edition: str | None = None) -> RecognisedDocument:
    """Recognise a document by its root element, the service it names, and its edition.

    :param content: what a signature covers.
    :param edition: the service's edition that the document was made under, where that is known. Otherwise the
        edition in force on the document's own date is tried first, then the others, the newest first. The
        first whose XSD and rules accept it is taken, or the very first where none does.
    :raises DocumentProblems: it is not XML, or not a document of these services.
    """
    root = parse(content)
    found = list(_candidates(root, services, edition))
    if not found:
        raise DocumentProblems([Problem("", wording.UNKNOWN_DOCUMENT)])
    if len(found) == 1:
        return found[0]
    return next((each for each in found if not each.document_type.problems(content)), found[0])


def _candidates(
    root: etree._Element, services: Services, edition: str | None
) -> Iterator[RecognisedDocument]:
    named = root.findtext(f"{{{etree.QName(root).namespace}}}service")
    if named is None:
        for common in services.common.best_first(_date_of(root)):
            yield from _matching(root, common.document_types, None, common)
        return
    service: Service | None = services.get(named)
    if service is None:
        return
    editions = service.best_first(_date_of(root)) if edition is None else (service.edition(edition),)
    for each in editions:
        yield from _matching(root, each.document_types, each, each.common)


def _matching(
    root: etree._Element,
    document_types: Mapping[str, DocumentType],
    edition: ServiceEdition | None,
    common: CommonEdition,
) -> Iterator[RecognisedDocument]:
    for name, document_type in document_types.items():
        if root.tag == document_type.tag:
            yield RecognisedDocument(name, document_type, edition, common)


def _date_of(root: etree._Element) -> date | None:
    """Return the day that a document gives as its own."""
    for child in root:
        if etree.QName(child).localname in _DATES:
            try:
                return date.fromisoformat((child.text or "").strip()[:10])
            except ValueError:
                return None
    return None
