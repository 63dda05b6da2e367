"""Recovery of a form that was sent after its session had ended: its sender gets it back to send it again.

Nothing of it is stored. Only what a page of this site sent is returned, so that no other site can make a
visitor send what it likes in the visitor's name.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from translationstring import TranslationString

from egovdocs.app.request import Request

SECRET_FIELDS = {"password", "again"}


@dataclass(frozen=True)
class RecoveredForm:
    """The fields of a form as they were sent, and the path they were sent to."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def dump(self) -> str:
        """Return the form as text for a hidden field; :func:`load_form` reads it."""
        return json.dumps([self.path, self.fields])


def recover_form(request: Request) -> RecoveredForm | None:
    """Return the form that this request sent.

    None if another site sent it, or if it has files or a password in it.
    """
    encoded = request.content_type == "application/x-www-form-urlencoded"
    if not encoded or not _same_origin(request) or not is_local_path(request.path):
        return None
    if not SECRET_FIELDS.isdisjoint(request.POST):
        return None
    fields = ((name, value) for name, value in request.POST.items() if name != "csrf_token")
    return RecoveredForm(request.path_qs, tuple(fields))


def load_form(dumped: str) -> RecoveredForm | None:
    """Return the form that :meth:`RecoveredForm.dump` wrote; None for anything else."""
    try:
        path, fields = json.loads(dumped)
        if not is_local_path(path):
            return None
        return RecoveredForm(path, tuple((str(name), str(value)) for name, value in fields))
    except (ValueError, TypeError, RecursionError):
        return None


def form_recovery_page(
    request: Request, form: RecoveredForm, heading: TranslationString, line: TranslationString
) -> dict[str, Any]:
    """Return what the page shows on which the form is sent again."""
    request.override_renderer = "plumbing/form_recovery.jinja2"
    return {"heading": heading, "line": line, "recovered": form}


def is_local_path(path: str) -> bool:
    """Return whether a path stays on this site when a browser follows it."""
    # "//elsewhere" and "/\elsewhere" lead to other hosts, and browsers drop line ends.
    return bool(re.match(r"/(?![/\\])", path)) and path.isprintable()


def referring_page(request: Request) -> str | None:
    """Return the path and query of the page of this site whose form or link led here."""
    referer = urlsplit(request.referer or "")
    if f"{referer.scheme}://{referer.netloc}" != request.host_url:
        return None
    path = referer._replace(scheme="", netloc="", fragment="").geturl()
    return path if is_local_path(path) else None


def _same_origin(request: Request) -> bool:
    # Browsers set both headers, and a script of another site can change neither.
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else request.headers.get("Origin") == request.host_url
