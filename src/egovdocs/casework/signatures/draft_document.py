"""Build the documents of a case or licence whose types all services share."""

from __future__ import annotations

from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Problems
from egovdocs.content import Case
from egovdocs.schemas import DocumentProblems, ServiceEdition

_ = TranslationStringFactory("egovdocs")


def draft_document(edition: ServiceEdition, kind: str, values: dict[str, Any]) -> bytes:
    """Return a document of common kind, unsigned.

    :param edition: the edition it is made under.
    :param kind: one of ``schemas.common_edition.DOCUMENT_NAMES``.
    :raises Problems: a text is too long or has characters that no document holds.
    """
    try:
        return edition.common.document_types[kind].build(values)
    except DocumentProblems as found:
        message = _("The text is too long or has characters that are not allowed.")
        raise Problems(message, found.problems) from None


def request_reference(case: Case) -> dict[str, Any]:
    """Return the values by which a document names the request that it is about."""
    return {
        "service": case.service,
        "request": {"number": case.number, "sha256": case.documents["request"].sha256},
    }
