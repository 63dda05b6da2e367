"""Is what came back, signed, the very document that was offered?"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake, TryLater
from egovdocs.casework.office import Office
from egovdocs.signing import Holder, SubIndication, ValidationReport, canonical, validate

_ = TranslationStringFactory("egovdocs")


def accept_signed(office: Office, signed: bytes, offered: bytes) -> tuple[ValidationReport, Holder]:
    """Validate a signed document as if a stranger had sent it; what is signed must be what was offered.

    The two are compared by canonical form, because signing programs write the document anew.

    :returns: the report, and who signed.
    :raises TryLater: nothing is wrong with it, but no fresh revocation list is there.
    :raises Mistake: the signature does not pass, or it is over something else.
    """
    report, signer = require_valid_signature(office, signed)
    if report.content != canonical(offered):
        raise Mistake(_("The signed document is not the one that was offered for signing."))
    return report, signer


def require_valid_signature(office: Office, signed: bytes) -> tuple[ValidationReport, Holder]:
    """Validate a signed document that was made elsewhere, and never offered here.

    :returns: the report, and who signed.
    :raises TryLater: nothing is wrong with it, but no fresh revocation list is there.
    :raises Mistake: the signature does not pass.
    """
    report = validate(signed, office.policy(), at=office.clock())
    if not report.passed:
        no = TryLater if report.sub_indication is SubIndication.TRY_LATER else Mistake
        raise no(report.reason or _("The signature does not pass."))
    if len(report.signatures) != 1:
        raise Mistake(_("The document must have one signature."))
    signer = report.signatures[0].signer
    assert signer is not None, "a signature that passes has a signer"
    return report, signer


def acceptance_record(report: ValidationReport) -> dict[str, Any]:
    """What is kept of a report beside the document: the verdict, and the checksum of what was accepted."""
    assert report.content is not None
    return {**report.as_dict(), "content_sha256": sha256(report.content).hexdigest()}
