"""The page of a case under review: its request, checklist, remarks, decision and documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.casework.errors import Mistake
from egovdocs.casework.evidence.take_evidence import validate_again
from egovdocs.casework.outcomes.decide_case import draft_outcome
from egovdocs.casework.outcomes.issue_outcome import check_two_persons
from egovdocs.casework.review.review_case import (
    may_review,
)
from egovdocs.casework.signatures.read_document import Altered, read_document
from egovdocs.content import LIVE, Case, CaseState
from egovdocs.i18n import _
from egovdocs.rendering import Section
from egovdocs.signing import ValidationReport
from egovdocs.views.desk.colleagues import colleagues, tag_of
from egovdocs.views.desk.review_view import ReviewView
from egovdocs.views.shared.case_rows import case_row, name_of
from egovdocs.views.shared.document_display import section_of
from egovdocs.views.shared.document_titles import title_of
from egovdocs.views.shared.exchanges import exchanges

DESK_ENTRIES = {
    "claimed": _("taken"),
    "released": _("given back to the queue"),
    "checked": _("checklist worked through"),
    "handed-over": _("handed over"),
    "granted": _("decided: to grant"),
    "refused": _("decided: to refuse"),
    "returned": _("decision returned to review"),
    "remarked": _("remark to the applicant"),
    "answer-entered": _("the applicant's answer entered"),
    "withdrawal-entered": _("the applicant's withdrawal entered"),
}


@view_defaults(route_name="provider", context=Case, permission="review")
class ReviewPage(ReviewView):
    """Shows the case, and the forms of the actions that this account may take."""

    @view_config(request_method="GET", renderer="desk/case.jinja2")
    def show(self) -> dict[str, Any]:
        return self.page()

    def page(
        self,
        error: TranslationString | None = None,
        handing: TranslationString | None = None,
        remarking: TranslationString | None = None,
    ) -> dict[str, Any]:
        """Return the values of the page, with the message at the form that was wrong."""
        case, checklist = self.case, self.case.checklist or {"met": {}, "notes": ""}
        mine = may_review(self.office, case, self.account)
        head = "signatory" in self.account.roles
        waiting = case.state == CaseState.AWAITING_SIGNATURE
        return {
            "case": case,
            "base": self.base,
            "error": error,
            "service": self.service,
            "row": case_row(self.request, case),
            **self._request(),
            "outcome": self._read("outcome") or self._read("refusal"),
            "draft": self._draft() if waiting else None,
            "report": self._report(),
            "documents": [(kind, title_of(self.service, kind)) for kind in case.documents],
            "exchanges": exchanges(self.service, case),
            "may_remark": mine,
            "remark": self.request.POST.get("remark", ""),
            "remarking": remarking,
            "takes_down": case.channel != "portal" and case.state in LIVE and "officer" in self.account.roles,
            "procedure": self.service.channels[case.channel],
            "checklist": checklist["met"],
            "notes": checklist["notes"],
            "conditions": self.request.POST.get("conditions")
            or (case.decision.conditions if case.decision else ""),
            "may_claim": case.state == CaseState.REGISTERED and "officer" in self.account.roles,
            "may_decide": mine,
            "substituting": mine and case.assignee != self.account.login,
            "may_hand_over": mine or (head and case.state == CaseState.IN_REVIEW),
            "handing": handing,
            "colleagues": {
                tag_of(self.request, each): each.name
                for each in colleagues(self.request)
                if each.login != case.assignee
            },
            "desk": [
                (
                    entry,
                    DESK_ENTRIES.get(entry.what, ""),
                    *(self._name(one) for one in (entry.by, entry.to, entry.instead_of)),
                )
                for entry in case.desk
            ],
            "may_sign": waiting and self.request.may("issue", case),
            "may_not_sign": self._may_not_sign() if waiting else None,
        }

    def _name(self, login: str) -> str:
        return name_of(self.site, login) or login

    def _may_not_sign(self) -> TranslationString | None:
        """Return why the signatory may not sign the outcome; None if they may."""
        try:
            check_two_persons(self.office, self.site, self.case, self.account)
        except Mistake as mistake:
            return mistake.message
        return None

    def _request(self) -> dict[str, Any]:
        """Return the content of the request without its files, and the stored files.

        Each file comes with whether its checksum is in the signed request or in a signed answer.
        """
        section = self._read("request")
        signed = list(section.all("attachments/attachment")) if section else []
        checksums = {one.text("sha256") for one in signed}
        for each in exchanges(self.service, self.case):
            named = (each.answer or {}).get("files", {}).get("file", [])
            checksums.update(file["sha256"] for file in named)
        kinds = {kind.code: kind.title for kind in self.service.attachments}
        kinds |= {kind: title_of(self.service, kind) for kind in self.case.documents if "-" in kind}
        return {
            "request_content": section
            and replace(section, children=tuple(c for c in section.children if c.name != "attachments")),
            "attachments": [
                (number, file, kinds.get(file.kind, file.kind), file.sha256 in checksums)
                for number, file in enumerate(self.case.attachments)
            ],
        }

    def _read(self, kind: str) -> Section | None:
        """Return the signed content of a document; None if it is not what was accepted."""
        if kind not in self.case.documents:
            return None
        try:
            return section_of(self.request, read_document(self.case, kind), self.case.edition)
        except Altered:
            return None

    def _draft(self) -> Section:
        name = self.account.name if "signatory" in self.account.roles else "—"
        draft = draft_outcome(self.office, self.case, name, self.office.today())
        return section_of(self.request, draft, self.case.edition)

    def _report(self) -> ValidationReport:
        """Return the validation report of the request."""
        return validate_again(self.office, self.case.documents["request"])
