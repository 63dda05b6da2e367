"""Close a case: with an outcome, with a refusal, or without either."""

from __future__ import annotations

from egovdocs.casework.notices.notify_applicant import notify, schedule_collection_reminder
from egovdocs.casework.office import Office
from egovdocs.casework.statistics.count_case import count_case
from egovdocs.content import Case, CaseState, Site


def end_case(office: Office, site: Site, case: Case, state: CaseState) -> None:
    """Close a case, count it, notify the applicant, and schedule the reminder to collect the outcome.

    Call it with the journal and the documents complete, in the transaction that ends the case.

    :param state: one of :data:`~egovdocs.content.ENDED`.
    """
    case.state = state
    case.closed_at = office.clock()
    site.cases.reindex(case)
    count_case(office.calendar, site, case)
    if state is CaseState.CLOSED:
        notify(office, site, case, "closed-paid" if case.fee_paid else "closed")
        return
    granted = state is CaseState.ISSUED
    in_person = case.received_by is not None
    notify(office, site, case, "refused" if not granted else "ready" if in_person else "issued")
    schedule_collection_reminder(office, site, case)
