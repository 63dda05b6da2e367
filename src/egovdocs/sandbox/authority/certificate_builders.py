"""Names and extensions of the demo authority's certificates (RFC 5280, 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from egovdocs.signing.crypto.rsa_ec import PrivateKey

NameAttributes = dict[x509.ObjectIdentifier, str]
IssuerKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


def build_name(attributes: NameAttributes) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes.items()])


def common_name(name: str) -> NameAttributes:
    return {NameOID.COMMON_NAME: name, NameOID.COUNTRY_NAME: "KZ"}


def person_name(full_name: str, iin: str) -> NameAttributes:
    """Return the attributes of a person's name, as НУЦ РК writes them.

    :param full_name: surname, given name and, if there is one, patronymic.
    """
    surname, given, *patronymic = full_name.upper().split()
    attributes = {
        NameOID.COMMON_NAME: f"{surname} {given}",
        NameOID.SURNAME: surname,
        NameOID.SERIAL_NUMBER: f"IIN{iin}",
        NameOID.COUNTRY_NAME: "KZ",
    }
    if patronymic:
        attributes[NameOID.GIVEN_NAME] = " ".join(patronymic)
    return attributes


def organisation_name(name: str, bin: str) -> NameAttributes:
    return {NameOID.ORGANIZATION_NAME: name, NameOID.ORGANIZATIONAL_UNIT_NAME: f"BIN{bin}"}


def certificate_builder(
    subject: NameAttributes,
    issuer: x509.Name,
    key: PrivateKey,
    not_before: datetime | None,
    not_after: datetime | None,
    days: int,
) -> x509.CertificateBuilder:
    """Return a builder with names, key and dates.

    :param days: how long the certificate is valid when ``not_after`` is None.
    """
    # The clock of another machine may be behind ours, so the default begins an hour ago.
    start = not_before or datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(build_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(not_after or start + timedelta(days=days))
    )


def add_authority_extensions(
    builder: x509.CertificateBuilder, key: PrivateKey, issuer_key: IssuerKey
) -> x509.CertificateBuilder:
    """Add the extensions of a certification authority."""
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return _add_key_identifiers(builder.add_extension(usage, critical=True), key, issuer_key)


def add_end_entity_extensions(
    builder: x509.CertificateBuilder,
    key: PrivateKey,
    issuer_key: IssuerKey,
    purposes: Iterable[x509.ObjectIdentifier],
    *,
    is_for_signing: bool = True,
    is_restricted: bool = False,
) -> x509.CertificateBuilder:
    """Add the extensions of a certificate that issues no others.

    :param purposes: the extended key usage.
    :param is_for_signing: whether the key usage has contentCommitment, else keyEncipherment.
    :param is_restricted: whether the extended key usage is critical.
    """
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=is_for_signing,
        key_encipherment=not is_for_signing,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=is_restricted)
    )
    return _add_key_identifiers(builder, key, issuer_key)


def _add_key_identifiers(
    builder: x509.CertificateBuilder, key: PrivateKey, issuer_key: IssuerKey
) -> x509.CertificateBuilder:
    subject_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    return builder.add_extension(subject_id, critical=False).add_extension(issuer_id, critical=False)
