"""OCSP responses of the demo authority (RFC 6960)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from egovdocs.signing.trust.revocation import RevocationEntry

from .issued_keys import IssuedKey


def build_ocsp_response(
    certificate: x509.Certificate,
    issuer: IssuedKey,
    entry: RevocationEntry | None,
    this_update: datetime | None = None,
    next_update: datetime | None = None,
    *,
    responder: IssuedKey | None = None,
) -> bytes:
    """Return an OCSPResponse about a certificate in DER; valid for an hour when no time is given.

    :param entry: None when the certificate is good.
    :param responder: who signs, instead of the issuer.
    """
    this_update = this_update or datetime.now(UTC) - timedelta(minutes=5)
    signer = responder or issuer
    builder = ocsp.OCSPResponseBuilder().add_response(
        certificate,
        issuer.certificate,
        SHA256(),
        ocsp.OCSPCertStatus.GOOD if entry is None else ocsp.OCSPCertStatus.REVOKED,
        this_update,
        next_update or this_update + timedelta(hours=1),
        entry.when if entry else None,
        entry.reason if entry else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    if responder is not None:
        builder = builder.certificates([responder.certificate])
    return builder.sign(signer.key, SHA256()).public_bytes(Encoding.DER)
