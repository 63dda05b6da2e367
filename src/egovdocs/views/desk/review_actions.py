"""The actions on a case under review: claim, hand over, check, grant, remark, return, sign."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.outcomes.decide_case import grant_case, return_case
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.review.remark_case import make_remark
from egovdocs.casework.review.review_case import (
    claim_case,
    hand_over,
    release_case,
    set_checklist,
)
from egovdocs.i18n import _
from egovdocs.views.desk.colleagues import colleagues, tag_of
from egovdocs.views.desk.review_page import ReviewPage

CHECKLIST_VALUES = {"met": True, "not-met": False, "": None}


class ReviewActions(ReviewPage):
    """Carries out an action, and shows the page again with the message when it is not possible."""

    @view_config(name="claim", request_method="POST")
    def claim(self) -> Response:
        claim_case(self.office, self.site, self.case, self.account)
        return HTTPSeeOther(self.base)

    @view_config(name="release", request_method="POST")
    def release(self) -> Response:
        release_case(self.office, self.site, self.case, self.account)
        return self.back_to_queue(_("${number} is back in the queue."))

    @view_config(name="hand-over", request_method="POST", renderer="desk/case.jinja2")
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
            return self.page(handing=mistake.message)
        return self.back_to_queue(_("${number} is handed over."))

    @view_config(name="review", request_method="POST", renderer="desk/case.jinja2")
    def review(self) -> dict[str, Any] | Response:
        """Store the checklist; then grant the request, go to the refusal, or stay."""
        post = self.request.POST
        answers = {
            requirement.code: CHECKLIST_VALUES.get(post.get(f"requirement-{requirement.code}", ""))
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
            return self.page(mistake.message)
        if "refuse" in post:
            return HTTPSeeOther(f"{self.base}/refuse")
        if "grant" not in post:
            self.say(_("The checklist of ${number} is saved."))
            return HTTPSeeOther(self.base)
        return self.to_decided_case()

    @view_config(name="remark", request_method="POST", renderer="desk/case.jinja2")
    def remark(self) -> dict[str, Any] | Response:
        """Send a remark to the applicant."""
        try:
            make_remark(self.office, self.site, self.case, self.account, self.request.POST.get("remark", ""))
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self.page(remarking=mistake.message)
        self.say(_("The remark on ${number} has reached the applicant."))
        return HTTPSeeOther(self.base)

    @view_config(name="return", request_method="POST")
    def take_back(self) -> Response:
        return_case(self.office, self.site, self.case, self.account)
        self.say(_("${number} is under review again."))
        return HTTPSeeOther(self.base)

    @view_config(name="sign", request_method="POST", permission="issue")
    def sign(self) -> Response:
        signing = offer_outcome(self.office, self.site, self.case, self.account)
        return HTTPSeeOther(f"/signings/{signing.token}")
