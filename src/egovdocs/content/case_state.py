"""The states of a case, and the groups of them that the code distinguishes."""

from __future__ import annotations

from egovdocs.content.stored_enum import StoredEnum


class CaseState(StoredEnum):
    """The state of a case.

    ``SENT``: signed, and on its way through the gateway to the system that registers it. ``CLOSED``: ended
    without an outcome.
    """

    DRAFT = "draft"
    AWAITING_PAYMENT = "awaiting-payment"
    PAID = "paid"
    SENT = "sent"
    REGISTERED = "registered"
    IN_REVIEW = "in-review"
    AWAITING_SIGNATURE = "awaiting-signature"
    ISSUED = "issued"
    REFUSED = "refused"
    CLOSED = "closed"


DRAFTS = (CaseState.DRAFT, CaseState.AWAITING_PAYMENT, CaseState.PAID)
LIVE = (CaseState.REGISTERED, CaseState.IN_REVIEW, CaseState.AWAITING_SIGNATURE)
ANSWERED = (CaseState.ISSUED, CaseState.REFUSED)
ENDED = (CaseState.ISSUED, CaseState.REFUSED, CaseState.CLOSED)
