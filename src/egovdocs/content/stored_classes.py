"""The classes that databases contain. A class that is not listed here can't be stored or loaded."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from BTrees.LLBTree import LLSet
from BTrees.LOBTree import LOBucket
from BTrees.OLBTree import OLBucket
from BTrees.OOBTree import OOBucket, OOSet
from persistent.list import PersistentList
from persistent.mapping import PersistentMapping
from ZODB.blob import Blob

from egovdocs.content.account import Account
from egovdocs.content.accounts import Accounts
from egovdocs.content.appendix import Appendix
from egovdocs.content.attachment import Attachment
from egovdocs.content.case import Case
from egovdocs.content.case_state import CaseState
from egovdocs.content.cases import Cases
from egovdocs.content.counter import Counter
from egovdocs.content.counts import Counts
from egovdocs.content.decision import Decision
from egovdocs.content.desk_entry import DeskEntry
from egovdocs.content.document import Document
from egovdocs.content.documents import Documents
from egovdocs.content.entity import Entity
from egovdocs.content.evidence_keeper import EvidenceKeeper
from egovdocs.content.evidence_values import EvidenceValues
from egovdocs.content.handing_out import HandOut
from egovdocs.content.idempotency_keys import IdempotencyKeys
from egovdocs.content.indexes.licence_index import LicenceIndex
from egovdocs.content.journal_entry import JournalEntry
from egovdocs.content.kept_evidence import KeptEvidence
from egovdocs.content.leave import Leave
from egovdocs.content.licence import Licence
from egovdocs.content.licence_change import LicenceChange
from egovdocs.content.licence_event import LicenceEvent
from egovdocs.content.licences import Licences
from egovdocs.content.offered_signing import Signing
from egovdocs.content.outbox import Outbox
from egovdocs.content.outbox_message import OutboxMessage
from egovdocs.content.packed_trees import ByName, ByNumber, NumberByName, Numbers, Pairs
from egovdocs.content.payment import Payment
from egovdocs.content.pending_order import PendingOrder
from egovdocs.content.person import Person
from egovdocs.content.power_of_attorney import PowerOfAttorney
from egovdocs.content.register_entries import Entries
from egovdocs.content.register_folder import RegisterFolder
from egovdocs.content.remark import Remark
from egovdocs.content.signing_batch import SigningBatch
from egovdocs.content.signings import Signings
from egovdocs.content.site import Site
from egovdocs.content.site_statistics import Statistics
from egovdocs.content.stored_bytes import StoredBytes
from egovdocs.content.used_editions import UsedEditions
from egovdocs.schemas import Text

STORED_CLASSES: tuple[type, ...] = (
    Account,
    Accounts,
    Appendix,
    Attachment,
    ByName,
    ByNumber,
    Case,
    CaseState,
    Cases,
    Counter,
    Counts,
    Decision,
    DeskEntry,
    Document,
    Documents,
    Entity,
    Entries,
    EvidenceKeeper,
    EvidenceValues,
    HandOut,
    IdempotencyKeys,
    JournalEntry,
    KeptEvidence,
    Leave,
    Licence,
    LicenceChange,
    LicenceEvent,
    LicenceIndex,
    Licences,
    NumberByName,
    Numbers,
    Outbox,
    OutboxMessage,
    Pairs,
    Payment,
    PendingOrder,
    Person,
    PowerOfAttorney,
    RegisterFolder,
    Remark,
    Signing,
    SigningBatch,
    Signings,
    Site,
    Statistics,
    StoredBytes,
    Text,
    UsedEditions,
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
