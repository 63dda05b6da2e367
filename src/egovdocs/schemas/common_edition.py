"""What all services use, by edition: document types, words of steps, questionnaire, grounds of orders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from egovdocs.schemas.documents import DocumentType
from egovdocs.schemas.fingerprints import fingerprint
from egovdocs.schemas.model import DUTIES, Ground, Indicator
from egovdocs.schemas.text import LANGUAGES, Text
from egovdocs.schemas.toml import Mistake, Reader, ServiceError, Where

DOCUMENT_NAMES = (
    *("decision", "refusal", "receipt", "order", "challenge", "report"),
    *("remark", "answer", "withdrawal"),
)
ORDER_KINDS = ("suspension", "resumption", "termination")
_EDITION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Wording = tuple[Text, tuple[str, ...]]
"""The wording of a step, and its duties (some of ``DUTIES``)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CommonEdition:
    """One edition of what all services use.

    :ivar edition: its id, the ISO date of the day from which it is in force.
    :ivar document_types: by name, see ``DOCUMENT_NAMES``.
    :ivar channels: the titles of the channels, by code; ``units`` those of the units that carry out steps.
    :ivar wordings: what steps say and do, by code.
    :ivar indicators: what a questionnaire may ask, by code.
    :ivar order_grounds: on what a licence may be suspended, resumed or terminated, by the order's kind.
    :ivar fingerprint: SHA-256 over its files.
    """

    edition: str
    folder: Path
    document_types: Mapping[str, DocumentType]
    channels: Mapping[str, Text]
    units: Mapping[str, Text]
    wordings: Mapping[str, Wording]
    indicators: Mapping[str, Indicator]
    order_grounds: Mapping[str, tuple[Ground, ...]]
    fingerprint: str

    def __repr__(self) -> str:
        return f"CommonEdition({self.edition!r})"

    @property
    def in_force_from(self) -> date:
        return date.fromisoformat(self.edition)

    @property
    def refusal_stylesheet(self) -> Path:
        return self.folder / "refusal.xsl"

    def find_order_ground(self, kind: str, code: str) -> Ground | None:
        """Return the ground of a code for a kind of order; None when there is none."""
        return next((ground for ground in self.order_grounds.get(kind, ()) if ground.code == code), None)


def load_common_edition(folder: Path) -> CommonEdition:
    """Load and check a common edition; the folder's name is its id.

    :raises ServiceError: with file, line and rule of each mistake.
    """
    check_edition_name(folder)
    steps = Reader(folder / "steps.toml")
    questionnaire = Reader(folder / "questionnaire.toml")
    orders = Reader(folder / "order-grounds.toml")
    orders.table((), ORDER_KINDS)
    edition = CommonEdition(
        edition=folder.name,
        folder=folder,
        document_types=MappingProxyType(
            {name: DocumentType(folder / f"{name}.xsd") for name in DOCUMENT_NAMES}
        ),
        channels=_texts(steps, "channels"),
        units=_texts(steps, "units"),
        wordings=MappingProxyType(
            {code: read_wording(steps, code) for code in steps.table(("wording",))},
        ),
        indicators=_indicators(questionnaire),
        order_grounds=MappingProxyType({kind: _grounds(orders, kind) for kind in ORDER_KINDS}),
        fingerprint=fingerprint(folder),
    )
    if mistakes := [*steps.mistakes, *questionnaire.mistakes, *orders.mistakes]:
        raise ServiceError(mistakes)
    for document_type in edition.document_types.values():
        document_type.load()
    return edition


def check_edition_name(folder: Path) -> None:
    """Check that a folder is named by the day from which its edition is in force.

    :raises ServiceError: it is not.
    """
    try:
        if not _EDITION.fullmatch(folder.name):
            raise ValueError
        date.fromisoformat(folder.name)
    except ValueError:
        rule = f"“{folder.name}”: an edition's folder is named by the day it is in force from, as 2013-01-03"
        raise ServiceError([Mistake(folder, 1, rule)]) from None


def read_wording(reader: Reader, code: str) -> Wording:
    """Read a step's wording and duties from ``[wording.<code>]``."""
    where: Where = ("wording", code)
    reader.table(where, (*LANGUAGES, "does"))
    does = reader.strings((*where, "does"))
    for unknown in set(does) - set(DUTIES):
        reader.wrong((*where, "does"), f"wording.{code}: “{unknown}” is none of {', '.join(DUTIES)}")
    return reader.text(where), tuple(each for each in does if each in DUTIES)


def _texts(reader: Reader, part: str) -> Mapping[str, Text]:
    return MappingProxyType({code: reader.text((part, code)) for code in reader.table((part,))})


def _indicators(reader: Reader) -> Mapping[str, Indicator]:
    answers = tuple((code, reader.text(("answers", code))) for code in reader.table(("answers",)))
    indicators = {
        code: Indicator(
            code,
            reader.text(("indicators", code, "title")),
            reader.text(("indicators", code, "question")),
            answers,
        )
        for code in reader.table(("indicators",))
    }
    return MappingProxyType(indicators)


def _grounds(reader: Reader, kind: str) -> tuple[Ground, ...]:
    return tuple(
        Ground(reader.string((*at, "code")), reader.text((*at, "title"))) for at in reader.tables((kind,))
    )
