"""Cases: one applicant's request for one service, from the first draft to the outcome."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from persistent import Persistent
from persistent.list import PersistentList
from persistent.mapping import PersistentMapping

from egovdocs.content.access import ALLOW, DENY_ALL
from egovdocs.content.bodies import Aside, take_in
from egovdocs.content.catalogue import Catalogue
from egovdocs.content.documents import Attachment, Documents
from egovdocs.content.folder import Folder
from egovdocs.content.indexes import compare
from egovdocs.content.journal import DeskEntry, JournalEntry
from egovdocs.content.numbering import next_number
from egovdocs.content.people import Entity, Person
from egovdocs.content.states import CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment asked for, and made when ``paid_at`` is there.

    :param reference: random; the bank's notice names it.
    :param transaction: the bank's own number of the payment.
    :param followed: when it was last begun, if the outbox asks what became of it.
    """

    reference: str
    amount: Decimal
    currency: str
    started_at: datetime
    paid_at: datetime | None = None
    transaction: str | None = None
    followed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut:
    """The outcome was put into the applicant's or their representative's hand, by whom and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the provider decided: to grant, or to refuse on coded grounds with a reason in words.

    :param number: of the licence, certificate or refusal that says so.
    :param conditions: special conditions of what is granted.
    """

    granted: bool
    number: str
    by: str
    at: datetime
    grounds: tuple[str, ...] = ()
    reason: str = ""
    conditions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What an officer asks the applicant to mend or explain; its document is ``remark-{number}``.

    :param answer_by: the last day the applicant was given, if any.
    :param stopped: the deadline as it stood before, while the time limit waits for the answer; None when it
        does not, or no more.
    :ivar answered_at: when ``answer-{number}`` came.
    """

    number: int
    by: str
    at: datetime
    answer_by: date | None = None
    stopped: date | None = None
    answered_at: datetime | None = None


class Case(Persistent):
    """A request and all that became of it.

    After a change to its state, deadline, assignee, number or payment: ``cases.reindex(case)``.

    :param service: the service's id; ``provider`` is the BIN of who answers.
    :param applicant: the IIN or BIN the request is for.
    :param account: the login of who made it.
    :param received_by: the BIN of the provider or centre whose people took it down for somebody who came.
    :ivar looked_up: the applicant as the state's register has them, to compare a visitor's documents with; as
        long as the request is a draft.
    :ivar papers: codes of the kinds of documents whose originals were shown to them.
    :ivar desk: what the provider's people did with it between the steps of its table, oldest first.
    :ivar collected_at: when the applicant first opened the answer, or it was handed to them.
    :ivar questioned: the questionnaire was answered; by whom and how, nobody knows.
    :ivar told: the events that notices were written of.
    :ivar superseded_by: the reference of a later case whose outcome has taken the place of this one's.
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
    told: tuple[str, ...] = ()
    questioned: bool = False
    received_by: str | None = None
    looked_up: Person | Entity | None = None
    papers: tuple[str, ...] = ()
    handed_out: HandOut | None = None

    def __init__(
        self,
        *,
        service: str,
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
        if self.number is not None:  # a draft and its files are nobody else's business
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
                (ALLOW, f"operator@{self.received_by}", (*receiving, "answer")),  # for who comes again
            ]
        # What the site allows an officer stops here: this one may be another provider's.
        return [*acl, DENY_ALL]

    @property
    def fee_paid(self) -> Payment | None:
        """The payment of the fee, if it was made here."""
        return self.payment if self.payment is not None and self.payment.paid_at is not None else None

    def attach(
        self, kind: str, name: str, source: bytes | Path | Aside, media_type: str, created_at: datetime
    ) -> Attachment:
        """Attach a file, which is copied, or what was set aside."""
        attachment = Attachment(kind, name, media_type, created_at, take_in(source, self))
        attachment.__parent__ = self
        attachment.__name__ = name
        self.attachments.append(attachment)
        return attachment


class Cases(Folder[Case], Catalogue):
    """All cases by reference, and found by anything else."""

    def __init__(self, parent: Any, name: str) -> None:
        Folder.__init__(self, parent, name)
        Catalogue.__init__(self)

    def add(self, case: Case) -> Case:
        """Add a new case and give it its id. Call :func:`~egovdocs.content.locks.exclusive` before.

        :raises egovdocs.content.numbering.NotExclusive: it was not called.
        """
        case.id = next_number(self.__parent__, "cases")
        self._add(case.reference, case)
        self.reindex(case)
        return case

    def rebuild(self) -> None:
        """Drop the indexes and make them anew from the cases."""
        self._index_all(self.values())

    def differences(self) -> list[str]:
        """Compare the indexes with what the cases say: one line for each difference."""
        fresh = Catalogue()
        fresh._index_all(self.values())
        return compare(fresh._told(), self._told())
