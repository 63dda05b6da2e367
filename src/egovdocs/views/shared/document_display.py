"""A stored document on screen, on paper and as a file."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.renderers import render_to_response
from pyramid.response import Response

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.evidence.take_evidence import augmented_document, validate_again
from egovdocs.casework.signatures.read_document import edition_of_document, read_document
from egovdocs.content import Case, Document, Licence
from egovdocs.i18n import _
from egovdocs.rendering import NotValidError, Section, readable, render_paper
from egovdocs.schemas import recognise_document
from egovdocs.views.plumbing.downloads import download

XML = "application/xml"
PDF = "application/pdf"
AUGMENTED_SUFFIX = "-augmented.xml"
NO_PAPER = _("The PDF cannot be made at the moment. The XML is the document itself and can be downloaded.")


def document_response(
    request: Request, owner: Case | Licence, place: str, back: str, back_text: str
) -> Response:
    """Return the document that the rest of the address names.

    Without a suffix on screen; with ``.xml`` as it was received, with ``.pdf`` on paper, with
    ``.augmented.xml`` with its evidence as unsigned properties.

    :param place: the path of the owner's documents.
    :param back: the path of the page to return to; ``back_text`` is the link's text.
    :raises HTTPNotFound: there is no such document, or no such form of it.
    """
    kind, _dot, form = "/".join(request.subpath).partition(".")
    document = owner.documents.get(kind)
    if document is None or form not in ("", "xml", "pdf", "augmented.xml"):
        raise HTTPNotFound()
    if form == "xml":
        return download(document.data, document.name, XML)
    if form == "augmented.xml":
        augmented = augmented_document(document)
        if augmented is None:
            raise HTTPNotFound()
        return download(augmented, document.name.removesuffix(".xml") + AUGMENTED_SUFFIX, XML)
    if form == "pdf":
        return download(_paper(request, owner, document), document.name.removesuffix(".xml") + ".pdf", PDF)
    return render_to_response(
        "shared/document.jinja2",
        _parts_on_screen(request, owner, document, f"{place}/{kind}")
        | {"back": back, "back_text": back_text},
        request,
    )


def _parts_on_screen(
    request: Request, owner: Case | Licence, document: Document, base: str
) -> dict[str, Any]:
    """Return what the template shows of a document: only what its signature covers.

    :param base: the document's path without a suffix.
    """
    return {
        "number": owner.number,
        "document": document,
        "section": section_of(
            request, read_document(owner, document.kind), edition_of_document(owner, document)
        ),
        "signatures": validate_again(request.office, document).signatures,
        "augmented": augmented_document(document) is not None,
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


def _paper(request: Request, owner: Case | Licence, document: Document) -> bytes:
    """Return a document as PDF with the signed XML embedded and the address of the verification page.

    :raises Mistake: the signature does not pass at present.
    """
    office = request.office
    try:
        return render_paper(
            document.data,
            validate_again(office, document),
            services=office.services,
            edition=edition_of_document(owner, document),
            site_url=office.site_url,
            language=request.language,
            zone=office.calendar.zone,
        )
    except NotValidError:
        raise Mistake(NO_PAPER) from None
