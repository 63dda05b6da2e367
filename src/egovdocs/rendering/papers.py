"""The paper of a validated document, whatever kind it is."""

from __future__ import annotations

from datetime import tzinfo

from egovdocs.i18n import ZONE
from egovdocs.rendering.layouts import layout_of
from egovdocs.rendering.pdf import render_pdf
from egovdocs.schemas import Services, recognise_document
from egovdocs.signing import ValidationReport


class NotValidError(ValueError):
    """The document did not pass its validation, so it has no paper."""


def render_paper(
    signed: bytes,
    report: ValidationReport,
    edition: str | None = None,
    *,
    services: Services,
    site_url: str,
    language: str,
    zone: tzinfo = ZONE,
) -> bytes:
    """Render a signed document as PDF, with the address where it is verified.

    :param signed: the document as it came; ``report`` is its validation.
    :param edition: the edition of its service that it was made under; None if that is not known.
    :param site_url: the site's address; a document with a public number is verified at ``/verify/{number}``.
    :raises NotValidError: the report has no content, so there is nothing that may be shown.
    :raises egovdocs.schemas.DocumentProblems: it is no document of these services.
    """
    if report.content is None:
        raise NotValidError("only a document that passing signatures cover as a whole can be shown")
    recognised = recognise_document(report.content, services, edition)
    document_type, service = recognised.document_type, recognised.edition
    values = document_type.read(report.content)
    has_questionnaire = (
        service is not None and service.indicators and values.get("channel", "portal") != "portal"
    )
    number_path = layout_of(document_type.namespace).verified_by
    return render_pdf(
        document_type,
        report.content,
        signed,
        signatures=[each for each in report.signatures if each.passed and not each.counter_signature],
        verify_url=f"{site_url}/verify/{values[number_path]}" if number_path else f"{site_url}/verify",
        questions_url=f"{site_url}/questionnaire" if has_questionnaire else None,
        language=language,
        service=service,
        zone=zone,
    )
