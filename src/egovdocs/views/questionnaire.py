"""The questionnaire that comes after an outcome; on paper first, where somebody came in person."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.casework import Decided, Mistake, answer_questionnaire, can_be_asked
from egovdocs.content import Case
from egovdocs.i18n import _
from egovdocs.views.cases import TEMPLATES, CaseView


@view_defaults(
    context=Case, name="questionnaire", permission="appraise", renderer=TEMPLATES + "questionnaire.jinja2"
)
class Questionnaire(CaseView):
    """Two questions, once; either may be skipped."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        if not can_be_asked(self.office, self.case):
            return HTTPSeeOther(self.url)
        return self.shown({}, None)

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        post = self.request.POST
        answers = {each.code: post.get(each.code, "") for each in self.service.indicators}
        try:
            answer_questionnaire(self.office, self.request.site, self.case, answers)
        except Decided as decided:
            self.request.session.flash(self.request.tr(decided.message))
            return HTTPSeeOther(self.url)
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self.shown(answers, mistake)
        thanks = _("Thank you. The answers are counted, without a name.")
        self.request.session.flash(self.request.tr(thanks))
        return HTTPSeeOther(self.url)

    def shown(self, answers: dict[str, str], mistake: Mistake | None) -> dict[str, Any]:
        return self.common(answers=answers, error=mistake and self.request.tr(mistake.message))
