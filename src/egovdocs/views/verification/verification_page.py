"""The public check of a document: by a file, by a number with the holder's IIN or BIN, or by a scanned code.

A file is shown with its content. A licence number alone, as in the code on a licence, opens what the register
shows to everybody; the holder's IIN or BIN opens the rest.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Mistake
from egovdocs.casework.verification.certify_finding import certify_finding
from egovdocs.casework.verification.examine_document import (
    Finding,
    examine_document,
    examine_licence,
)
from egovdocs.content import Licence, Licences, Site
from egovdocs.i18n import _
from egovdocs.rendering import embedded_xml
from egovdocs.schemas.identifiers import is_identifier
from egovdocs.views.plumbing.uploads import uploaded_file
from egovdocs.views.shared.document_display import section_of
from egovdocs.views.shared.licence_display import licence_history, public_licence
from egovdocs.views.shared.licence_numbers import clean_number, number_error
from egovdocs.views.shared.licence_states import LICENCE_STATES
from egovdocs.views.verification.verdict_headings import IN_FORCE, REGISTERED, SUPERSEDED, VERDICTS

PDF = b"%PDF-"
PDF_START = 1024  # readers look for the signature in the first kilobyte (PDF 1.7, appendix H, note 13)


@view_defaults(context=Site, name="verify", permission=NO_PERMISSION_REQUIRED)
class VerificationPage:
    """``/verify``, and ``/verify/{licence number}``, the address in the code on a licence."""

    def __init__(self, site: Site, request: Request) -> None:
        if len(request.subpath) > 1:
            raise HTTPNotFound()
        self.request = request
        self.licences: Licences = site.licences
        self.scanned = clean_number(request.subpath[0]) if request.subpath else ""

    @view_config(request_method="GET", renderer="verification/ask.jinja2")
    def show(self) -> dict[str, Any]:
        if not self.scanned:
            return self._ask({})
        if (error := number_error(self.licences, self.scanned)) is not None:
            return self._ask({"number": error}, 404)
        return self._scanned(self.licences[self.scanned])

    @view_config(request_method="POST", renderer="verification/ask.jinja2")
    def check(self) -> dict[str, Any]:
        post = self.request.POST
        if self.scanned or "number" in post:
            return self._check_number(self.scanned or clean_number(post.get("number", "")))
        return self._check_file(uploaded_file(self.request, "document"))

    def _check_file(self, file: bytes) -> dict[str, Any]:
        request = self.request
        if not file:
            return self._ask({"document": _("Choose a file.")}, 422)
        if len(file) > request.office.max_file_bytes:
            size = request.office.max_file_bytes // 1024 // 1024
            too_large = _("The file is larger than ${size} MB. Documents of this site are far smaller.")
            return self._ask({"document": TranslationString(too_large, mapping={"size": size})}, 413)
        pdf = PDF in file[:PDF_START]
        document = embedded_xml(file) if pdf else file
        if document is None:
            return self._ask({"document": _("This PDF holds no signed document of this site.")}, 422)
        finding = examine_document(request.office, request.site, document)
        report = certify_finding(request.office, finding, document, request.language)
        return self._found(finding, pdf, report)

    def _check_number(self, number: str) -> dict[str, Any]:
        identifier = "".join(self.request.POST.get("identifier", "").split())
        errors = {}
        if (error := number_error(self.licences, number)) is not None:
            errors["number"] = error
        if not is_identifier(identifier):
            errors["identifier"] = _("Enter the 12 digits of the IIN or BIN.")
        if not errors:
            try:
                finding = examine_licence(self.request.office, self.request.site, number, identifier)
                return self._found(finding)
            except Mistake as mistake:
                errors["identifier"] = mistake.message
        if self.scanned and "number" not in errors:
            return self._scanned(self.licences[number], errors["identifier"])
        return self._ask(errors, 422, number, identifier)

    def _ask(
        self,
        errors: dict[str, TranslationString],
        status: int = 200,
        number: str | None = None,
        identifier: str = "",
    ) -> dict[str, Any]:
        self.request.response.status_int = status
        return {
            "errors": errors,
            "most": self.request.office.max_file_bytes,
            "number": self.scanned if number is None else number,
            "identifier": identifier,
        }

    def _scanned(self, licence: Licence, error: TranslationString | None = None) -> dict[str, Any]:
        self.request.override_renderer = "verification/licence.jinja2"
        if error is not None:
            self.request.response.status_int = 422
        tone, heading = REGISTERED[licence.state_on(self.request.office.today())]
        return {
            **public_licence(self.request, licence),
            "tone": tone,
            "heading": heading,
            "error": error,
            "now": self.request.office.clock(),
        }

    def _found(self, finding: Finding, pdf: bool = False, report: bytes | None = None) -> dict[str, Any]:
        request = self.request
        request.override_renderer = "verification/finding.jinja2"
        tone, heading = VERDICTS[finding.verdict]
        if finding.licence is not None:
            tone, heading = IN_FORCE[finding.licence.state_on(request.office.today())]
        elif finding.superseded:
            tone, heading = SUPERSEDED
        section, licence = None, finding.concerned
        recognised = finding.recognised
        if recognised is not None and finding.content is not None:
            edition = recognised.edition.edition if recognised.edition else None
            section = section_of(request, finding.content, edition)
        return {
            "tone": tone,
            "heading": heading,
            "finding": finding,
            "concerned": licence,
            "history": licence_history(request.office, licence, request.office.today())
            if licence is not None
            else [],
            "licence_states": LICENCE_STATES,
            "today": request.office.today(),
            "signatures": [one for one in finding.report.signatures if one.signer and one.passed],
            "section": section,
            "pdf": pdf,
            "report": report and b64encode(report).decode(),
            "now": request.office.clock(),
        }
