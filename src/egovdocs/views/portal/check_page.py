"""The answers of a draft, to check before payment and signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyramid.view import view_config, view_defaults

from egovdocs.casework.requests.submit_request import is_signed_by_person
from egovdocs.content import Case, CaseState
from egovdocs.views.portal.draft_view import DraftView
from egovdocs.views.shared.schema_forms import (
    AnswerCard,
    answer_cards,
)


@view_defaults(context=Case, name="check", permission="edit", renderer="portal/check.jinja2")
class CheckPage(DraftView):
    """All answers, with what is missing, before payment and signature."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self.common(
            answers=list(self.answers()),
            kinds={kind.code: kind for kind in self.kinds},
            problems=[
                (self.place(page), problem.message)
                for page, found in self.problems().items()
                for problem in found
            ],
            fee=self.fee,
            to_pay=bool(self.fee) and self.case.state != CaseState.PAID,
            signed=is_signed_by_person(self.office, self.case),
        )

    def answers(self) -> Iterator[tuple[AnswerCard, str]]:
        """Yield the cards of the page, each with the path where its answers are changed."""
        for name, page in self.pages.items():
            values = self.case.values.get(name, {})
            for card in answer_cards(page, values, self.document, self.request.language):
                yield card, self.place(name)

    def place(self, page: str) -> str:
        where = "attachments" if page == "attachments" else f"form/{page}"
        return f"{self.url}/{where}?from=check"
