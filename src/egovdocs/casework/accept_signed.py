"""Is what came back, signed, the very document that was offered?"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

from egovdocs.casework.office import Office
from egovdocs.signing import Holder, SubIndication, ValidationReport, canonical, validate

_ = TranslationStringFactory("egovdocs")


class NotAccepted(Exception):  # noqa: N818 - says what it is
    """A signed document was not accepted. The use case makes it the refusal or the mistake it is there.

    :param reason: in plain words.
    :param later: nothing is wrong with it, but no fresh revocation list is there.
    """

    def __init__(self, reason: TranslationString, *, later: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.later = later


def accept_signed(office: Office, signed: bytes, offered: bytes) -> tuple[ValidationReport, Holder]:
    """Validate a signed document as if a stranger had sent it; what is signed must be what was offered.

    The two are compared by canonical form, because signing programs write the document anew.

    :returns: the report, and who signed.
    :raises NotAccepted: the signature does not pass, or it is over something else.
    """
    report, signer = accept_unseen(office, signed)
    if report.content != canonical(offered):
        raise NotAccepted(_("The signed document is not the one that was offered for signing."))
    return report, signer


def accept_unseen(office: Office, signed: bytes) -> tuple[ValidationReport, Holder]:
    """Validate a signed document that was made elsewhere, and never offered here.

    :returns: the report, and who signed.
    :raises NotAccepted: the signature does not pass.
    """
    report = validate(signed, office.policy(), at=office.clock())
    if not report.passed:
        later = report.sub_indication is SubIndication.TRY_LATER
        raise NotAccepted(report.reason or _("The signature does not pass."), later=later)
    if len(report.signatures) != 1:
        raise NotAccepted(_("The document must have one signature."))
    signer = report.signatures[0].signer
    assert signer is not None, "a signature that passes has a signer"
    return report, signer


def acceptance(report: ValidationReport) -> dict[str, Any]:
    """What is kept of a report beside the document: the verdict, and the checksum of what was accepted."""
    assert report.content is not None
    return {**report.as_dict(), "content_sha256": sha256(report.content).hexdigest()}
