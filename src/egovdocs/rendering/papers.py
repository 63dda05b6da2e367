"""The paper of a validated document, whatever kind it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from egovdocs.i18n import ZONE
from egovdocs.rendering.layouts import layout_of
from egovdocs.rendering.pdf import render_pdf
from egovdocs.schemas import Service, document_type_of
from egovdocs.signing import ValidationReport


class NotValidError(ValueError):
    """A document that did not pass its validation has no paper."""


def render_paper(
    signed: bytes,
    report: ValidationReport,
    *,
    services: Mapping[str, Service],
    site_url: str,
    language: str,
    zone: tzinfo = ZONE,
) -> bytes:
    """Put a signed document on paper, with the address where it is checked.

    :param signed: the document as it came; ``report`` is its validation.
    :param site_url: the site's address; a document with a public number is checked at ``/verify/{number}``.
    :raises NotValidError: the report has no content, so there is nothing that may be shown.
    :raises egovdocs.schemas.DocumentProblems: it is no document of these services.
    """
    if report.content is None:
        raise NotValidError("only a document whose signatures passed and cover the whole of it can be shown")
    document_type = document_type_of(report.content, services)
    values = document_type.read(report.content)
    service = services.get(values.get("service", ""))
    asks = service is not None and service.indicators and values.get("channel", "portal") != "portal"
    looked_up = layout_of(document_type.namespace).verified_by
    return render_pdf(
        document_type,
        report.content,
        signed,
        signatures=[each for each in report.signatures if each.passed and not each.counter_signature],
        verify_url=f"{site_url}/verify/{values[looked_up]}" if looked_up else f"{site_url}/verify",
        questions_url=f"{site_url}/questionnaire" if asks else None,
        language=language,
        service=service,
        zone=zone,
    )
