"""Answer a query of a centre's own system about the state of a request that it handed in (P9 of table A3)."""

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
    """Return the request that a centre asks about; if its operator says so, record its outcome as handed
    over.

    :param signed: the query, signed with a key of the centre.
    :raises TryLater: there is no fresh revocation list.
    :raises Mistake: the signature does not pass; the centre has handed in no such request; there is no
        outcome to hand over; or the signer is not an operator.
    :raises egovdocs.integrations.gateway.xmlutil.UnexpectedStructure: it is not a query.
    """
    report, signer = require_valid_signature(office, signed)
    question = state_query_messages.parse_query(report.content or b"")
    if not signer.bin or signer.bin != question.centre:
        raise Mistake(_("The query must be signed with a key of the centre that sends it."))
    case: Case | None = site.cases.by_number(question.number)
    if case is None or (case.channel, case.received_by) != (CHANNEL, question.centre):
        raise Mistake(_("No request of this number was made at your centre."))
    if question.handed_over:
        operator = find_operator(site, signer)
        if operator is None:
            raise Mistake(NO_OPERATOR)
        with suppress(Decided):  # reported again
            hand_out(office, site, case, operator)
    return case


def find_outcome(case: Case) -> Document | None:
    """Return the signed licence, certificate or refusal of a case; None while there is none."""
    found: Document | None = case.documents.get("outcome") or case.documents.get("refusal")
    return found
