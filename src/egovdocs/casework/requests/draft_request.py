"""Build the request, an XML document, from what was filled in, paid and attached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Problems
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.replaced_licence import find_licence_problem
from egovdocs.content import Case
from egovdocs.schemas import DocumentProblems, Problem
from egovdocs.schemas.wording import NOT_ATTACHED, NOT_SHOWN

_ = TranslationStringFactory("egovdocs")


def draft_request(office: Office, case: Case) -> bytes:
    """Return the unsigned request. The same case gives the same bytes, so that signed content can be
    compared.

    :raises Problems: something is missing or wrong.
    """
    try:
        return office.edition_of(case).request.build(_values(case))
    except DocumentProblems as found:
        raise Problems(_("Some answers are missing or wrong."), found.problems) from None


def find_problems(office: Office, case: Case) -> tuple[Problem, ...]:
    """Return what the applicant has yet to correct: missing or wrong answers, and documents not attached.

    The payment is checked elsewhere, see ``check_payment``.
    """
    service = office.edition_of(case)
    try:
        service.request.build(_values(case))
        wrong: tuple[Problem, ...] = ()
    except DocumentProblems as problems:
        wrong = tuple(
            problem
            for problem in problems.problems
            if problem.path not in ("payment", "attachments", "papers")
        )
    licence = find_licence_problem(office, case, case.values)
    return wrong + tuple(_missing(office, case)) + ((licence,) if licence else ())


def _missing(office: Office, case: Case) -> Iterator[Problem]:
    """Yield required documents that are not attached, or not marked as shown where the table has papers
    marked.
    """
    service = office.edition_of(case)
    takes_papers = service.channels[case.channel].step_for("papers") is not None
    attached = {attachment.kind for attachment in case.attachments}
    for kind in service.attachments_for(case.action, case.channel):
        if kind.required and kind.code not in attached:
            yield Problem(f"attachments/{kind.code}", NOT_ATTACHED.with_values(label=kind.title))
        if kind.required and takes_papers and kind.code not in case.papers:
            yield Problem(f"papers/{kind.code}", NOT_SHOWN.with_values(label=kind.title))


def _values(case: Case) -> dict[str, Any]:
    """Return the values of the request: the form's, the applicant's identity from the account, and the
    system's.
    """
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
    if case.papers:
        values["papers"] = {"paper": list(case.papers)}
    return values
