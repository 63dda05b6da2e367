"""What is kept: the persistent objects of the site, their indexes, and the database they stand in."""

from egovdocs.content.accounts import ROLES, Account, Accounts, Leave
from egovdocs.content.bodies import Body, set_aside, take_in
from egovdocs.content.cases import Case, Cases, Decision, HandOut, Payment, Remark
from egovdocs.content.documents import Attachment, Document, Documents
from egovdocs.content.evidence import EvidenceKeeper, KeptEvidence, Place, document_at, place_of
from egovdocs.content.expiring import IdempotencyKeys, Signing, SigningBatch, Signings
from egovdocs.content.journal import DeskEntry, JournalEntry
from egovdocs.content.licences import (
    Appendix,
    Licence,
    LicenceChange,
    LicenceEvent,
    Licences,
    LicenceState,
    PendingOrder,
)
from egovdocs.content.locks import LockTimeout, exclusive, is_exclusive
from egovdocs.content.numbering import NotExclusive, next_number
from egovdocs.content.outbox import Handler, Message, Outbox, Worker
from egovdocs.content.people import Entity, Entries, Person, PowerOfAttorney
from egovdocs.content.site import Site, bootstrap, site_in
from egovdocs.content.states import ANSWERED, DRAFTS, ENDED, LIVE, CaseState
from egovdocs.content.statistics import Cell, Counts, Statistics
from egovdocs.content.storage import DatabaseError, open_database

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
    "Body",
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
    "Message",
    "NotExclusive",
    "Outbox",
    "Payment",
    "PendingOrder",
    "Person",
    "Place",
    "PowerOfAttorney",
    "Remark",
    "Signing",
    "SigningBatch",
    "Signings",
    "Site",
    "Statistics",
    "Worker",
    "bootstrap",
    "document_at",
    "exclusive",
    "is_exclusive",
    "next_number",
    "open_database",
    "place_of",
    "set_aside",
    "site_in",
    "take_in",
]
