"""The base of the pages on which a draft is filled in."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther

from egovdocs.app.request import Request
from egovdocs.content import DRAFTS, Case
from egovdocs.views.shared.case_view import CaseView


class DraftView(CaseView):
    """A page on which a draft is filled in.

    It leads to the case once the request was sent, or follows other rules since the page was shown.

    :cvar saves: what is sent to this page is saved, whatever the rules are.
    """

    saves = False

    def __init__(self, case: Case, request: Request) -> None:
        super().__init__(case, request)
        reads = request.method == "GET"
        if (reads and case.state not in DRAFTS) or not self.offered:
            raise HTTPSeeOther(self.url)
        if self.carried and (reads or not self.saves):
            raise HTTPSeeOther(self.url)
