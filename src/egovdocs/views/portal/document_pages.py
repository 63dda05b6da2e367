"""The documents and the attached files of a case."""

from __future__ import annotations

import re

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.outcomes.collect_outcome import collect_outcome
from egovdocs.content import Attachment, Case
from egovdocs.i18n import _
from egovdocs.views.plumbing.downloads import download
from egovdocs.views.shared.document_display import document_response

OUTCOME_KINDS = ("outcome", "refusal")


@view_config(context=Case, name="documents", permission="view", request_method="GET")
def document(case: Case, request: Request) -> Response:
    """``documents/{kind}``: see :func:`document_response`. An applicant's look collects the outcome."""
    account = request.account
    if "".join(request.subpath).startswith(OUTCOME_KINDS) and "applicant" in account.roles:
        collect_outcome(request.office, case)
    home = f"/cases/{case.reference}"
    return document_response(request, case, f"{home}/documents", home, _("Back to the request"))


@view_config(context=Case, name="files", permission="view", request_method="GET")
def file(case: Case, request: Request) -> Response:
    """``files/{n}``: download an attached file."""
    attachment = attachment_at(case, "".join(request.subpath))
    if attachment is None:
        raise HTTPNotFound()
    return download(attachment.data, attachment.name, attachment.media_type)


def attachment_at(case: Case, index: str) -> Attachment | None:
    """Return the file with an index, as an address or a button names it."""
    if not re.fullmatch("[0-9]{1,4}", index) or int(index) >= len(case.attachments):
        return None
    return case.attachments[int(index)]
