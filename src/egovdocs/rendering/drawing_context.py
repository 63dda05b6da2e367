"""What a block of a paper is drawn from: the document, its proof and the room there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from egovdocs.rendering.layouts import Wording
from egovdocs.rendering.sheet import Sheet


@dataclass(frozen=True)
class SignatureLine:
    """One signature, as the signature block shows it."""

    name: str
    organisation: str | None
    identifier: str | None
    moment: datetime | None
    serial: str | None
    issuer: str | None


@dataclass(frozen=True)
class Proof:
    """What proves the paper: its signatures and where it can be verified."""

    signatures: tuple[SignatureLine, ...]
    verify_url: str | None
    questions_url: str | None
    file_name: str
    zone: tzinfo


@dataclass(frozen=True)
class DrawingContext:
    """What a block is drawn from.

    :ivar sheet: the document, or the repeated part that an ``each`` block is at.
    :ivar whole: the document.
    :ivar shown: paths that some block of the layout shows.
    :ivar width: of the text, in points.
    """

    sheet: Sheet
    whole: Sheet
    shown: frozenset[str]
    proof: Proof
    width: float

    @property
    def languages(self) -> tuple[str, ...]:
        return self.sheet.languages

    def has(self, path: str) -> bool:
        sheet, path = self._at(path)
        return sheet.has(path)

    def labels(self, path: str) -> tuple[str, ...]:
        sheet, path = self._at(path)
        return sheet.labels(path)

    def values(self, path: str) -> tuple[str, ...]:
        sheet, path = self._at(path)
        return sheet.values(path)

    def _at(self, path: str) -> tuple[Sheet, str]:
        return (self.whole, path[1:]) if path.startswith("/") else (self.sheet, path)

    def words(self, words: Wording, **values: str) -> tuple[str, ...]:
        """A wording in each of the sheet's languages."""
        return tuple(words[language].format(**values) for language in self.languages)
