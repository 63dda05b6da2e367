"""What the provider and the applicant wrote to each other about a request: remarks and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from egovdocs.casework.signatures.read_document import Altered, read_document
from egovdocs.content import Attachment, Case, Remark
from egovdocs.schemas import ServiceEdition, Text


@dataclass(frozen=True)
class Exchange:
    """A remark and what came of it, as their signed documents say; None where there is no such document, or
    it is no longer what was accepted.

    :ivar files: that came with the answer, each with its place among the case's.
    """

    remark: Remark
    asked: dict[str, Any] | None
    answer: dict[str, Any] | None
    files: list[tuple[int, Attachment]]

    @property
    def open(self) -> bool:
        return self.remark.answered_at is None


def exchanges(edition: ServiceEdition, case: Case) -> list[Exchange]:
    """Return all of a case, the newest first.

    :param edition: that of the case.
    """
    return [
        Exchange(
            each,
            _said(edition, case, "remark", each.number),
            _said(edition, case, "answer", each.number),
            [
                (place, file)
                for place, file in enumerate(case.attachments)
                if file.kind == f"answer-{each.number}"
            ],
        )
        for each in reversed(case.remarks)
    ]


def title_of(edition: ServiceEdition, kind: str) -> Text:
    """What a document of a case is called."""
    name, _dash, number = kind.partition("-")
    title = edition.document_types[name].title
    return Text(*(f"{title[language]} № {number}" for language in ("ru", "kk", "en"))) if number else title


def _said(edition: ServiceEdition, case: Case, kind: str, number: int) -> dict[str, Any] | None:
    name = f"{kind}-{number}"
    if name not in case.documents:
        return None
    try:
        return edition.document_types[kind].read(read_document(case, name))
    except Altered:
        return None
