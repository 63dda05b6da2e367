"""The documents of a case, for whoever may view it: on screen, as PDF, and as the XML that came."""

from __future__ import annotations

import re
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import view_config

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.evidence.take_evidence import augmented_document, validate_again
from egovdocs.casework.outcomes.collect_outcome import collect_outcome
from egovdocs.casework.signatures.read_document import edition_of_document, read_document
from egovdocs.content import Attachment, Case, Document, Licence
from egovdocs.i18n import _
from egovdocs.rendering import NotValidError, Section, readable, render_paper
from egovdocs.schemas import recognise_document
from egovdocs.views.plumbing.downloads import download

XML = "application/xml"
PDF = "application/pdf"
ANSWERS = ("outcome", "refusal")
AUGMENTED = "-augmented.xml"
NO_PAPER = _("The PDF cannot be made at the moment. The XML is the document itself and can be downloaded.")


@view_config(context=Case, name="documents", permission="view", request_method="GET")
def document(case: Case, request: Request) -> Response:
    """``documents/{kind}`` on screen, ``documents/{kind}.xml``, ``documents/{kind}.pdf``"""
    account = request.account
    if "".join(request.subpath).startswith(ANSWERS) and "applicant" in account.roles:
        collect_outcome(request.office, case)
    home = f"/cases/{case.reference}"
    return given_out(request, case, f"{home}/documents", home, _("Back to the request"))


def given_out(request: Request, owner: Case | Licence, place: str, back: str, back_text: str) -> Response:
    """A kept document by the address's rest: on screen, ``.xml`` as it came, ``.pdf`` on paper, and
    ``.augmented.xml`` with its evidence in it.

    :param place: the address its documents stand under.
    """
    kind, _dot, form = "/".join(request.subpath).partition(".")
    kept = owner.documents.get(kind)
    if kept is None or form not in ("", "xml", "pdf", "augmented.xml"):
        raise HTTPNotFound()
    if form == "xml":
        return download(kept.data, kept.name, XML)
    if form == "augmented.xml":
        augmented = augmented_document(kept)
        if augmented is None:
            raise HTTPNotFound()
        return download(augmented, kept.name.removesuffix(".xml") + AUGMENTED, XML)
    if form == "pdf":
        return download(paper_of(request, owner, kept), kept.name.removesuffix(".xml") + ".pdf", PDF)
    return render_to_response(
        "egovdocs:views/portal/document.jinja2",
        on_screen(request, owner, kept, f"{place}/{kind}") | {"back": back, "back_text": back_text},
        request,
    )


@view_config(context=Case, name="files", permission="view", request_method="GET")
def file(case: Case, request: Request) -> Response:
    """``files/{n}``: an attached file."""
    attachment = attachment_at(case, "".join(request.subpath))
    if attachment is None:
        raise HTTPNotFound()
    return download(attachment.data, attachment.name, attachment.media_type)


def attachment_at(case: Case, place: str) -> Attachment | None:
    """The file at a place, as an address or a form's button names it."""
    if not re.fullmatch("[0-9]{1,4}", place) or int(place) >= len(case.attachments):
        return None
    return case.attachments[int(place)]


def on_screen(request: Request, owner: Case | Licence, kept: Document, base: str) -> dict[str, Any]:
    """What the template shows of a document: only what its signature covers.

    :param base: the document's address, to which ``.xml`` and ``.pdf`` are put.
    """
    return {
        "number": owner.number,
        "document": kept,
        "section": section_of(request, read_document(owner, kept.kind), edition_of_document(owner, kept)),
        "signatures": validate_again(request.office, kept).signatures,
        "augmented": augmented_document(kept) is not None,
        "base": base,
    }


def section_of(request: Request, content: bytes, edition: str | None = None) -> Section:
    """Return a document as sections for reading, in the reader's language and the site's time.

    :param edition: the edition of its service that it was made under; None if that is not known.
    """
    office = request.office
    recognised = recognise_document(content, office.services, edition)
    return readable(
        recognised.document_type,
        content,
        request.language,
        service=recognised.edition,
        zone=office.calendar.zone,
    )


def paper_of(request: Request, owner: Case | Licence, kept: Document) -> bytes:
    """A document as PDF, the signed XML inside and the address where it is checked."""
    office = request.office
    try:
        return render_paper(
            kept.data,
            validate_again(office, kept),
            services=office.services,
            edition=edition_of_document(owner, kept),
            site_url=office.site_url,
            language=request.language,
            zone=office.calendar.zone,
        )
    except NotValidError:
        raise Mistake(NO_PAPER) from None
