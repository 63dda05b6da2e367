"""The form of a refusal: its grounds and reason."""

from __future__ import annotations

from typing import Any

from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.outcomes.decide_case import refuse_case
from egovdocs.content import Case
from egovdocs.views.desk.review_view import ReviewView
from egovdocs.views.shared.case_rows import applicant_of


@view_defaults(
    route_name="provider", context=Case, name="refuse", permission="review", renderer="desk/refuse.jinja2"
)
class RefusalPage(ReviewView):
    """Decides to refuse a request."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self._page()

    @view_config(request_method="POST")
    def refuse(self) -> dict[str, Any] | Response:
        grounds, reason = self.request.POST.getall("grounds"), self.request.POST.get("reason", "")
        try:
            refuse_case(self.office, self.site, self.case, self.account, grounds, reason)
        except Decided:
            raise
        except Mistake as mistake:
            self.request.response.status_int = 422
            return self._page(grounds, reason, mistake.message)
        return self.to_decided_case()

    def _page(
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
