"""The purposes of a signing certificate: key usage and extended key usage."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from translationstring import TranslationString, TranslationStringFactory

from .certificates import PARSE_ERRORS, key_usage
from .holders import Role

_ = TranslationStringFactory("egovdocs")

_FOR_DOCUMENTS = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
        ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
        ExtendedKeyUsageOID.TIME_STAMPING.dotted_string,  # a time-stamp is a document, too
        "1.3.6.1.5.5.7.3.36",  # documentSigning, RFC 9336
        "1.3.6.1.4.1.311.10.3.12",  # document signing, Microsoft
        "1.2.840.113583.1.1.5",  # authentic documents trust, Adobe
    }
    | {role.value for role in Role}
)
_FOR_OTHERS = frozenset(
    each.dotted_string
    for each in (
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ExtendedKeyUsageOID.OCSP_SIGNING,
    )
)


def purpose_problem(certificate: x509.Certificate) -> TranslationString | None:
    """Return why the certificate is not for signing documents; None when it is.

    It needs digitalSignature or nonRepudiation (RFC 5280, 4.2.1.3; ETSI EN 319 412-2, 4.3.2), and must not be
    restricted to other purposes by extendedKeyUsage (RFC 5280, 4.2.1.12). Unknown purposes may include
    documents, unless the extension is critical.
    """
    usage = key_usage(certificate)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return _("The signer's certificate is not for signing documents (its key usage says so).")
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return None
    named = {each.dotted_string for each in purposes.value}
    is_restricted = purposes.critical or named <= _FOR_OTHERS
    if is_restricted and not named & _FOR_DOCUMENTS:
        return _("The signer's certificate is for other purposes than signing documents.")
    return None


def is_for_timestamps(certificate: x509.Certificate) -> bool:
    """Return whether time-stamping is the certificate's only purpose, and critical (RFC 3161, 2.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, *PARSE_ERRORS):
        return False
    return usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
