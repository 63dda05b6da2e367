"""Tables as CSV: for programs by RFC 4180, and in the form that Excel opens in Russian and Kazakh."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from pyramid.response import Response

from egovdocs.views.plumbing.downloads import download

PLAIN, EXCEL = ".csv", ".excel.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONG_NUMBER = re.compile(r"\d{12,}|0\d+")


def csv_response(rows: Iterable[Sequence[object]], name: str, form: str) -> Response:
    """Return a table to download.

    For Excel, semicolons separate the cells, a byte order mark comes first, and a BIN is written as a
    formula, lest it be shown as 3,1E+10. (After a line ``sep=`` Excel ignores the byte order mark.)

    :param name: the file's name without its suffix.
    :param form: the suffix, ``PLAIN`` or ``EXCEL``.
    """
    out, excel = StringIO(), form == EXCEL
    writer = csv.writer(out, delimiter=";" if excel else ",")
    for row in rows:
        writer.writerow([_for_excel(cell) if excel else _harmless(cell) for cell in row])
    data = out.getvalue().encode("utf-8-sig" if excel else "utf-8")
    response = download(data, name + form, "text/csv")
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    return response


def _harmless(cell: object) -> str:
    """Return a cell's text, quoted where a spreadsheet would take it for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _for_excel(cell: object) -> str:
    text = _harmless(cell)
    return f'="{text}"' if _LONG_NUMBER.fullmatch(text) else text
