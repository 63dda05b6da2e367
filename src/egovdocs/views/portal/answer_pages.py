"""The applicant answers the provider's remarks, or takes the request back.

An operator of the centre they came to takes both down for them, or, behind ``/provider``, an officer.
"""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake, WrongFile
from egovdocs.casework.requests.withdraw_request import check_may_withdraw, enter_withdrawal, offer_withdrawal
from egovdocs.casework.review.remark_case import check_may_enter_for_applicant, enter_answer, offer_answer
from egovdocs.content import Case
from egovdocs.i18n import _
from egovdocs.views.plumbing.uploads import uploaded_files
from egovdocs.views.portal.case_pages import TEMPLATES, CaseView
from egovdocs.views.portal.exchanges import Exchange, exchanges

BY_OFFICER = {"route_name": "provider", "permission": "review"}


def exchange_at(case: Case, request: Request) -> Exchange:
    """The remark that an address ends in."""
    number = "/".join(request.subpath)
    for each in exchanges(request.office.edition_of(case), case):
        if str(each.remark.number) == number:
            return each
    raise HTTPNotFound()


def told(request: Request, mistake: Mistake) -> str:
    """A mistake in the reader's language; of a file, with its name."""
    message = request.tr(mistake.message)
    return f"{mistake.name}: {message}" if isinstance(mistake, WrongFile) else message


class Speaking(CaseView):
    """The applicant says something, or an operator or officer for them."""

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        if request.matched_route is not None:
            self.url = f"/provider{self.url}"
        self.entering = "applicant" not in request.account.roles
        if self.entering:
            check_may_enter_for_applicant(self.office, case, request.account)

    def entered(self, message: TranslationString) -> Response:
        """Back to the case, with word of what was taken down."""
        self.request.flash(message, number=self.case.number)
        return HTTPSeeOther(self.url)


@view_config(attr="show", request_method="GET", **BY_OFFICER)
@view_config(attr="send", request_method="POST", path_info=".*/remark/.", **BY_OFFICER)  # else: to make one
@view_defaults(context=Case, name="remark", permission="answer", renderer=TEMPLATES + "answer.jinja2")
class AnswerPage(Speaking):
    """``remark/{n}``: what the provider asks, and the applicant's answer, which goes on to be signed."""

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        self.exchange = exchange_at(case, request)

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self._page()

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request, text = self.request, self.request.POST.get("text", "")
        said = (self.exchange.remark.number, text, uploaded_files(request, "files"))
        try:
            if self.entering:
                enter_answer(self.office, request.site, self.case, request.account, *said)
                return self.entered(_("The applicant's answer on ${number} is entered."))
            signing = offer_answer(self.office, request.site, self.case, request.account, *said)
        except Decided:
            raise
        except Mistake as mistake:
            request.response.status_int = 422
            return self._page(text, told(request, mistake))
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _page(self, text: str = "", error: str | None = None) -> dict[str, Any]:
        return self.common(
            exchange=self.exchange, text=text, error=error, base=self.url, entering=self.entering
        )


@view_config(attr="show", request_method="GET", **BY_OFFICER)
@view_config(attr="send", request_method="POST", **BY_OFFICER)
@view_defaults(context=Case, name="withdraw", permission="answer", renderer=TEMPLATES + "withdraw.jinja2")
class WithdrawPage(Speaking):
    """The applicant's second thoughts, which go on to be signed."""

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        check_may_withdraw(case)

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self._page()

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        request, reason = self.request, self.request.POST.get("reason", "")
        try:
            if self.entering:
                enter_withdrawal(self.office, request.site, self.case, request.account, reason)
                return self.entered(_("${number} is withdrawn."))
            signing = offer_withdrawal(self.office, request.site, self.case, request.account, reason)
        except Decided:
            raise
        except Mistake as mistake:
            request.response.status_int = 422
            return self._page(reason, mistake.message)
        return HTTPSeeOther(f"/signings/{signing.token}")

    def _page(self, reason: str = "", error: TranslationString | None = None) -> dict[str, Any]:
        return self.common(reason=reason, error=error, base=self.url, entering=self.entering)
