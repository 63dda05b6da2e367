"""Hand over the outcome of a request that was made in person (P9 of tables A2 and A3, P8 of B2)."""

from __future__ import annotations

from datetime import date, timedelta

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.collect_outcome import collect_outcome
from egovdocs.casework.transactions import exclusive_transaction
from egovdocs.content import ANSWERED, Account, Case, HandOut, Site

_ = TranslationStringFactory("egovdocs")


def hand_out(office: Office, site: Site, case: Case, account: Account) -> None:
    """Record that the outcome was handed to the applicant or their representative.

    :param account: the employee who handed it over.
    :raises Decided: it has been handed over already.
    :raises Mistake: there is no outcome yet, or it is at another organisation.
    """
    if case.received_by is None or account.provider != case.received_by:
        raise Mistake(_("This outcome is handed over where the request was made."))
    with exclusive_transaction(site):
        if case.state not in ANSWERED:
            raise Mistake(_("There is no outcome to hand over yet."))
        if case.handed_out is not None:
            raise Decided(_("This outcome has been handed over already."))
        case.handed_out = HandOut(by=account.login, at=office.clock())
        collect_outcome(office, case)
        site.cases.reindex(case)


def collection_deadline(office: Office, case: Case) -> date | None:
    """Return the day until which the outcome is to be collected.

    It is kept afterwards just the same (clause 17.6 of the procedure of service A).

    :returns: None while there is no outcome, or when it was collected.
    """
    if case.received_by is None or case.collected_at is not None or case.state not in ANSWERED:
        return None
    assert case.closed_at is not None, "an answered case is closed"
    return office.calendar.today(case.closed_at) + timedelta(days=office.collect_days)
