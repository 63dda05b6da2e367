"""X.509 certificates: reading, names, issuers and key usage (RFC 5280, 4 and 7.1)."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from typing import Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

PARSE_ERRORS: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""The exceptions that cryptography raises for malformed certificates and revocation lists."""

ASN1_ERRORS: Final = (*PARSE_ERRORS, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""The exceptions that asn1crypto raises for malformed DER, with those of ``PARSE_ERRORS``."""

_MINIMAL_BITS: Final = 2048
_MINIMAL_EC_BITS: Final = 256
_READ_EAGERLY: Final = tuple(
    map(attrgetter, ("subject", "issuer", "serial_number", "not_valid_before_utc", "not_valid_after_utc"))
)
_SHORT_NAMES: Final = {NameOID.SURNAME: "SN", NameOID.GIVEN_NAME: "GN", NameOID.SERIAL_NUMBER: "serialNumber"}


def read_certificate(der: bytes) -> x509.Certificate:
    """Read a third party's certificate in DER.

    cryptography parses a certificate piece by piece. The parts that all callers need are parsed here, so that
    malformed names and dates raise here and nowhere else.

    :raises ValueError: the bytes are no certificate; or another of ``PARSE_ERRORS``.
    """
    certificate = x509.load_der_x509_certificate(der)
    for read in _READ_EAGERLY:
        read(certificate)
    return certificate


def asn1_certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return the certificate as asn1crypto parses it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def format_name(name: x509.Name) -> str:
    """Return a subject or an issuer as text (RFC 4514), with the short attribute names usual in
    Kazakhstan.
    """
    return name.rfc4514_string(_SHORT_NAMES)


def same_name(one: x509.Name, other: x509.Name) -> bool:
    """Return whether two names match: case, spaces and string types are ignored (RFC 5280, 7.1)."""
    return one == other or comparable_name(one) == comparable_name(other)


@lru_cache(maxsize=1024)
def comparable_name(name: x509.Name) -> object:
    """Return a hashable value that is equal for matching names."""
    try:
        return asn1_x509.Name.load(name.public_bytes()).hashable
    except ValueError:  # characters that RFC 4518 forbids
        return name.public_bytes()


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Return whether the issuer's name and the signature of its key are in the certificate (RFC 5280, 4.1.1).

    Weak algorithms are accepted here, so that the caller can report them as weak instead of as absent.
    """
    try:
        if not same_name(certificate.issuer, issuer.subject) or not _algorithms_agree(certificate):
            return False
        _verify(certificate, issuer)
    except (InvalidSignature, *PARSE_ERRORS):
        return False
    return True


def _algorithms_agree(certificate: x509.Certificate) -> bool:
    """Return whether the algorithm in the signed part is the one beside the signature (RFC 5280, 4.1.1.2)."""
    parsed = asn1_certificate(certificate)
    return bool(parsed["tbs_certificate"]["signature"].dump() == parsed["signature_algorithm"].dump())


def _verify(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    key, digest = issuer.public_key(), certificate.signature_hash_algorithm
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    if isinstance(key, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
        key.verify(signature, signed)
    elif digest is None:
        raise InvalidSignature
    elif isinstance(key, rsa.RSAPublicKey):
        is_pss = certificate.signature_algorithm_oid == SignatureAlgorithmOID.RSASSA_PSS
        parameters = certificate.signature_algorithm_parameters if is_pss else padding.PKCS1v15()
        assert isinstance(parameters, padding.AsymmetricPadding)
        key.verify(signature, signed, parameters, digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(digest))
    elif isinstance(key, dsa.DSAPublicKey):
        key.verify(signature, signed, digest)
    else:
        raise InvalidSignature


def is_authority(certificate: x509.Certificate) -> bool:
    """Return whether basicConstraints says that the subject is a certification authority (RFC 5280,
    4.2.1.9).
    """
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, *PARSE_ERRORS):
        return False


def may_issue_certificates(certificate: x509.Certificate) -> bool:
    """Return whether the certificate can be the root of a path.

    Certificates of version 1, which have no extensions, can: old roots are such.
    """
    try:
        usage = key_usage(certificate)
        return (certificate.version is x509.Version.v1 or is_authority(certificate)) and (
            usage is None or usage.key_cert_sign
        )
    except PARSE_ERRORS:
        return False


def has_strong_key(certificate: x509.Certificate) -> bool:
    """Return whether the key is long enough for what it signs to be trusted (ETSI TS 119 312, 7)."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.key_size >= _MINIMAL_EC_BITS
    return not isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) or key.key_size >= _MINIMAL_BITS


def key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    """Return the key usage; None when the certificate has none (RFC 5280, 4.2.1.3)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
