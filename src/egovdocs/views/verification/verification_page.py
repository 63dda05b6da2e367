"""Checking a document without an account: a file, a number with the holder's IIN or BIN, or a scanned code.

Who has the file sees what it says. Who has only the number, say from a code on a wall, sees what the register
tells everybody; the holder's IIN or BIN opens the rest.
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
    Verdict,
    examine_document,
    examine_licence,
)
from egovdocs.content import Licence, Licences, LicenceState, Site
from egovdocs.i18n import _
from egovdocs.rendering import embedded_xml
from egovdocs.schemas.identifiers import is_identifier
from egovdocs.views.plumbing.uploads import uploaded_file
from egovdocs.views.portal.document_pages import section_of
from egovdocs.views.register.register_pages import (
    clean_number,
    history,
    number_error,
    public_part,
)
from egovdocs.views.shared.licence_states import LICENCE_STATES

TEMPLATES = "egovdocs:views/verification/"
PDF = b"%PDF-"
PDF_START = 1024  # readers look for the signature in the first kilobyte (PDF 1.7, appendix H, note 13)

VERDICTS = {
    Verdict.GENUINE: ("good", _("The document is genuine")),
    Verdict.NOT_OURS: ("bad", _("This is not a document of this site")),
    Verdict.BROKEN: ("bad", _("The document is not genuine")),
    Verdict.UNSURE: ("warning", _("It cannot be said whether the document is genuine")),
}
SUPERSEDED = ("warning", _("The document is genuine, but a later one has taken its place"))
IN_FORCE = {
    LicenceState.ISSUED: ("good", _("The licence is genuine and in force")),
    LicenceState.SUSPENDED: ("warning", _("The licence is genuine, but suspended")),
    LicenceState.TERMINATED: ("bad", _("The licence is genuine, but terminated")),
    LicenceState.REISSUED: ("warning", _("The licence is genuine, but replaced by another one")),
    None: ("warning", _("The licence is genuine, but not in force yet")),
}
REGISTERED = {
    LicenceState.ISSUED: ("good", _("A licence with this number is in force")),
    LicenceState.SUSPENDED: ("warning", _("The licence with this number is suspended")),
    LicenceState.TERMINATED: ("bad", _("The licence with this number is terminated")),
    LicenceState.REISSUED: ("warning", _("The licence with this number was replaced by another one")),
    None: ("warning", _("The licence with this number is not in force yet")),
}


@view_defaults(context=Site, name="verify", permission=NO_PERMISSION_REQUIRED)
class Verification:
    """``/verify``, and ``/verify/{licence number}``, which the code on a licence leads to."""

    def __init__(self, site: Site, request: Request) -> None:
        if len(request.subpath) > 1:
            raise HTTPNotFound()
        self.request = request
        self.licences: Licences = site.licences
        self.scanned = clean_number(request.subpath[0]) if request.subpath else ""

    @view_config(request_method="GET", renderer=TEMPLATES + "ask.jinja2")
    def show(self) -> dict[str, Any]:
        if not self.scanned:
            return self._ask({})
        if (error := number_error(self.licences, self.scanned)) is not None:
            return self._ask({"number": error}, 404)
        return self._scanned(self.licences[self.scanned])

    @view_config(request_method="POST", renderer=TEMPLATES + "ask.jinja2")
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
        self.request.override_renderer = TEMPLATES + "licence.jinja2"
        if error is not None:
            self.request.response.status_int = 422
        tone, heading = REGISTERED[licence.state_on(self.request.office.today())]
        return {
            **public_part(self.request, licence),
            "tone": tone,
            "heading": heading,
            "error": error,
            "now": self.request.office.clock(),
        }

    def _found(self, finding: Finding, pdf: bool = False, report: bytes | None = None) -> dict[str, Any]:
        request = self.request
        request.override_renderer = TEMPLATES + "finding.jinja2"
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
            "history": history(request.office, licence, request.office.today())
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
