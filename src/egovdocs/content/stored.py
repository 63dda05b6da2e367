"""The classes that a database may hold, and no others.

A pickle can name anything importable and call it. Loading therefore knows this closed list: a database file
from elsewhere can bring in false data, and never code.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

from BTrees.LLBTree import LLSet
from BTrees.LOBTree import LOBucket
from BTrees.OLBTree import OLBucket
from BTrees.OOBTree import OOBucket, OOSet
from persistent.list import PersistentList
from persistent.mapping import PersistentMapping
from ZODB._compat import PersistentUnpickler
from ZODB.blob import Blob
from zodbpickle.pickle import UnpicklingError

from egovdocs.content import (
    accounts,
    bodies,
    cases,
    documents,
    evidence,
    expiring,
    journal,
    licence_index,
    licences,
    numbering,
    outbox,
    people,
    site,
    states,
    statistics,
    trees,
)
from egovdocs.schemas import Text

STORED: tuple[type, ...] = (
    accounts.Account,
    accounts.Accounts,
    accounts.Leave,
    bodies.Body,
    cases.Case,
    cases.Cases,
    cases.Decision,
    cases.HandOut,
    cases.Payment,
    cases.Remark,
    documents.Attachment,
    documents.Document,
    documents.Documents,
    evidence.EvidenceKeeper,
    evidence.KeptEvidence,
    evidence.Values,
    expiring.IdempotencyKeys,
    expiring.Signing,
    expiring.SigningBatch,
    expiring.Signings,
    journal.DeskEntry,
    journal.JournalEntry,
    licence_index.LicenceIndex,
    licences.Appendix,
    licences.Licence,
    licences.LicenceChange,
    licences.LicenceEvent,
    licences.Licences,
    licences.PendingOrder,
    numbering.Counter,
    outbox.Message,
    outbox.Outbox,
    people.Entity,
    people.Entries,
    people.Person,
    people.PowerOfAttorney,
    site.Registers,
    site.Site,
    states.CaseState,
    statistics.Counts,
    statistics.Statistics,
    trees.ByName,
    trees.ByNumber,
    trees.NumberByName,
    trees.Numbers,
    trees.Pairs,
    Text,
    LLSet,
    LOBucket,
    OLBucket,
    OOBucket,
    OOSet,
    PersistentList,
    PersistentMapping,
    Blob,
    date,
    datetime,
    timedelta,
    timezone,
    Decimal,
    frozenset,
    set,
)

_allowed: dict[tuple[str, str], Any] = {(kept.__module__, kept.__qualname__): kept for kept in STORED}


class ForbiddenClass(UnpicklingError):  # noqa: N818 - says what is wrong
    """A record names something that is not stored here."""


def find_class(module: str, name: str) -> Any:
    """What a record may name.

    :raises ForbiddenClass: anything else.
    """
    try:
        return _allowed[module, name]
    except KeyError:
        raise ForbiddenClass(f"{module}.{name} is no class that is kept in a database") from None


def check_record(data: bytes) -> None:
    """Read a record as the database would.

    :raises ForbiddenClass: it names what is not stored here.
    """
    unpickler = PersistentUnpickler(find_class, lambda reference: None, BytesIO(data))
    unpickler.load()  # the class
    unpickler.load()  # the state
