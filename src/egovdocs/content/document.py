"""A document of a case or a licence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from egovdocs.content.kept_evidence import KeptEvidence
from egovdocs.content.stored_bytes import StoredBytes
from egovdocs.content.stored_file import StoredFile
from egovdocs.signing import Evidence


class Document(StoredFile):
    """A request, a receipt, an outcome, an order …

    :param kind: ``request``, ``receipt``, ``outcome``, ``refusal``, ``remark-1`` …
    :param report: the validation report of its acceptance, as plain data; None for a document that is not
        signed.
    :ivar kept_evidence: the evidence of its signing time, once it was taken.
    :ivar edition: the edition of the service that it was made under, where that is not the one of its case or
        licence: of an order on a licence.
    """

    kept_evidence: KeptEvidence | None = None
    edition: str | None = None

    def __init__(
        self,
        kind: str,
        name: str,
        media_type: str,
        created_at: datetime,
        stored: StoredBytes,
        report: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(kind, name, media_type, created_at, stored)
        self.report = None if report is None else dict(report)

    @property
    def evidence(self) -> Evidence | None:
        """The evidence of its signing time; None before it was taken."""
        return None if self.kept_evidence is None else self.kept_evidence.evidence
