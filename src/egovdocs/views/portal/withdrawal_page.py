"""The withdrawal of a request."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake
from egovdocs.casework.requests.withdraw_request import check_may_withdraw, enter_withdrawal, offer_withdrawal
from egovdocs.content import Case
from egovdocs.i18n import _
from egovdocs.views.portal.applicant_statement import BY_OFFICER, ApplicantStatementPage


@view_config(attr="show", request_method="GET", **BY_OFFICER)
@view_config(attr="send", request_method="POST", **BY_OFFICER)
@view_defaults(context=Case, name="withdraw", permission="answer", renderer="portal/withdraw.jinja2")
class WithdrawalPage(ApplicantStatementPage):
    """``withdraw``: the form for a withdrawal, which the applicant signs next."""

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
