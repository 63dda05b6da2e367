"""The search for requests at the provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from egovdocs.app.request import Request
from egovdocs.content import Case
from egovdocs.views.desk.queue_page import PAGE_SIZE
from egovdocs.views.plumbing.paging import page_of
from egovdocs.views.shared.case_rows import case_row
from egovdocs.views.shared.provider_root import ProviderRoot


@view_defaults(route_name="provider", context=ProviderRoot, name="search", permission="review")
class RequestSearchPage:
    """Requests by their number, or by the applicant's IIN or BIN, which addresses must not contain."""

    def __init__(self, root: ProviderRoot, request: Request) -> None:
        self.request = request

    @view_config(request_method="POST", renderer="desk/search.jinja2")
    def find(self) -> dict[str, Any]:
        wanted = "".join(self.request.POST.get("wanted", "").split())
        page = page_of(self.request, self._found(wanted), PAGE_SIZE)
        return {
            "wanted": wanted,
            "rows": [case_row(self.request, case) for case in page.shown],
            "more": page.more,
        }

    def _found(self, wanted: str) -> Iterator[Case]:
        cases, provider = self.request.site.cases, self.request.provider
        if re.fullmatch("[0-9]{12}", wanted):
            found = cases.of_applicant(wanted)
        else:
            case = cases.by_number(wanted)
            found = iter(() if case is None else (case,))
        return (each for each in found if each.provider == provider and each.number is not None)

    @view_config(request_method="GET")
    def begin(self) -> Response:
        return HTTPSeeOther("/provider")
