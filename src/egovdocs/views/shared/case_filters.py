"""Template filters about a case: its state, its outcome, the time limits of its steps."""

from __future__ import annotations

from jinja2 import pass_context
from jinja2.runtime import Context
from translationstring import TranslationString

from egovdocs.content import LIVE, Case, CaseState, JournalEntry
from egovdocs.i18n import _
from egovdocs.schemas import Step
from egovdocs.views.plumbing.display_filters import request_of
from egovdocs.views.shared.licence_states import LICENCE_STATES

STATE_COLOURS = {
    CaseState.DRAFT: "govuk-tag--grey",
    CaseState.AWAITING_PAYMENT: "govuk-tag--yellow",
    CaseState.PAID: "govuk-tag--yellow",
    CaseState.SENT: "govuk-tag--turquoise",
    CaseState.REGISTERED: "govuk-tag--blue",
    CaseState.IN_REVIEW: "govuk-tag--blue",
    CaseState.AWAITING_SIGNATURE: "govuk-tag--teal",
    CaseState.ISSUED: "govuk-tag--green",
    CaseState.REFUSED: "govuk-tag--red",
    CaseState.CLOSED: "govuk-tag--grey",
}


def state_colour(case: Case) -> str:
    """Return the CSS class of the tag that shows a case's state."""
    return STATE_COLOURS[case.state]


def outcome_kind(case: Case) -> str | None:
    """Return the kind of the document that answers the request; None while there is none."""
    return next((kind for kind in ("outcome", "refusal") if kind in case.documents), None)


def awaits_answer(case: Case) -> bool:
    """Return whether the applicant has yet to answer a remark of the provider."""
    return case.state in LIVE and any(remark.answered_at is None for remark in case.remarks)


@pass_context
def outcome_tag(context: Context, case: Case) -> tuple[TranslationString, str] | None:
    """Return the label and the colour of the tag that says why the issued document is not in force.

    None while it is in force, or where no licence was issued.
    """
    request = request_of(context)
    if case.superseded_by is not None:
        return _("Replaced by a later document"), "grey"
    if case.licence is None:
        return None
    licence, today = request.site.licences[case.licence], request.office.today()
    return None if licence.in_force(today) else LICENCE_STATES[licence.state_on(today)]


@pass_context
def limit_text(context: Context, entry: JournalEntry, step: Step) -> str:
    """Return a step's time limit in words; one in working days as it was reckoned for this case."""
    request = request_of(context)
    if isinstance(entry.limit, int):
        days = request.localizer.pluralize(
            "%(num)s working day", "%(num)s working days", entry.limit, domain="egovdocs"
        )
        return days % {"num": entry.limit}
    return request.tr(step.limit.text) if step.limit else ""
