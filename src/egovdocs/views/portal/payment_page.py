"""The payment of a fee."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.casework.errors import Mistake, Problems, TryLater
from egovdocs.casework.payments.pay_fee import fee_of, query_payment, start_payment
from egovdocs.content import Case, CaseState
from egovdocs.integrations.payments.payment_port import PaymentStatus
from egovdocs.views.portal.draft_view import DraftView


@view_defaults(context=Case, name="payment", permission="edit", renderer="portal/payment.jinja2")
class PaymentPage(DraftView):
    """The regulation's P4, on to the bank; C2 and P5 when the applicant returns (``?back``)."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any] | Response:
        problem: Mistake | None = None
        if "back" in self.request.GET:
            try:
                if query_payment(self.office, self.request.site, self.case) is PaymentStatus.CANCELLED:
                    return HTTPSeeOther(f"{self.url}/payment?cancelled=1")
            except Mistake as no:
                problem = no
        if self.case.state == CaseState.PAID:
            return HTTPSeeOther(f"{self.url}/check")
        return self.shown(problem)

    @view_config(request_method="POST")
    def send(self) -> dict[str, Any] | Response:
        try:
            return HTTPSeeOther(start_payment(self.office, self.request.site, self.case))
        except Problems:
            return HTTPSeeOther(f"{self.url}/check")
        except TryLater as problem:
            self.request.response.status_int = 503
            return self.shown(problem)

    def shown(self, problem: Mistake | None) -> dict[str, Any]:
        return self.common(
            fee=fee_of(self.office, self.case),
            problem=problem,
            waiting=self.case.state == CaseState.AWAITING_PAYMENT,
            cancelled="cancelled" in self.request.GET,
        )
