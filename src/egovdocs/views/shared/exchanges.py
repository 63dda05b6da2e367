"""The remarks of the provider and the answers of the applicant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from egovdocs.casework.signatures.read_document import Altered, read_document
from egovdocs.content import Attachment, Case, Remark
from egovdocs.schemas import ServiceEdition


@dataclass(frozen=True)
class Exchange:
    """A remark and its answer.

    :ivar asked: the content of the signed remark; None if it is no longer what was accepted.
    :ivar answer: likewise of the signed answer; None, too, while there is none.
    :ivar files: the files of the answer, each with its index among those of the case.
    """

    remark: Remark
    asked: dict[str, Any] | None
    answer: dict[str, Any] | None
    files: list[tuple[int, Attachment]]

    @property
    def open(self) -> bool:
        return self.remark.answered_at is None


def exchanges(edition: ServiceEdition, case: Case) -> list[Exchange]:
    """Return the exchanges of a case, the newest first.

    :param edition: the edition of the case.
    """
    return [
        Exchange(
            each,
            _content(edition, case, "remark", each.number),
            _content(edition, case, "answer", each.number),
            [
                (index, file)
                for index, file in enumerate(case.attachments)
                if file.kind == f"answer-{each.number}"
            ],
        )
        for each in reversed(case.remarks)
    ]


def _content(edition: ServiceEdition, case: Case, kind: str, number: int) -> dict[str, Any] | None:
    name = f"{kind}-{number}"
    if name not in case.documents:
        return None
    try:
        return edition.document_types[kind].read(read_document(case, name))
    except Altered:
        return None
