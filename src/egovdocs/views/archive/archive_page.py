"""The archivist's page: the closed cases, and their packages to download."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from pyramid.response import FileIter, Response
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.archive import Exporter
from egovdocs.casework.evidence.take_evidence import EVIDENCE, RENEWED_BEFORE
from egovdocs.content import ENDED, Case, Site
from egovdocs.i18n import _
from egovdocs.rendering import render_paper
from egovdocs.views.plumbing.paging import Page, page_of
from egovdocs.views.shared.case_rows import case_row

PAGE_SIZE = 50
MAX_LISTED = 10_000


@view_defaults(context=Site, name="archive", permission="archive")
class ArchivePage:
    def __init__(self, site: Site, request: Request) -> None:
        self.site = site
        self.request = request
        self.today: date = request.office.today()
        # By default, this year.
        self.first = _day(request.params.get("from"), self.today.replace(month=1, day=1))
        self.last = _day(request.params.get("to"), self.today)

    @view_config(request_method="GET", renderer="archive/list.jinja2")
    def show(self) -> dict[str, Any]:
        return self._page()

    @view_config(request_method="POST", renderer="archive/list.jinja2")
    def export(self) -> dict[str, Any] | Response:
        """Return a ZIP file of the chosen cases' packages, each a BagIt bag (RFC 8493)."""
        post = self.request.POST
        if "all" in post:
            chosen = self._shown().shown
        else:
            cases = (self.site.cases.get(reference) for reference in post.getall("case"))
            chosen = [case for case in cases if case is not None and case.state in ENDED and case.number]
        if not chosen:
            return self._page(_("Choose at least one case."))
        office = self.request.office
        exporter = Exporter(
            policy=office.policy(),
            render=partial(
                render_paper,
                services=office.services,
                site_url=office.site_url,
                language=self.request.language,
                zone=office.calendar.zone,
            ),
            organisation=office.site_url,
            language=self.request.language,
        )
        file = TemporaryFile()  # noqa: SIM115 - the response closes it
        exporter.download(chosen, file)
        size = file.tell()
        file.seek(0)
        response = Response(content_type="application/zip", app_iter=FileIter(file))
        response.content_length = size
        name = f"cases-{self.today.isoformat()}.zip"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _page(self, error: TranslationString | None = None) -> dict[str, Any]:
        if error is not None:
            self.request.response.status_int = 422
        page = self._shown()
        return {
            "error": error,
            "rows": [case_row(self.request, case) for case in page.shown],
            "first": self.first,
            "last": self.last,
            "page": page,
            "waiting": sum(1 for _message in self.site.outbox.waiting(EVIDENCE)),
            "ageing": self._ageing(),
        }

    def _ageing(self) -> list[date]:
        """Return the days until which evidence that is to be renewed holds, the nearest first."""
        ageing = self.site.evidence.ageing(self.request.office.clock() + RENEWED_BEFORE)
        return [until.date() for until, _place in islice(ageing, MAX_LISTED)]

    def _shown(self) -> Page[Case]:
        zone = self.request.office.calendar.zone
        cases: Iterator[Case] = self.site.cases.closed(self.first, self.last, zone)
        return page_of(self.request, (case for case in cases if case.number is not None), PAGE_SIZE)


def _day(wish: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(wish) if wish else otherwise
    except ValueError:
        return otherwise
