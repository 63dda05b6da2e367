"""The base of the pages for statements of the applicant during review: answers and withdrawals.

An operator of the centre, or behind ``/provider`` an officer, enters a statement that was made in person.
"""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.review.remark_case import check_may_enter_for_applicant
from egovdocs.content import Case
from egovdocs.views.shared.case_view import CaseView

BY_OFFICER = {"route_name": "provider", "permission": "review"}


class ApplicantStatementPage(CaseView):
    """A statement of the applicant, made by themselves or entered by an operator or officer."""

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        if request.matched_route is not None:
            self.url = f"/provider{self.url}"
        self.entering = "applicant" not in request.account.roles
        if self.entering:
            check_may_enter_for_applicant(self.office, case, request.account)

    def entered(self, message: TranslationString) -> Response:
        """Return to the case, with a message that the statement is entered."""
        self.request.flash(message, number=self.case.number)
        return HTTPSeeOther(self.url)
