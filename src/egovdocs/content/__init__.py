"""What is stored: the persistent objects of a site, their indexes, and the database that contains them."""

from egovdocs.content.account import ROLES, Account
from egovdocs.content.accounts import Accounts
from egovdocs.content.appendix import Appendix
from egovdocs.content.attachment import Attachment
from egovdocs.content.case import Case
from egovdocs.content.case_state import ANSWERED, DRAFTS, ENDED, LIVE, CaseState
from egovdocs.content.cases import Cases
from egovdocs.content.counter import NotExclusive, next_number
from egovdocs.content.counts import Cell, Counts
from egovdocs.content.decision import Decision
from egovdocs.content.desk_entry import DeskEntry
from egovdocs.content.document import Document
from egovdocs.content.documents import Documents
from egovdocs.content.entity import Entity
from egovdocs.content.evidence_keeper import EvidenceKeeper
from egovdocs.content.evolve.evolution_step import EvolutionStep
from egovdocs.content.handing_out import HandOut
from egovdocs.content.idempotency_keys import IdempotencyKeys
from egovdocs.content.journal_entry import JournalEntry
from egovdocs.content.kept_evidence import KeptEvidence
from egovdocs.content.leave import Leave
from egovdocs.content.licence import Licence
from egovdocs.content.licence_change import LicenceChange
from egovdocs.content.licence_event import LicenceEvent
from egovdocs.content.licence_state import LicenceState
from egovdocs.content.licences import Licences
from egovdocs.content.offered_signing import Signing
from egovdocs.content.outbox import Outbox
from egovdocs.content.outbox_message import OutboxMessage
from egovdocs.content.outbox_worker import Handler, Settle, Worker
from egovdocs.content.payment import Payment
from egovdocs.content.pending_order import PendingOrder
from egovdocs.content.person import Person
from egovdocs.content.place import Place, place_of
from egovdocs.content.power_of_attorney import PowerOfAttorney
from egovdocs.content.register_entries import Entries
from egovdocs.content.remark import Remark
from egovdocs.content.signing_batch import SigningBatch
from egovdocs.content.signings import Signings
from egovdocs.content.site import Site, document_at
from egovdocs.content.site_database import (
    NewerDatabase,
    OlderDatabase,
    bootstrap,
    evolve_database,
    open_database,
    pack_database,
    pending_steps,
    site_in,
)
from egovdocs.content.site_statistics import Statistics
from egovdocs.content.storage.contract import DatabaseError
from egovdocs.content.storage.durability import sync
from egovdocs.content.storage.locks import LockTimeout, exclusive, is_exclusive
from egovdocs.content.storage.repair import mend
from egovdocs.content.stored_bytes import StagedFile, StoredBytes, stage, store
from egovdocs.content.used_editions import UsedEditions

__all__ = [
    "ANSWERED",
    "DRAFTS",
    "ENDED",
    "LIVE",
    "ROLES",
    "Account",
    "Accounts",
    "Appendix",
    "Attachment",
    "Case",
    "CaseState",
    "Cases",
    "Cell",
    "Counts",
    "DatabaseError",
    "Decision",
    "DeskEntry",
    "Document",
    "Documents",
    "Entity",
    "Entries",
    "EvidenceKeeper",
    "EvolutionStep",
    "HandOut",
    "Handler",
    "IdempotencyKeys",
    "JournalEntry",
    "KeptEvidence",
    "Leave",
    "Licence",
    "LicenceChange",
    "LicenceEvent",
    "LicenceState",
    "Licences",
    "LockTimeout",
    "NewerDatabase",
    "NotExclusive",
    "OlderDatabase",
    "Outbox",
    "OutboxMessage",
    "Payment",
    "PendingOrder",
    "Person",
    "Place",
    "PowerOfAttorney",
    "Remark",
    "Settle",
    "Signing",
    "SigningBatch",
    "Signings",
    "Site",
    "StagedFile",
    "Statistics",
    "StoredBytes",
    "UsedEditions",
    "Worker",
    "bootstrap",
    "document_at",
    "evolve_database",
    "exclusive",
    "is_exclusive",
    "mend",
    "next_number",
    "open_database",
    "pack_database",
    "pending_steps",
    "place_of",
    "site_in",
    "stage",
    "store",
    "sync",
]
