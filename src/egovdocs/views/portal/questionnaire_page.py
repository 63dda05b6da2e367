"""The questionnaire after an outcome.

An applicant who came in person fills it in on paper, or opens it without an account by the number and the
code on the receipt.
"""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.statistics.answer_questionnaire import (
    answer_questionnaire,
    find_by_code,
    is_questionnaire_open,
)
from egovdocs.content import Case, Site
from egovdocs.i18n import _
from egovdocs.views.shared.case_view import CaseView

THANKS = _("Thank you. The answers are counted, without a name.")

NOTHING_TO_ASK = _(
    "There is nothing to ask about by this number and code: check them, or wait for the answer to the "
    "request. The questions are asked once."
)


@view_defaults(
    context=Case, name="questionnaire", permission="appraise", renderer="portal/questionnaire.jinja2"
)
class QuestionnairePage(CaseView):
    """The questions to the applicant, asked once; an answer may be left out."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        if not is_questionnaire_open(self.office, self.case):
            return HTTPSeeOther(self.url)
        return self.shown({}, None)

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        answers = {each.code: post.get(each.code, "") for each in self.service.indicators}
        try:
            answer_questionnaire(self.office, self.request.site, self.case, answers)
        except Decided as decided:
            self.request.flash(decided.message)
            return HTTPSeeOther(self.url)
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self.shown(answers, mistake)
        self.request.flash(THANKS)
        return HTTPSeeOther(self.url)

    def shown(self, answers: dict[str, str], mistake: Mistake | None) -> dict[str, Any]:
        return self.common(
            answers=answers,
            error=mistake and self.request.tr(mistake.message),
            from_paper="applicant" not in self.request.account.roles,
            hidden={},
        )


@view_defaults(
    context=Site,
    name="questionnaire",
    permission=NO_PERMISSION_REQUIRED,
    renderer="portal/receipt.jinja2",
)
class ReceiptQuestionnairePage:
    """The same for the holder of a receipt; a wrong code does not reveal whether there is such a request."""

    def __init__(self, site: Site, request: Request) -> None:
        self.site = site
        self.request = request

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return {"number": "", "code": "", "error": None}

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request, post = self.request, self.request.POST
        sent = {name: "".join(post.get(name, "").split()) for name in ("number", "code")}
        case = find_by_code(request.office, self.site, sent["number"], sent["code"])
        if case is None:
            request.response.status_int = 422
            return {**sent, "error": NOTHING_TO_ASK}
        service = request.office.edition_of(case)
        answers = {each.code: post.get(each.code, "") for each in service.indicators}
        error = None
        if "answer" in post:
            try:
                answer_questionnaire(request.office, self.site, case, answers)
            except Mistake as mistake:
                request.response.status_int, error = 422, request.tr(mistake.message)
            else:
                request.flash(THANKS)
                return HTTPSeeOther("/")
        request.override_renderer = "portal/questionnaire.jinja2"
        page = {"service": service, "url": "", "answers": answers, "error": error}
        return {**page, "from_paper": False, "hidden": sent}
