"""The states of a case."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands. ``CLOSED``: it ended without an outcome."""

    DRAFT = "draft"
    AWAITING_PAYMENT = "awaiting-payment"
    PAID = "paid"
    REGISTERED = "registered"
    IN_REVIEW = "in-review"
    AWAITING_SIGNATURE = "awaiting-signature"
    ISSUED = "issued"
    REFUSED = "refused"
    CLOSED = "closed"


LIVE = (CaseState.REGISTERED, CaseState.IN_REVIEW, CaseState.AWAITING_SIGNATURE)
ANSWERED = (CaseState.ISSUED, CaseState.REFUSED)
ENDED = (CaseState.ISSUED, CaseState.REFUSED, CaseState.CLOSED)
