"""The texts of the signing script, ``assets/signing/page.js``."""

from __future__ import annotations

from egovdocs.app.request import Request
from egovdocs.i18n import _
from egovdocs.rendering import titles_of
from egovdocs.schemas import RecognisedDocument

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


def labels_of(request: Request, recognised: RecognisedDocument) -> dict[str, str]:
    """Return the labels of a document's elements and codes, by path and by path and code."""
    tr = request.tr
    labels = recognised.document_type.labels(request.language)
    if (service := recognised.edition) is not None:
        labels |= {f"{path}={code}": tr(title) for (path, code), title in titles_of(service).items()}
    return labels
