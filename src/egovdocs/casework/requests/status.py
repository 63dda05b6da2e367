"""Where a case stands, for the applicant and for the officer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.collect_outcome import is_uncollected
from egovdocs.casework.procedures import procedure_run
from egovdocs.casework.requests.withdraw_request import WITHDRAWN
from egovdocs.content import LIVE, Case, CaseState
from egovdocs.schemas import Step

_ = TranslationStringFactory("egovdocs")

LABELS: Mapping[CaseState, TranslationString] = {
    CaseState.DRAFT: _("Draft"),
    CaseState.AWAITING_PAYMENT: _("Waiting for payment"),
    CaseState.PAID: _("Paid, waiting for your signature"),
    CaseState.SENT: _("Being sent to the provider"),
    CaseState.REGISTERED: _("Registered"),
    CaseState.IN_REVIEW: _("Under review"),
    CaseState.AWAITING_SIGNATURE: _("Decided, waiting for the signatory"),
    CaseState.ISSUED: _("Issued"),
    CaseState.REFUSED: _("Refused"),
    CaseState.CLOSED: _("Closed"),
}
SOON = 1


@dataclass(frozen=True)
class Status:
    """Where a case stands.

    :param step: the regulation's step it stands at; None when its procedure has ended.
    :param days_left: working days to the deadline while the provider has it: 0 today, below 0 overdue.
    :param urgency: "" for no deadline running, "calm", "soon" (one working day or none) or "overdue".
    :param in_time: of an answered case: was it answered by its deadline?
    :param uncollected: the answer was not opened within the days that the settings give.
    :param waits_until: the time limit stands still until the applicant's answer, or this day.
    """

    label: TranslationString
    step: Step | None
    deadline: date | None = None
    days_left: int | None = None
    urgency: str = ""
    in_time: bool | None = None
    uncollected: bool = False
    waits_until: date | None = None


def status(office: Office, case: Case) -> Status:
    """Where a case stands today."""
    step = procedure_run(office, case).step
    label = WITHDRAWN if "withdrawal" in case.documents else LABELS[case.state]
    if case.deadline is None or case.state is CaseState.CLOSED:
        return Status(label, step)
    if case.state not in LIVE:
        answered = office.calendar.today(case.closed_at or office.clock())
        in_time, uncollected = answered <= case.deadline, is_uncollected(office, case)
        return Status(label, step, case.deadline, in_time=in_time, uncollected=uncollected)
    today = office.today()
    left = office.calendar.working_days_left(case.deadline, today)
    urgency = "overdue" if today > case.deadline else "soon" if left <= SOON else "calm"
    waits = next((each.answer_by for each in case.remarks if each.stopped), None)
    waits_until = waits if waits and today <= waits else None
    return Status(label, step, case.deadline, left, urgency, waits_until=waits_until)
