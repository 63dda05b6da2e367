"""Documents and attachments of a case: a small state beside a body that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from persistent import Persistent
from persistent.mapping import PersistentMapping

from egovdocs.content.bodies import Body, take_in
from egovdocs.content.evidence import KeptEvidence
from egovdocs.signing import Evidence


class _Kept(Persistent):
    __parent__: Any = None
    __name__: str | None = None

    def __init__(self, kind: str, name: str, media_type: str, created_at: datetime, body: Body) -> None:
        self.kind = kind
        self.name = name
        self.media_type = media_type
        self.created_at = created_at
        self.body = body
        self.size = body.size
        self.sha256 = body.sha256

    @property
    def data(self) -> bytes:
        """The bytes exactly as they came."""
        return self.body.data

    def open(self) -> IO[bytes]:
        """The same as a readable file."""
        return self.body.open()


class Document(_Kept):
    """A document of a case: a request, a receipt, an outcome.

    :param kind: ``request``, ``receipt``, ``licence``, ``refusal``, ``order`` …
    :param report: what the validation said when the document was accepted, as plain data; ``None`` for one
        that is not signed.
    """

    kept_evidence: KeptEvidence | None = None

    def __init__(
        self,
        kind: str,
        name: str,
        media_type: str,
        created_at: datetime,
        body: Body,
        report: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(kind, name, media_type, created_at, body)
        self.report = None if report is None else dict(report)

    @property
    def evidence(self) -> Evidence | None:
        """What proves when it was signed, once that was taken."""
        return None if self.kept_evidence is None else self.kept_evidence.evidence


class Attachment(_Kept):
    """A file the applicant attached; the request names it by name, media type, size and SHA-256."""


class Documents(PersistentMapping[str, Document]):
    """A case's documents by kind."""

    def __init__(self, parent: Any) -> None:
        super().__init__()
        self.__parent__ = parent
        self.__name__ = "documents"

    def keep(
        self,
        kind: str,
        name: str,
        source: bytes | Path,
        created_at: datetime,
        *,
        media_type: str = "application/xml",
        report: Mapping[str, Any] | None = None,
    ) -> Document:
        """Keep a document; the one of the same kind, if any, is replaced."""
        document = Document(kind, name, media_type, created_at, take_in(source, self), report)
        document.__parent__ = self
        document.__name__ = kind
        self[kind] = document
        return document
