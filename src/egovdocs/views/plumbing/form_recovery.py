"""What a form sent is kept over the end of a session: it goes back to its sender, to be sent again.

Nothing of it stays here. Only what a page of this site sent is given back, so that no other site can have
somebody send what it likes in their own name.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from translationstring import TranslationString

from egovdocs.app.request import Request

SECRET = {"password", "again"}


@dataclass(frozen=True)
class Kept:
    """A form's fields as they were sent, and where to."""

    path: str
    fields: tuple[tuple[str, str], ...]

    def dump(self) -> str:
        return json.dumps([self.path, self.fields])


def sent(request: Request) -> Kept | None:
    """What a form of this site sent with this request; none if there were files or a password in it."""
    encoded = request.content_type == "application/x-www-form-urlencoded"
    if not encoded or not _of_this_site(request) or not is_ours(request.path):
        return None
    if not SECRET.isdisjoint(request.POST):
        return None
    fields = ((name, value) for name, value in request.POST.items() if name != "csrf_token")
    return Kept(request.path_qs, tuple(fields))


def load(dumped: str) -> Kept | None:
    """What :meth:`Kept.dump` wrote; none of anything else."""
    try:
        path, fields = json.loads(dumped)
        return Kept(path, tuple((str(name), str(value)) for name, value in fields)) if is_ours(path) else None
    except (ValueError, TypeError, RecursionError):
        return None


def offer_again(
    request: Request, kept: Kept, heading: TranslationString, line: TranslationString
) -> dict[str, Any]:
    """The page on which it is sent again."""
    request.override_renderer = "egovdocs:views/plumbing/form_recovery.jinja2"
    return {"heading": heading, "line": line, "kept": kept}


def is_ours(path: str) -> bool:
    """Is it a page of this site?"""
    # "//elsewhere" and "/\elsewhere" lead away, and browsers drop line ends.
    return bool(re.match(r"/(?![/\\])", path)) and path.isprintable()


def form_page(request: Request) -> str | None:
    """The page of this site whose form or link led here, with its query."""
    place = urlsplit(request.referer or "")
    if f"{place.scheme}://{place.netloc}" != request.host_url:
        return None
    path = place._replace(scheme="", netloc="", fragment="").geturl()
    return path if is_ours(path) else None


def _of_this_site(request: Request) -> bool:
    # Browsers say which; a script of another site can change neither.
    told = request.headers.get("Sec-Fetch-Site")
    return told == "same-origin" if told else request.headers.get("Origin") == request.host_url
