"""The base of the pages on which a draft is filled in."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther

from egovdocs.app.request import Request
from egovdocs.content import DRAFTS, Case
from egovdocs.views.shared.case_view import CaseView


class DraftView(CaseView):
    """A page on which a draft is filled in; it leads to the case once the request was sent."""

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        if request.method == "GET" and case.state not in DRAFTS:
            raise HTTPSeeOther(self.url)
