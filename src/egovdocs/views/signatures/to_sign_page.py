"""The decisions that wait for a signature, to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.outcomes.issue_outcome import check_may_sign
from egovdocs.casework.signatures.sign_many import (
    MAX_AT_ONCE,
    offer_outcomes,
)
from egovdocs.content import Case, CaseState
from egovdocs.views.shared.case_rows import CaseRow, case_row
from egovdocs.views.shared.provider_root import ProviderRoot


@dataclass(frozen=True)
class DecisionToSign:
    """A decision that waits for a signature.

    :ivar reason: why this signatory may not sign it; None if they may.
    """

    row: CaseRow
    granted: bool
    reason: TranslationString | None


@view_defaults(
    route_name="provider",
    context=ProviderRoot,
    name="to-sign",
    permission="issue",
    renderer="signatures/to-sign.jinja2",
)
class ToSignPage:
    """Offers up to fifty decisions for signing, the most urgent first."""

    def __init__(self, root: ProviderRoot, request: Request) -> None:
        self.request = request
        self.account = request.account

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        return self._page(chosen=() if "all" not in self.request.GET else None)

    @view_config(request_method="POST")
    def choose(self) -> dict[str, Any] | Response:
        request, chosen = self.request, self.request.POST.getall("case")
        cases = [case for case in map(request.site.cases.get, chosen) if case is not None]
        try:
            batch = offer_outcomes(request.office, request.site, cases, self.account)
        except Mistake as mistake:
            request.response.status_int = 422
            return self._page(chosen, mistake.message)
        return HTTPSeeOther(f"/signings/{batch.token}")

    def _page(self, chosen: Any, error: TranslationString | None = None) -> dict[str, Any]:
        """Show the list.

        :param chosen: the references of the chosen cases; None for all that may be signed.
        """
        queue = self.request.site.cases.queue(self.request.provider, CaseState.AWAITING_SIGNATURE)
        cases = list(islice(queue, MAX_AT_ONCE + 1))
        choices = [self._choice(case) for case in cases[:MAX_AT_ONCE]]
        if chosen is None:
            chosen = [each.row.case.reference for each in choices if each.reason is None]
        return {"choices": choices, "chosen": chosen, "error": error, "more": len(cases) > MAX_AT_ONCE}

    def _choice(self, case: Case) -> DecisionToSign:
        reason = None
        try:
            check_may_sign(self.request.office, self.request.site, case, self.account)
        except Mistake as mistake:
            reason = mistake.message
        return DecisionToSign(
            case_row(self.request, case), bool(case.decision and case.decision.granted), reason
        )
