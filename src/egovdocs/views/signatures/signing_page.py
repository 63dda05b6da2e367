"""The signing page: what is to be signed is read here, and signed here or in another program.

Two ways lead to the same end. With JavaScript, a key file is opened in the browser, which checks and signs
what the page shows (``assets/signing/page.js``); neither key nor password ever leaves it. Without, the XML is
downloaded, signed by any program, and uploaded.
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
from egovdocs.rendering import titles_of
from egovdocs.schemas import RecognisedDocument, recognise_document
from egovdocs.signing import canonical
from egovdocs.views.plumbing.downloads import download
from egovdocs.views.plumbing.error_pages import TEMPLATE as ERROR_TEMPLATE
from egovdocs.views.plumbing.error_pages import error_page
from egovdocs.views.plumbing.uploads import uploaded_file
from egovdocs.views.portal.document_pages import section_of

TEMPLATE = "egovdocs:views/signatures/page.jinja2"

# What assets/signing/page.js says.
MESSAGES = {
    "opening": _("Opening the key file. This takes a few seconds."),
    "preparing": _("Preparing and checking what will be signed."),
    "signing": _("Signing."),
    "sending": _("Sending the signature."),
    "choose-file": _("Choose your key file."),
    "not-a-key-file": _("This is not a key file (.p12 or .pfx)."),
    "wrong-password": _("The password does not open this key file."),
    "no-key": _("The file holds no signing key with its certificate."),
    "gost": _(
        "This is a ГОСТ key, which the browser cannot use. Sign with an RSA or P-256 key, or sign the XML in "
        "another program and upload it."
    ),
    "unsupported-key": _(
        "Only RSA keys of 2048 bits or more and P-256 keys can sign here; this key is of another kind."
    ),
    "unsupported-file": _("The key file is protected in a way the browser cannot open."),
    "mismatch": _("The site asked to sign something other than the document shown here. Nothing was signed."),
    "clock": _("Your computer's clock and the site's differ by more than ten minutes. Nothing was signed."),
    "unreachable": _("The site did not answer. Check your connection and try again."),
    "failed": _("Something went wrong. Nothing was signed."),
    "holder": _("Holder"),
    "iin": _("IIN"),
    "organisation": _("Organisation"),
    "bin": _("BIN"),
    "issuer": _("Issued by"),
    "valid-until": _("Valid until"),
    "yes": _("Yes"),
    "no": _("No"),
    "exact-xml": _("The exact XML that is signed"),
    "sign-all": _("Sign all ({num})"),
    "one-of-several": _("Signing: {number} of {all}."),
    "is-signed": _("Signed"),
    "is-not-signed": _("Not signed: {reason}"),
    "some-failed": _("Not signed: {failed} of {all} ({names})."),
}


@view_defaults(context=Signing, permission="sign")
class SigningPage:
    def __init__(self, signing: Signing, request: Request) -> None:
        self.signing = signing
        self.request = request
        self.rules = signing_rules(signing)
        # A challenge has no owner yet. It belongs to the browser that chose the password: whoever is sent the
        # address of a stranger's challenge would otherwise open an account with the stranger's password.
        if signing.owner is None and request.session.get("registration") != signing.token:
            raise HTTPSeeOther("/account") if self._registered() else HTTPNotFound()

    @view_config(request_method="GET", renderer=TEMPLATE)
    def show(self) -> dict[str, Any] | Response:
        if is_signed(self.request.site, self.signing):
            return HTTPSeeOther(_start(self.signing))
        if self.signing.expires <= self.request.office.clock():
            return over(self.request, _start(self.signing))
        return self._page()

    @view_config(name="canonical.xml", request_method="GET")
    def canonical(self) -> Response:
        """The very bytes the browser shows and hashes."""
        return download(canonical(self.signing.document), "canonical.xml", "application/xml")

    @view_config(name="document.xml", request_method="GET")
    def document(self) -> Response:
        return download(self.signing.document, f"{self.signing.purpose}.xml", "application/xml")

    @view_config(name="certificate", request_method="POST", renderer="json")
    def certificate(self) -> dict[str, str]:
        """What to sign with this certificate; the regulation's C3 stands before it (P7 when it says no)."""
        request = self.request
        certificate, *chain = self._sent("certificate", "chain")
        try:
            prepared = prepare_signing(request.office, request.site, self.signing, certificate, chain)
        except (Refusal, Mistake) as no:
            return self._no(no)
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
            return self._no(no)
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
        """Has who is asking gone back to the challenge that opened their account?"""
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
        """What the script sent in base64: the first field is one value, a field after it a list."""
        try:
            body = self.request.json_body
            values = [body[names[0]], *(value for name in names[1:] for value in body.get(name, []))]
            return [base64.b64decode(value, validate=True) for value in values]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise HTTPBadRequest() from None

    def _no(self, no: Refusal | Mistake) -> dict[str, str]:
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


def over(request: Request, back: str) -> dict[str, Any]:
    """The page that says that it is too late; ``back`` is where to begin again."""
    request.override_renderer = ERROR_TEMPLATE
    return error_page(
        request,
        410,
        _("This step is not possible"),
        _("The time for signing is over. Begin the signing again."),
        back=back,
        back_text=_("Back"),
    )


def labels_of(request: Request, recognised: RecognisedDocument) -> dict[str, str]:
    """What the script calls a document's elements and codes."""
    tr = request.tr
    labels = recognised.document_type.labels(request.language)
    if (service := recognised.edition) is not None:
        labels |= {f"{path}={code}": tr(title) for (path, code), title in titles_of(service).items()}
    return labels


def _start(signing: Signing) -> str:
    """Return the address of the page from which the signing was started."""
    if signing.batch is not None:
        return f"/signings/{signing.batch}"
    return signing_rules(signing).start_path(signing)


def _status(no: Refusal | Mistake) -> int:
    return 403 if isinstance(no, Refusal) else 409 if isinstance(no, Decided) else 422


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
