"""Who holds a certificate, read the way the National Certification Authority (НУЦ РК) writes it.

Identifiers are recognised by their shape alone: the authority's own test certificates carry numbers
whose check digit is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from operator import attrgetter

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID, SignatureAlgorithmOID

UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What a stranger's certificate or revocation list can make the one who reads it raise."""


class Role(Enum):
    """What the holder may do, an extended key usage of the National Certification Authority."""

    NATURAL_PERSON = "1.2.398.3.3.4.1.1"
    LEGAL_ENTITY = "1.2.398.3.3.4.1.2"
    FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
    RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2"
    FINANCIAL_RIGHT = "1.2.398.3.3.4.1.2.3"
    HR = "1.2.398.3.3.4.1.2.4"
    EMPLOYEE = "1.2.398.3.3.4.1.2.5"
    INFORMATION_SYSTEM = "1.2.398.3.3.4.1.2.6"


MAY_SIGN_OUTCOMES = frozenset({Role.FIRST_HEAD, Role.RIGHT_TO_SIGN})
"""A licence or a refusal is signed only by a key with one of these roles."""


_LEAST_BITS = 2048
_LEAST_EC_BITS = 256
_ALWAYS_READ = tuple(
    map(attrgetter, ("subject", "issuer", "serial_number", "not_valid_before_utc", "not_valid_after_utc"))
)
_NAMES = {NameOID.SURNAME: "SN", NameOID.GIVEN_NAME: "GN", NameOID.SERIAL_NUMBER: "serialNumber"}


@dataclass(frozen=True)
class Holder:
    """The person, organisation or information system a certificate speaks of; empty where it says nothing."""

    subject: str
    common_name: str = ""
    surname: str = ""
    patronymic: str = ""
    iin: str = ""
    bin: str = ""
    organisation: str = ""
    roles: frozenset[Role] = frozenset()

    @property
    def name(self) -> str:
        """The full name as people write it: the certificate keeps the patronymic apart."""
        return " ".join(part for part in (self.common_name, self.patronymic) if part)

    @property
    def identifier(self) -> str:
        """The BIN of an organisation's certificate, else the person's IIN."""
        return self.bin or self.iin


def read_certificate(der: bytes) -> x509.Certificate:
    """Read a stranger's certificate, DER.

    cryptography parses a certificate piece by piece; what everyone asks of it is parsed here, so that a name
    that is none is found out while the octets are still a stranger's.

    :raises ValueError: the octets are no certificate; or another of ``UNREADABLE``.
    """
    certificate = x509.load_der_x509_certificate(der)
    for read in _ALWAYS_READ:
        read(certificate)
    return certificate


def written_name(name: x509.Name) -> str:
    """A subject or an issuer in words (RFC 4514), with the short names that are usual here."""
    return name.rfc4514_string(_NAMES)


def holder(certificate: x509.Certificate) -> Holder:
    """Read who holds the certificate (RFC 5280, 4.1.2.6, as НУЦ РК fills it in). A stranger's certificate
    gives what it has; nothing is refused here.
    """
    subject = certificate.subject
    serial_numbers = _values(subject, NameOID.SERIAL_NUMBER)
    units = _values(subject, NameOID.ORGANIZATIONAL_UNIT_NAME)
    return Holder(
        subject=written_name(subject),
        common_name=_first(subject, NameOID.COMMON_NAME),
        surname=_first(subject, NameOID.SURNAME),
        patronymic=_first(subject, NameOID.GIVEN_NAME),
        iin=_number("IIN", serial_numbers),
        bin=_number("BIN", [*units, *serial_numbers]),
        organisation=_first(subject, NameOID.ORGANIZATION_NAME),
        roles=_roles(certificate),
    )


def _values(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next(iter(_values(name, oid)), "")


def _number(prefix: str, values: Iterable[str]) -> str:
    found = (re.fullmatch(rf"{prefix}([0-9]{{12}})", value) for value in values)
    return next((match[1] for match in found if match), "")


def _roles(certificate: x509.Certificate) -> frozenset[Role]:
    try:
        usages = certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return frozenset()
    assert isinstance(usages, x509.ExtendedKeyUsage)
    known = {role.value for role in Role}
    return frozenset(Role(usage.dotted_string) for usage in usages if usage.dotted_string in known)


def same_name(one: x509.Name, other: x509.Name) -> bool:
    """Whether both name the same: neither case nor spaces nor the kind of string count (RFC 5280, 7.1)."""
    return one == other or folded(one) == folded(other)


@lru_cache(maxsize=1024)
def folded(name: x509.Name) -> object:
    """What is equal for names that are the same."""
    try:
        return asn1_x509.Name.load(name.public_bytes()).hashable
    except ValueError:  # characters that RFC 4518 forbids
        return name.public_bytes()


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name stands in the certificate and its key made the signature (RFC 5280, 4.1.1).

    Weak algorithms count, so that what they are used for can be refused as weak and not as absent.
    """
    try:
        if not same_name(certificate.issuer, issuer.subject) or not _says_one_algorithm(certificate):
            return False
        _verify(certificate, issuer)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _says_one_algorithm(certificate: x509.Certificate) -> bool:
    """Within what is signed and beside it (RFC 5280, 4.1.1.2)."""
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
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
    """Whether it says that its holder issues certificates (RFC 5280, 4.2.1.9)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, *UNREADABLE):
        return False


def has_strong_key(certificate: x509.Certificate) -> bool:
    """Whether its key is long enough to believe what it signs (ETSI TS 119 312, 7)."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.key_size >= _LEAST_EC_BITS
    return not isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) or key.key_size >= _LEAST_BITS


def key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    """What the key is for; None when that is left open (RFC 5280, 4.2.1.3)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
