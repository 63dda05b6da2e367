"""The status of a case, for the applicant and the officer."""

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
    """The status of a case.

    :param step: the current step of the regulation; None when the procedure has ended.
    :param days_left: working days to the deadline while the provider works on it: 0 today, negative if
        overdue.
    :param urgency: "" if no deadline runs, "calm", "soon" (one working day or less) or "overdue".
    :param in_time: of a case with an outcome: whether it was given by the deadline.
    :param uncollected: the outcome was not opened within the days that the settings give.
    :param waits_until: the time limit is suspended until the applicant answers, or until this day.
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
    """Return the status of a case today."""
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
