"""A case: one applicant's request for one service, from the first draft to the outcome."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from pathlib import Path
from typing import Any

from persistent import Persistent
from persistent.list import PersistentList
from persistent.mapping import PersistentMapping

from egovdocs.content.access import ALLOW, DENY_ALL
from egovdocs.content.attachment import Attachment
from egovdocs.content.case_state import CaseState
from egovdocs.content.decision import Decision
from egovdocs.content.desk_entry import DeskEntry
from egovdocs.content.documents import Documents
from egovdocs.content.entity import Entity
from egovdocs.content.handing_out import HandOut
from egovdocs.content.journal_entry import JournalEntry
from egovdocs.content.payment import Payment
from egovdocs.content.person import Person
from egovdocs.content.remark import Remark
from egovdocs.content.stored_bytes import StagedFile, store


class Case(Persistent):
    """A request and everything that belongs to it.

    After a change to its state, deadline, assignee, number or payment, call ``cases.reindex(case)``.

    :param service: the id of the service.
    :param edition: the service's edition: the case was begun under it, and ends under it.
    :param provider: the BIN of the provider that decides.
    :param applicant: the IIN or BIN that the request is for.
    :param account: the login of who made it.
    :param received_by: the BIN of the provider or centre whose staff entered it for a visitor.
    :ivar id: given by :meth:`~egovdocs.content.cases.Cases.add`.
    :ivar number: of the registered request; None for a draft.
    :ivar values: what was filled in, by form page.
    :ivar looked_up: of a visitor's draft: the applicant as the state register has them.
    :ivar papers: codes of the kinds of documents whose originals the visitor presented.
    :ivar begun_under: of a draft that was carried to a later edition: the one before.
    :ivar to_answer: the paths of what the applicant has to answer because of that.
    :ivar desk: the actions of the provider's staff between the steps of the table, oldest first.
    :ivar collected_at: when the applicant first opened the outcome, or was handed it.
    :ivar questioned: the questionnaire was answered; by whom and how is not recorded.
    :ivar notified: the events that notices were written about.
    :ivar licence: the number of the licence that was issued.
    :ivar superseded_by: the reference of a later case whose outcome replaced this one's.
    """

    __parent__: Any = None
    __name__: str | None = None

    id: int
    number: str | None = None
    registered_at: datetime | None = None
    deadline: date | None = None
    assignee: str | None = None
    payment: Payment | None = None
    checklist: dict[str, Any] | None = None
    decision: Decision | None = None
    desk: tuple[DeskEntry, ...] = ()
    remarks: tuple[Remark, ...] = ()
    licence: str | None = None
    superseded_by: str | None = None
    closed_at: datetime | None = None
    collected_at: datetime | None = None
    notified: tuple[str, ...] = ()
    questioned: bool = False
    received_by: str | None = None
    looked_up: Person | Entity | None = None
    papers: tuple[str, ...] = ()
    begun_under: str | None = None
    to_answer: tuple[str, ...] = ()
    handed_out: HandOut | None = None

    def __init__(
        self,
        *,
        service: str,
        edition: str,
        action: str,
        channel: str,
        provider: str,
        applicant: str,
        account: str,
        created_at: datetime,
        language: str = "ru",
        reference: str | None = None,
        received_by: str | None = None,
    ) -> None:
        self.reference = reference or secrets.token_urlsafe(12)
        self.service = service
        self.edition = edition
        self.action = action
        self.channel = channel
        self.provider = provider
        self.applicant = applicant
        self.account = account
        self.language = language
        self.created_at = created_at
        self.received_by = received_by
        self.state = CaseState.DRAFT
        self.values: PersistentMapping[str, Any] = PersistentMapping()
        self.attachments: PersistentList[Attachment] = PersistentList()
        self.documents = Documents(self)
        self.journal: PersistentList[JournalEntry] = PersistentList()

    @property
    def __acl__(self) -> list[Any]:
        acl: list[Any] = [(ALLOW, f"account:{self.account}", ("view", "edit", "sign"))]
        if self.number is not None:  # drafts and their files are visible to their account only
            acl += [
                (ALLOW, f"applicant:{self.applicant}", ("view", "answer", "appraise")),
                (ALLOW, f"officer@{self.provider}", ("view", "review")),
                (ALLOW, f"signatory@{self.provider}", ("view", "review", "issue")),
                (ALLOW, "role:archivist", ("view", "archive")),
            ]
        if self.number is not None and self.received_by is not None:
            receiving = ("view", "hand-out", "appraise")
            acl += [
                (ALLOW, f"officer@{self.received_by}", receiving),
                (ALLOW, f"operator@{self.received_by}", (*receiving, "answer")),  # for a returning visitor
            ]
        # Stops what the site allows every officer: this officer may work for another provider.
        return [*acl, DENY_ALL]

    @property
    def fee_paid(self) -> Payment | None:
        """The payment of the fee, if it was made on this site."""
        return self.payment if self.payment is not None and self.payment.paid_at is not None else None

    def attach(
        self, kind: str, name: str, source: bytes | Path | StagedFile, media_type: str, created_at: datetime
    ) -> Attachment:
        """Attach bytes, a copy of a file, or a staged file.

        :param kind: the code of the kind of document.
        :param name: the file's name, as the applicant gave it.
        :raises OSError: as :func:`~egovdocs.content.stored_bytes.store`.
        """
        attachment = Attachment(kind, name, media_type, created_at, store(source, self))
        attachment.__parent__ = self
        attachment.__name__ = name
        self.attachments.append(attachment)
        return attachment
