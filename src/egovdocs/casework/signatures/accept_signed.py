"""Accept a signed document: validate the signature, and compare the content with what was offered."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from translationstring import TranslationStringFactory

from egovdocs.casework.errors import Mistake, TryLater
from egovdocs.casework.office import Office
from egovdocs.signing import Holder, SubIndication, ValidationReport, canonical, validate

_ = TranslationStringFactory("egovdocs")


def accept_signed(office: Office, signed: bytes, offered: bytes) -> tuple[ValidationReport, Holder]:
    """Validate a signed document like one from a third party; its content must be what was offered for
    signing.

    The contents are compared in canonical form, because signing programs serialise the document anew.

    :param signed: the signed document; ``offered`` the document as it was offered.
    :returns: the validation report and the signer.
    :raises TryLater: the signature may be good, but there is no fresh revocation list.
    :raises Mistake: the signature does not pass, or it covers something else.
    """
    report, signer = require_valid_signature(office, signed)
    if report.content != canonical(offered):
        raise Mistake(_("The signed document is not the one that was offered for signing."))
    return report, signer


def require_valid_signature(office: Office, signed: bytes) -> tuple[ValidationReport, Holder]:
    """Validate a document that was not offered here but signed elsewhere; it must have one signature, which
    passes.

    :returns: the validation report and the signer.
    :raises TryLater: the signature may be good, but there is no fresh revocation list.
    :raises Mistake: the signature does not pass, or there is another number of signatures.
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
    """Return what is stored of a report beside the document: the report as plain data, and the checksum of
    the covered content.
    """
    assert report.content is not None
    return {**report.as_dict(), "content_sha256": sha256(report.content).hexdigest()}
