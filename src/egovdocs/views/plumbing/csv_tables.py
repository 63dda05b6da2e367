"""Tables given out as CSV: for programs by RFC 4180, and as a spreadsheet of Kazakhstan opens it."""

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


def as_table(rows: Iterable[Sequence[object]], name: str, form: str) -> Response:
    """A table to be saved.

    For Excel as it is set up in Russian and Kazakh: semicolons between the cells, a byte order mark, and no
    BIN that it would show as 3,1E+10. (The line ``sep=`` would make it forget that the file is UTF-8.)

    :param name: the file's, without its form.
    :param form: ``PLAIN`` or ``EXCEL``.
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
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _for_excel(cell: object) -> str:
    text = _harmless(cell)
    return f'="{text}"' if _LONG_NUMBER.fullmatch(text) else text
