"""The page of a case: the tasks that remain, or the progress and the documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyramid.response import Response
from pyramid.view import view_config
from translationstring import TranslationString

from egovdocs import schemas
from egovdocs.casework.requests.status import status
from egovdocs.casework.requests.submit_request import is_signed_by_person
from egovdocs.casework.statistics.answer_questionnaire import is_questionnaire_open
from egovdocs.casework.visitors.hand_out import collection_deadline
from egovdocs.content import DRAFTS, LIVE, Account, Case, CaseState
from egovdocs.i18n import _
from egovdocs.schemas.identifiers import kind_of
from egovdocs.views.shared.case_view import CaseView
from egovdocs.views.shared.document_titles import title_of
from egovdocs.views.shared.exchanges import exchanges


@dataclass(frozen=True)
class Task:
    """A line of the task list of a draft."""

    title: str
    href: str | None
    state: TranslationString
    done: bool = False


@view_config(context=Case, permission="view", request_method="GET", renderer="portal/case.jinja2")
class CasePage(CaseView):
    """The task list of a draft; the progress and the documents of a request that was sent.

    A visitor's request begins with the look-up, which has a page of its own while a register does not answer.
    """

    def __call__(self) -> dict[str, Any] | Response:
        progress = status(self.office, self.case)
        looking = progress.step is not None and "lookup" in progress.step.does
        if looking or (self.case.state == CaseState.CLOSED and self.case.number is None):
            self.request.override_renderer = "visitors/look-up.jinja2"
            return self.common(looking=looking)
        if self.case.state in DRAFTS:
            self.request.override_renderer = "portal/tasks.jinja2"
            waiting = self.case.state == CaseState.AWAITING_PAYMENT
            return self.common(tasks=self.tasks() if self.offered else [], waiting=waiting)
        return self.common(
            status=progress,
            may_hand_out=self.request.may("hand-out", self.case),
            collection_deadline=collection_deadline(self.office, self.case),
            place=self.place(),
            may_appraise=is_questionnaire_open(self.office, self.case)
            and self.request.may("appraise", self.case),
            natural=kind_of(self.case.applicant) == "natural",
            titles={kind: title_of(self.service, kind) for kind in self.case.documents},
            exchanges=exchanges(self.service, self.case),
            may_withdraw=self.case.state in LIVE and self.request.may("answer", self.case),
        )

    def place(self) -> schemas.Text | str:
        """Return the name of the place where the request was made in person; empty for others."""
        if self.case.received_by is None:
            return ""
        staff: Account | None = self.request.site.accounts.get(self.case.account)
        return (staff and staff.organisation) or str(self.case.values["reception"]["organisation"])

    def tasks(self) -> list[Task]:
        tr = self.request.tr
        found = self.problems()
        paid = self.case.state == CaseState.PAID
        done, not_started, begun = _("Completed"), _("Not started yet"), _("Incomplete")
        tasks = []
        for name, page in self.pages.items():
            state = done if name not in found else begun if self.answered(page) else not_started
            tasks.append(Task(tr(page.label), f"{self.url}/form/{name}", state, name not in found))
        if self.kinds:
            missing = "attachments" in found
            state = done if not missing else begun if self.case.attachments else not_started
            title = tr(_("Documents to attach"))
            tasks.append(Task(title, f"{self.url}/attachments", state, not missing))
        ready = all(task.done for task in tasks)
        later = _("Cannot start yet")
        if self.fee:
            state = done if paid else _("Ready") if ready else later
            href = f"{self.url}/check" if ready and not paid else None
            tasks.append(Task(tr(_("Check your answers and pay")), href, state, paid))
            ready = paid
        href = f"{self.url}/check" if ready else None
        signed = is_signed_by_person(self.office, self.case)
        last = _("Read the request, sign it and send it") if signed else _("Read the request and register it")
        tasks.append(Task(tr(last), href, _("Ready") if ready else later))
        return tasks
