"""Drawing up the documents of a case or a licence that are not the service's own, and sealing them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Problems
from egovdocs.casework.evidence.take_evidence import keep_signed
from egovdocs.casework.office import Office
from egovdocs.content import Case, Site
from egovdocs.schemas import DOCUMENT_TYPES, DocumentProblems
from egovdocs.signing import canonical

_ = TranslationStringFactory("egovdocs")


def draft_document(kind: str, values: dict[str, Any]) -> bytes:
    """A document of common kind, unsigned.

    :param kind: one of ``DOCUMENT_TYPES``.
    :raises Problems: a text is too long or has characters that no document holds.
    """
    try:
        return DOCUMENT_TYPES[kind].build(values)
    except DocumentProblems as found:
        message = _("The text is too long or has characters that are not allowed.")
        raise Problems(message, found.problems) from None


def reference_of(case: Case) -> dict[str, Any]:
    """How a document about a request names it."""
    return {
        "service": case.service,
        "request": {"number": case.number, "sha256": case.documents["request"].sha256},
    }


def keep_sealed(
    office: Office, site: Site, case: Case, kind: str, document: bytes, name: str | None = None
) -> None:
    """Keep a document under the site's seal, by its kind unless it has a name of its own."""
    report = {"content_sha256": sha256(canonical(document)).hexdigest()}
    keep_signed(office, site, case, kind, name or f"{kind}.xml", office.sealed(document), report)
