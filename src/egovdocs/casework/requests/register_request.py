"""Keeping a signed request that was accepted, and registering it (P8, P9 of table A1).

Between the two lies the gateway, where the table and the settings have it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from egovdocs.casework.evidence.take_evidence import keep_signed
from egovdocs.casework.notices.notify_applicant import notify, remind_of_deadline
from egovdocs.casework.notices.notify_staff import tell_of_work
from egovdocs.casework.office import Office
from egovdocs.casework.procedures import walk_of
from egovdocs.casework.signatures.draft_document import keep_sealed
from egovdocs.content import Case, CaseState, Site, next_number
from egovdocs.schemas import DOCUMENT_TYPES
from egovdocs.schemas.identifiers import request_number


def keep_request(office: Office, site: Site, case: Case, signed: bytes, report: dict[str, Any]) -> None:
    """Keep the request of a case as it was signed and accepted. Call it ``alone``.

    :param report: what is kept of the validation beside it.
    """
    now = office.clock()
    walk = walk_of(office, case)
    if not (walk.stands_at("sign") or walk.stands_at("send")):
        walk.answer("check-certificate", True, now)
        walk.enter("sign", now, case.account)
    walk.enter("send", now, case.account)
    keep_signed(office, site, case, "request", "request.xml", signed, report)


def register_request(office: Office, site: Site, case: Case) -> None:
    """Give a case whose request is kept its number, and receipt it. Call it ``alone``."""
    service = office.service(case.service)
    now = office.clock()
    walk = walk_of(office, case)
    walk.enter("register", now)
    year = office.today().year
    case.number = request_number(year, next_number(site, f"requests/{year}"))
    case.registered_at = now
    case.deadline = office.calendar.deadline(now, service.actions[case.action].working_days)
    case.state, case.looked_up = CaseState.REGISTERED, None
    case.documents["request"].name = f"request-{case.number}.xml"
    receipt = _receipt(office, case, case.number, now, case.deadline)
    keep_sealed(office, site, case, "receipt", receipt, f"receipt-{case.number}.xml")
    walk.leave(office.clock())
    walk.enter("review", office.clock())
    site["cases"].reindex(case)
    notify(office, site, case, "registered")
    tell_of_work(office, site, case, "review")
    remind_of_deadline(office, site, case)


def _receipt(office: Office, case: Case, number: str, registered: datetime, deadline: date) -> bytes:
    return DOCUMENT_TYPES["receipt"].build(
        {
            "service": case.service,
            "action": case.action,
            "channel": case.channel,
            "number": number,
            "registeredAt": registered.isoformat(timespec="seconds"),
            "applicant": case.applicant,
            "requestSha256": case.documents["request"].sha256,
            "deadline": deadline.isoformat(),
            "provider": office.service(case.service).provider.named,
        }
    )
