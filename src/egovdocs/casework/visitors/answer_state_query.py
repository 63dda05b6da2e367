"""Telling a centre's own system where a request stands that it handed in (P9 of table A3)."""

from __future__ import annotations

from contextlib import suppress

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.requests.hand_in_request import CHANNEL, NO_OPERATOR, find_operator
from egovdocs.casework.signatures.accept_signed import require_valid_signature
from egovdocs.casework.visitors.hand_out import hand_out
from egovdocs.content import Case, Document, Site
from egovdocs.integrations.centres import state_query_messages

_ = TranslationStringFactory("egovdocs")


def answer_state_query(office: Office, site: Site, signed: bytes) -> Case:
    """The request that a centre asks for; if its operator says so, its outcome is noted as handed over.

    :param signed: the question, signed with a key of the centre.
    :raises TryLater: no fresh revocation list is there.
    :raises Mistake: the signature does not pass; there is no such request of that centre's; there is nothing
        to hand over, or it is not an operator who says so.
    :raises egovdocs.integrations.gateway.xmlutil.UnexpectedStructure: it is no question.
    """
    report, signer = require_valid_signature(office, signed)
    question = state_query_messages.parse_query(report.content or b"")
    if not signer.bin or signer.bin != question.centre:
        raise Mistake(_("The question is to be signed with a key of the centre that asks."))
    case: Case | None = site.cases.by_number(question.number)
    if case is None or (case.channel, case.received_by) != (CHANNEL, question.centre):
        raise Mistake(_("No request of this number was made at your centre."))
    if question.handed_over:
        operator = find_operator(site, signer)
        if operator is None:
            raise Mistake(NO_OPERATOR)
        with suppress(Decided):  # said again
            hand_out(office, site, case, operator)
    return case


def find_outcome(case: Case) -> Document | None:
    """The signed licence, certificate or refusal; None while there is none."""
    found: Document | None = case.documents.get("outcome") or case.documents.get("refusal")
    return found
