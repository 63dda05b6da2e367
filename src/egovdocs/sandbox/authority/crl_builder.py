"""Revocation lists of the demo authority, complete and delta (RFC 5280, 5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.signing.crypto.rsa_ec import PrivateKey
from egovdocs.signing.trust.crls import read_entry
from egovdocs.signing.trust.revocation import RevocationEntry


def build_crl(
    key: PrivateKey,
    issuer: x509.Name,
    revoked: Mapping[int, RevocationEntry],
    this_update: datetime | None = None,
    next_update: datetime | None = None,
    *,
    since: bytes | None = None,
    scope: x509.IssuingDistributionPoint | None = None,
) -> bytes:
    """Return a list in DER; valid for a week when no time is given.

    :param revoked: the revoked certificates by serial number.
    :param since: an earlier complete list; the result is then a delta to it (5.2.4).
    :param scope: the certificates or reasons that the list is for (5.2.5).
    """
    this_update = this_update or datetime.now(UTC) - timedelta(minutes=5)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer)
        .last_update(this_update)
        .next_update(next_update or this_update + timedelta(days=7))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(this_update.timestamp())), critical=False)
    )
    if scope is not None:
        builder = builder.add_extension(scope, critical=True)
    if since is not None:
        base = x509.load_der_x509_crl(since)
        number = base.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        builder = builder.add_extension(x509.DeltaCRLIndicator(number), critical=True)
        revoked = _changes(base, revoked, this_update)
    for serial, entry in revoked.items():
        builder = builder.add_revoked_certificate(_revoked_certificate(serial, entry))
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def _changes(
    base: x509.CertificateRevocationList, revoked: Mapping[int, RevocationEntry], this_update: datetime
) -> dict[int, RevocationEntry]:
    """Return the entries of a delta: new ones, those with another reason, and those removed."""
    listed = {each.serial_number: read_entry(each).reason for each in base}
    changed = {
        serial: entry
        for serial, entry in revoked.items()
        if serial not in listed or entry.reason is not listed[serial]
    }
    removed = RevocationEntry(this_update, x509.ReasonFlags.remove_from_crl)
    return changed | dict.fromkeys(listed.keys() - revoked.keys(), removed)


def _revoked_certificate(serial: int, entry: RevocationEntry) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(entry.when)
    if entry.reason is not None:
        builder = builder.add_extension(x509.CRLReason(entry.reason), critical=False)
    return builder.build()
