"""Store a signed request that was accepted, and register it (P8, P9 of table A1).

Where the table and the settings provide for it, the gateway is between the two.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from egovdocs.casework.notices.notify_applicant import notify, schedule_deadline_reminder
from egovdocs.casework.notices.notify_staff import notify_of_work
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.signatures.store_document import seal_document, store_document
from egovdocs.content import Case, CaseState, Site, next_number
from egovdocs.schemas.identifiers import request_number


def accept_request(office: Office, site: Site, case: Case, signed: bytes, report: dict[str, Any]) -> None:
    """Store the signed request of a case, and enter the step of sending. Call it inside
    ``exclusive_transaction``.

    :param signed: the request, byte for byte.
    :param report: its acceptance record.
    """
    now = office.clock()
    run = procedure_run(office, case)
    if not (run.is_at("sign") or run.is_at("send")):
        run.answer_condition("check-certificate", True, now)
        run.enter("sign", now, case.account)
    run.enter("send", now, case.account)
    store_document(office, site, case, "request", signed, report)


def register_request(office: Office, site: Site, case: Case) -> None:
    """Register a stored request: allocate its number and deadline, and issue the receipt (P9 of table A1).

    Call it inside ``exclusive_transaction``.
    """
    service = office.edition_of(case)
    now = office.clock()
    run = procedure_run(office, case)
    run.enter("register", now)
    year = office.today().year
    case.number = request_number(year, next_number(site, f"requests/{year}"))
    case.registered_at = now
    case.deadline = office.calendar.deadline(now, service.actions[case.action].working_days)
    case.state, case.looked_up = CaseState.REGISTERED, None
    case.documents["request"].name = f"request-{case.number}.xml"
    receipt = _receipt(office, case, case.number, now, case.deadline)
    sealed = seal_document(office, receipt)
    store_document(office, site, case, "receipt", *sealed, name=f"receipt-{case.number}.xml")
    run.leave(office.clock())
    run.enter("review", office.clock())
    site.cases.reindex(case)
    notify(office, site, case, "registered")
    notify_of_work(office, site, case, "review")
    schedule_deadline_reminder(office, site, case)


def _receipt(office: Office, case: Case, number: str, registered: datetime, deadline: date) -> bytes:
    edition = office.edition_of(case)
    return edition.document_types["receipt"].build(
        {
            "service": case.service,
            "action": case.action,
            "channel": case.channel,
            "number": number,
            "registeredAt": registered.isoformat(timespec="seconds"),
            "applicant": case.applicant,
            "requestSha256": case.documents["request"].sha256,
            "deadline": deadline.isoformat(),
            "provider": edition.provider.named,
        }
    )
