"""A case under review at the provider's: its checklist, remarks, the decision and the signature."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.evidence.take_evidence import validate_again
from egovdocs.casework.outcomes.decide_case import draft_outcome, grant_case, refuse_case, return_case
from egovdocs.casework.outcomes.issue_outcome import check_two_persons, offer_outcome
from egovdocs.casework.review.remark_case import make_remark
from egovdocs.casework.review.review_case import (
    claim_case,
    hand_over,
    may_review,
    release_case,
    set_checklist,
)
from egovdocs.casework.signatures.read_document import Altered, read_document
from egovdocs.content import LIVE, Case, CaseState, Site
from egovdocs.i18n import _
from egovdocs.rendering import Section
from egovdocs.signing import ValidationReport
from egovdocs.views.desk.queue_pages import TEMPLATES, colleagues, tag_of
from egovdocs.views.plumbing.case_lists import applicant_of, name_of, row
from egovdocs.views.portal.document_pages import section_of
from egovdocs.views.portal.exchanges import exchanges, title_of

ANSWERS = {"met": True, "not-met": False, "": None}
DONE = {
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
class Review:
    """A registered case at the provider's."""

    def __init__(self, case: Case, request: Request) -> None:
        self.case = case
        self.request = request
        self.office = request.office
        self.site: Site = request.site
        self.account = request.account
        self.service = request.office.edition_of(case)
        self.base = f"/provider/cases/{case.reference}"

    @view_config(request_method="GET", renderer=TEMPLATES + "case.jinja2")
    def show(self) -> dict[str, Any]:
        return self._page()

    @view_config(name="claim", request_method="POST")
    def claim(self) -> Response:
        claim_case(self.office, self.site, self.case, self.account)
        return HTTPSeeOther(self.base)

    @view_config(name="release", request_method="POST")
    def release(self) -> Response:
        release_case(self.office, self.site, self.case, self.account)
        return self._back_to_queue(_("${number} is back in the queue."))

    @view_config(name="hand-over", request_method="POST", renderer=TEMPLATES + "case.jinja2")
    def hand_over(self) -> dict[str, Any] | Response:
        post = self.request.POST
        chosen = {tag_of(self.request, each): each for each in colleagues(self.request)}
        colleague = chosen.get(post.get("to", ""))
        try:
            login = colleague.login if colleague else ""
            hand_over(self.office, self.site, self.case, self.account, login, post.get("note", ""))
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._page(handing=mistake.message)
        return self._back_to_queue(_("${number} is handed over."))

    @view_config(name="review", request_method="POST", renderer=TEMPLATES + "case.jinja2")
    def review(self) -> dict[str, Any] | Response:
        """Keep the checklist; then grant, go on to the refusal, or stay."""
        post = self.request.POST
        answers = {
            requirement.code: ANSWERS.get(post.get(f"requirement-{requirement.code}", ""))
            for requirement in self.service.requirements
        }
        try:
            set_checklist(self.office, self.case, self.account, answers, post.get("notes", ""))
            if "grant" in post:
                grant_case(self.office, self.site, self.case, self.account, post.get("conditions", ""))
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._page(mistake.message)
        if "refuse" in post:
            return HTTPSeeOther(f"{self.base}/refuse")
        if "grant" not in post:
            self._say(_("The checklist of ${number} is saved."))
            return HTTPSeeOther(self.base)
        return self._decided()

    @view_config(name="refuse", request_method="GET", renderer=TEMPLATES + "refuse.jinja2")
    def refusing(self) -> dict[str, Any]:
        return self._refusal()

    @view_config(name="refuse", request_method="POST", renderer=TEMPLATES + "refuse.jinja2")
    def refuse(self) -> dict[str, Any] | Response:
        grounds, reason = self.request.POST.getall("grounds"), self.request.POST.get("reason", "")
        try:
            refuse_case(self.office, self.site, self.case, self.account, grounds, reason)
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._refusal(grounds, reason, mistake.message)
        return self._decided()

    @view_config(name="remark", request_method="POST", renderer=TEMPLATES + "case.jinja2")
    def remark(self) -> dict[str, Any] | Response:
        """Ask the applicant."""
        try:
            make_remark(self.office, self.site, self.case, self.account, self.request.POST.get("remark", ""))
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._page(remarking=mistake.message)
        self._say(_("The remark on ${number} has reached the applicant."))
        return HTTPSeeOther(self.base)

    @view_config(name="return", request_method="POST")
    def take_back(self) -> Response:
        return_case(self.office, self.site, self.case, self.account)
        self._say(_("${number} is under review again."))
        return HTTPSeeOther(self.base)

    @view_config(name="sign", request_method="POST", permission="issue")
    def sign(self) -> Response:
        signing = offer_outcome(self.office, self.site, self.case, self.account)
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _page(
        self,
        error: TranslationString | None = None,
        handing: TranslationString | None = None,
        remarking: TranslationString | None = None,
    ) -> dict[str, Any]:
        case, checklist = self.case, self.case.checklist or {"met": {}, "notes": ""}
        mine = may_review(self.office, case, self.account)
        head = "signatory" in self.account.roles
        waiting = case.state == CaseState.AWAITING_SIGNATURE
        return {
            "case": case,
            "base": self.base,
            "error": error,
            "service": self.service,
            "row": row(self.request, case),
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
                    DONE.get(entry.what, ""),
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
        """Why a signatory may not sign this; None if they may."""
        try:
            check_two_persons(self.office, self.site, self.case, self.account)
        except Mistake as mistake:
            return mistake.message
        return None

    def _request(self) -> dict[str, Any]:
        """The signed request; the files it names stand in a table of their own, beside those kept."""
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
        """A kept document's signed content; nothing of it if it is not what was accepted."""
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
        """The checks of the request's signature."""
        return validate_again(self.office, self.case.documents["request"])

    def _refusal(
        self, grounds: list[str] | None = None, reason: str = "", error: TranslationString | None = None
    ) -> dict[str, Any]:
        decision, met = self.case.decision, (self.case.checklist or {"met": {}})["met"]
        if grounds is None and decision is not None and not decision.granted:
            grounds, reason = list(decision.grounds), decision.reason
        tr = self.request.tr
        return {
            "case": self.case,
            "base": self.base,
            "error": error,
            "applicant": applicant_of(self.site, self.case),
            "grounds": grounds or [],
            "reason": reason,
            "ground_items": [{"value": one.code, "text": tr(one.title)} for one in self.service.grounds],
            "not_met": [one for one in self.service.requirements if met.get(one.code) is False],
        }

    def _decided(self) -> Response:
        self._say(_("${number} is decided and waits for the signatory."))
        return HTTPSeeOther(self.base)

    def _back_to_queue(self, message: TranslationString) -> Response:
        self._say(message)
        return HTTPSeeOther("/provider")

    def _say(self, message: TranslationString) -> None:
        self.request.flash(message, number=self.case.number)
