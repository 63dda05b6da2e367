"""Making the request, an XML document, of what the applicant filled in, paid and attached."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Problems
from egovdocs.casework.office import Office
from egovdocs.content import Case
from egovdocs.schemas import DocumentProblems, Problem

_ = TranslationStringFactory("egovdocs")


def draft_request(office: Office, case: Case) -> bytes:
    """The unsigned request. The same case gives the same bytes, so that what was signed can be compared.

    :raises Problems: something is missing or wrong.
    """
    problems = find_problems(office, case)
    if problems:
        raise Problems(_("Some answers are missing or wrong."), problems)
    return office.service(case.service).request.build(_values(case))


def find_problems(office: Office, case: Case) -> tuple[Problem, ...]:
    """What stands in the way of the request: answers that are missing or wrong, documents not attached."""
    service = office.service(case.service)
    try:
        service.request.build(_values(case))
        wrong: tuple[Problem, ...] = ()
    except DocumentProblems as problems:
        wrong = problems.problems
    attached = {attachment.kind for attachment in case.attachments}
    missing = tuple(
        Problem(f"attachments/{kind.code}", _("Attach this document."))
        for kind in service.attachments_for(case.action)
        if kind.required and kind.code not in attached
    )
    return wrong + missing


def _values(case: Case) -> dict[str, Any]:
    """What the applicant filled in, the identity always from the account, and what the system knows."""
    values: dict[str, Any] = dict(case.values)
    values |= {
        "service": case.service,
        "action": case.action,
        "channel": case.channel,
        "reference": case.reference,
        "language": case.language,
    }
    if case.payment is not None and case.payment.paid_at is not None:
        values["payment"] = {
            "reference": case.payment.reference,
            "amount": str(case.payment.amount),
            "currency": "KZT",
            "paidAt": case.payment.paid_at.astimezone(UTC).isoformat(timespec="seconds"),
        }
    if case.attachments:
        values["attachments"] = {
            "attachment": [
                {
                    "kind": attachment.kind,
                    "name": attachment.name,
                    "mediaType": attachment.media_type,
                    "size": attachment.size,
                    "sha256": attachment.sha256,
                }
                for attachment in case.attachments
            ]
        }
    return values
