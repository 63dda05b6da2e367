"""The indicators as a table to download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.statistics.read_indicators import read_indicators
from egovdocs.content import Site
from egovdocs.views.plumbing.csv_tables import EXCEL, PLAIN, csv_response

COLUMNS = ("service", "channel", "first_month", "last_month", "what", "number", "edition")


@view_config(context=Site, name="indicators.csv", permission=NO_PERMISSION_REQUIRED, request_method="GET")
def table(request: Request) -> Response:
    """Return all indicators in codes, a row for each number."""
    return csv_response(_rows(request), "indicators", PLAIN)


@view_config(
    context=Site, name="indicators.excel.csv", permission=NO_PERMISSION_REQUIRED, request_method="GET"
)
def table_for_excel(request: Request) -> Response:
    """Return the same in the form for Excel."""
    return csv_response(_rows(request), "indicators", EXCEL)


def _rows(request: Request) -> Iterator[Sequence[object]]:
    known = read_indicators(request.office, request.site)
    yield COLUMNS
    for cell, numbers in known.work.items():
        for name, number in sorted(numbers.items()):
            yield cell.service, cell.channel, cell.month, cell.month, name, number, cell.edition
    for each in known.opinions:
        for answer, number in sorted(each.answers.items()):
            name = f"{each.indicator}/{answer}"
            yield each.service, each.channel, each.first, each.last, name, number, ""
