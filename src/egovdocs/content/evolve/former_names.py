"""Former names of stored classes, so that older databases can be loaded.

A class that is moved or renamed gets an entry here and a step in ``steps.STEPS`` that rewrites its records.
Entries are never removed.
"""

from __future__ import annotations

from collections.abc import Mapping

from egovdocs.content.account import Account
from egovdocs.content.appendix import Appendix
from egovdocs.content.attachment import Attachment
from egovdocs.content.case import Case
from egovdocs.content.case_state import CaseState
from egovdocs.content.counter import Counter
from egovdocs.content.counts import Counts
from egovdocs.content.decision import Decision
from egovdocs.content.desk_entry import DeskEntry
from egovdocs.content.document import Document
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
from egovdocs.content.offered_signing import Signing
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
from egovdocs.content.site_statistics import Statistics
from egovdocs.content.storage.guard import ClassName
from egovdocs.content.stored_bytes import StoredBytes

_CONTENT = "egovdocs.content"

FORMER_NAMES: Mapping[ClassName, type] = {
    # 0.1.0
    (f"{_CONTENT}.accounts", "Account"): Account,
    (f"{_CONTENT}.accounts", "Leave"): Leave,
    (f"{_CONTENT}.bodies", "Body"): StoredBytes,
    (f"{_CONTENT}.cases", "Case"): Case,
    (f"{_CONTENT}.cases", "Decision"): Decision,
    (f"{_CONTENT}.cases", "HandOut"): HandOut,
    (f"{_CONTENT}.cases", "Payment"): Payment,
    (f"{_CONTENT}.cases", "Remark"): Remark,
    (f"{_CONTENT}.documents", "Attachment"): Attachment,
    (f"{_CONTENT}.documents", "Document"): Document,
    (f"{_CONTENT}.evidence", "EvidenceKeeper"): EvidenceKeeper,
    (f"{_CONTENT}.evidence", "KeptEvidence"): KeptEvidence,
    (f"{_CONTENT}.evidence", "Values"): EvidenceValues,
    (f"{_CONTENT}.expiring", "IdempotencyKeys"): IdempotencyKeys,
    (f"{_CONTENT}.expiring", "Signing"): Signing,
    (f"{_CONTENT}.expiring", "SigningBatch"): SigningBatch,
    (f"{_CONTENT}.expiring", "Signings"): Signings,
    (f"{_CONTENT}.journal", "DeskEntry"): DeskEntry,
    (f"{_CONTENT}.journal", "JournalEntry"): JournalEntry,
    (f"{_CONTENT}.licence_index", "LicenceIndex"): LicenceIndex,
    (f"{_CONTENT}.licences", "Appendix"): Appendix,
    (f"{_CONTENT}.licences", "Licence"): Licence,
    (f"{_CONTENT}.licences", "LicenceChange"): LicenceChange,
    (f"{_CONTENT}.licences", "LicenceEvent"): LicenceEvent,
    (f"{_CONTENT}.licences", "PendingOrder"): PendingOrder,
    (f"{_CONTENT}.numbering", "Counter"): Counter,
    (f"{_CONTENT}.outbox", "Message"): OutboxMessage,
    (f"{_CONTENT}.people", "Entity"): Entity,
    (f"{_CONTENT}.people", "Entries"): Entries,
    (f"{_CONTENT}.people", "Person"): Person,
    (f"{_CONTENT}.people", "PowerOfAttorney"): PowerOfAttorney,
    (f"{_CONTENT}.site", "Registers"): RegisterFolder,
    (f"{_CONTENT}.states", "CaseState"): CaseState,
    (f"{_CONTENT}.statistics", "Counts"): Counts,
    (f"{_CONTENT}.statistics", "Statistics"): Statistics,
    (f"{_CONTENT}.trees", "ByName"): ByName,
    (f"{_CONTENT}.trees", "ByNumber"): ByNumber,
    (f"{_CONTENT}.trees", "NumberByName"): NumberByName,
    (f"{_CONTENT}.trees", "Numbers"): Numbers,
    (f"{_CONTENT}.trees", "Pairs"): Pairs,
}
