"""The applicant's answer to a remark."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake, WrongFile
from egovdocs.casework.review.remark_case import enter_answer, offer_answer
from egovdocs.content import Case
from egovdocs.i18n import _
from egovdocs.views.plumbing.uploads import uploaded_files
from egovdocs.views.portal.applicant_statement import BY_OFFICER, ApplicantStatementPage
from egovdocs.views.shared.exchanges import Exchange, exchanges


def exchange_of_request(case: Case, request: Request) -> Exchange:
    """Return the exchange whose remark the address names.

    :raises HTTPNotFound: there is none.
    """
    number = "/".join(request.subpath)
    for each in exchanges(request.office.edition_of(case), case):
        if str(each.remark.number) == number:
            return each
    raise HTTPNotFound()


def message_of(request: Request, mistake: Mistake) -> str:
    """Return a mistake's message in the language of the page, with the name of the file that it is about."""
    message = request.tr(mistake.message)
    return f"{mistake.name}: {message}" if isinstance(mistake, WrongFile) else message


@view_config(attr="show", request_method="GET", **BY_OFFICER)
@view_config(
    attr="send", request_method="POST", path_info=".*/remark/.", **BY_OFFICER
)  # without a number an officer makes a remark
@view_defaults(context=Case, name="remark", permission="answer", renderer="portal/answer.jinja2")
class AnswerPage(ApplicantStatementPage):
    """``remark/{n}``: a remark, and the form for its answer, which the applicant signs next."""

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        self.exchange = exchange_of_request(case, request)

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self._page()

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request, text = self.request, self.request.POST.get("text", "")
        answer = (self.exchange.remark.number, text, uploaded_files(request, "files"))
        try:
            if self.entering:
                enter_answer(self.office, request.site, self.case, request.account, *answer)
                return self.entered(_("The applicant's answer on ${number} is entered."))
            signing = offer_answer(self.office, request.site, self.case, request.account, *answer)
        except Decided:
            raise
        except Mistake as mistake:
            request.response.status_int = 422
            return self._page(text, message_of(request, mistake))
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _page(self, text: str = "", error: str | None = None) -> dict[str, Any]:
        return self.common(
            exchange=self.exchange, text=text, error=error, base=self.url, entering=self.entering
        )
