"""The signing page: the document is shown here, and signed here or in another program.

With JavaScript, the browser opens a key file, checks what it is asked to sign against the document on the
page, and signs it (``assets/signing/page.js``); neither the key nor its password leaves the browser. Without
JavaScript, the XML is downloaded, signed by any program, and uploaded.
"""

from __future__ import annotations

import base64
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.response import Response
from pyramid.security import remember
from pyramid.view import view_config, view_defaults
from translationstring import TranslationString

from egovdocs.app.request import Request
from egovdocs.casework.errors import Decided, Mistake, Refusal
from egovdocs.casework.signatures.document_kind import SigningResult
from egovdocs.casework.signatures.kinds import signing_rules
from egovdocs.casework.signatures.sign_document import (
    complete_signing,
    is_signed,
    prepare_signing,
    upload_signed,
)
from egovdocs.content import Account, Signing
from egovdocs.i18n import _
from egovdocs.schemas import recognise_document
from egovdocs.signing import canonical
from egovdocs.views.plumbing.downloads import download
from egovdocs.views.plumbing.error_pages import TEMPLATE as ERROR_TEMPLATE
from egovdocs.views.plumbing.error_pages import error_page
from egovdocs.views.plumbing.uploads import uploaded_file
from egovdocs.views.shared.document_display import section_of
from egovdocs.views.signatures.script_texts import MESSAGES, labels_of

TEMPLATE = "signatures/page.jinja2"


@view_defaults(context=Signing, permission="sign")
class SigningPage:
    def __init__(self, signing: Signing, request: Request) -> None:
        self.signing = signing
        self.request = request
        self.rules = signing_rules(signing)
        # A challenge has no owner yet. Only the browser that chose the password may sign it; otherwise
        # somebody who is sent its address would open an account with the sender's password.
        if signing.owner is None and request.session.get("registration") != signing.token:
            raise HTTPSeeOther("/account") if self._registered() else HTTPNotFound()

    @view_config(request_method="GET", renderer=TEMPLATE)
    def show(self) -> dict[str, Any] | Response:
        if is_signed(self.request.site, self.signing):
            return HTTPSeeOther(_start(self.signing))
        if self.signing.expires <= self.request.office.clock():
            return expired_page(self.request, _start(self.signing))
        return self._page()

    @view_config(name="canonical.xml", request_method="GET")
    def canonical(self) -> Response:
        """Download the octets that the browser shows and hashes."""
        return download(canonical(self.signing.document), "canonical.xml", "application/xml")

    @view_config(name="document.xml", request_method="GET")
    def document(self) -> Response:
        return download(self.signing.document, f"{self.signing.purpose}.xml", "application/xml")

    @view_config(name="certificate", request_method="POST", renderer="json")
    def certificate(self) -> dict[str, str]:
        """Return what to sign with this certificate, after the regulation's C3 (P7 when it fails)."""
        request = self.request
        certificate, *chain = self._sent("certificate", "chain")
        try:
            prepared = prepare_signing(request.office, request.site, self.signing, certificate, chain)
        except (Refusal, Mistake) as no:
            return self._rejected(no)
        return {
            "signedInfo": _base64(prepared.signed_info),
            "signedProperties": _base64(prepared.signed_properties),
        }

    @view_config(name="value", request_method="POST", renderer="json")
    def value(self) -> dict[str, str]:
        request = self.request
        value = self._sent("value")[0]
        try:
            result = complete_signing(request.office, request.site, self.signing, value)
        except (Refusal, Mistake) as no:
            return self._rejected(no)
        return {"location": self._go_on(result, request.response)}

    @view_config(name="upload", request_method="POST", renderer=TEMPLATE)
    def upload(self) -> dict[str, Any] | Response:
        request = self.request
        signed = uploaded_file(request, "signed")
        if not signed:
            return self._page(_("Choose the signed XML file."), 422)
        try:
            result = upload_signed(request.office, request.site, self.signing, signed)
        except (Refusal, Mistake) as no:
            return self._page(no.message, _status(no))
        response = HTTPSeeOther("/")
        response.location = self._go_on(result, response)
        return response

    def _registered(self) -> bool:
        """Return whether the visitor went back to the challenge that opened their account."""
        request = self.request
        done = request.site.idempotency.get(self.signing.token)
        return request.method == "GET" and done is not None and done == request.authenticated_userid

    def _page(self, error: TranslationString | None = None, status: int = 200) -> dict[str, Any]:
        request, signing = self.request, self.signing
        request.response.status_int = status
        edition = request.site["cases"][signing.case].edition if signing.case else None
        recognised = recognise_document(signing.document, request.office.services, edition)
        return {
            "heading": self.rules.heading,
            "introduction": self.rules.introduction,
            "signing": signing,
            "base": f"/signings/{signing.token}",
            "back": _start(signing),
            "error": error,
            "section": section_of(request, signing.document, edition),
            "labels": labels_of(request, recognised),
            "messages": {name: request.tr(message) for name, message in MESSAGES.items()},
        }

    def _sent(self, *names: str) -> list[bytes]:
        """Return what the script sent in base64: first a single value, then the lists."""
        try:
            body = self.request.json_body
            values = [body[names[0]], *(value for name in names[1:] for value in body.get(name, []))]
            return [base64.b64decode(value, validate=True) for value in values]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise HTTPBadRequest() from None

    def _rejected(self, no: Refusal | Mistake) -> dict[str, str]:
        self.request.response.status_int = _status(no)
        return {"error": self.request.tr(no.message)}

    def _go_on(self, result: SigningResult, response: Response) -> str:
        """Say that the document is signed, and return the address to go to."""
        request, rules = self.request, self.rules
        if rules.logs_in:
            assert isinstance(result, Account)
            response.headers.extend(remember(request, result.login))
        if self.signing.batch is not None:
            return _start(self.signing)
        if rules.done is not None:
            request.flash(rules.done)
        return rules.next_path(result)


def expired_page(request: Request, back: str) -> dict[str, Any]:
    """Return the page for an offer that has expired; ``back`` is the path to begin again."""
    request.override_renderer = ERROR_TEMPLATE
    return error_page(
        request,
        410,
        _("This step is not possible"),
        _("The time for signing is over. Begin the signing again."),
        back=back,
        back_text=_("Back"),
    )


def _start(signing: Signing) -> str:
    """Return the address of the page from which the signing was started."""
    if signing.batch is not None:
        return f"/signings/{signing.batch}"
    return signing_rules(signing).start_path(signing)


def _status(no: Refusal | Mistake) -> int:
    return 403 if isinstance(no, Refusal) else 409 if isinstance(no, Decided) else 422


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
