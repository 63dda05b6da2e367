"""Store the bytes of a signed document with its case or licence."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from egovdocs.casework.evidence.take_evidence import EVIDENCE, evidence_message
from egovdocs.casework.office import Office
from egovdocs.content import Case, Document, Licence, Site
from egovdocs.signing import canonical


def store_document(
    office: Office,
    site: Site,
    owner: Case | Licence,
    kind: str,
    signed: bytes,
    report: Mapping[str, Any],
    *,
    name: str | None = None,
) -> Document:
    """Store a signed document that was just accepted or sealed, and queue the collection of its evidence.

    Every signed document of the site is stored here. Call it inside ``exclusive_transaction``.

    :param owner: the case or licence to store it with.
    :param kind: the key among the owner's documents, such as ``request`` or ``remark-1``.
    :param signed: the document, byte for byte as it was signed.
    :param report: its acceptance record, from ``acceptance_record`` or :func:`seal_document`.
    :param name: the file name; ``<kind>.xml`` if not given.
    :returns: the stored document.
    """
    document: Document = owner.documents.add(
        kind, name or f"{kind}.xml", signed, office.clock(), report=report
    )
    if office.timestamper is not None:
        site.outbox.put(EVIDENCE, **evidence_message(document))
    return document


def seal_document(office: Office, document: bytes) -> tuple[bytes, dict[str, Any]]:
    """Sign a document with the site's seal.

    :returns: the signed bytes, and the acceptance record to be stored with them.
    """
    return office.sealed(document), {"content_sha256": sha256(canonical(document)).hexdigest()}
