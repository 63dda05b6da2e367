"""Keys that sign: a protocol, and the keys that lie in PKCS#12 and PEM files."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key, pkcs12
from translationstring import TranslationStringFactory

from ..errors import KeyFileError, UnsupportedKey, WrongPassword

_ = TranslationStringFactory("egovdocs")

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
MINIMAL_RSA_BITS = 2048
P256_BYTES = 32

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Signer(Protocol):
    """A key that signs, wherever it lies, and its certificate (ETSI EN 319 102-1, 4: a signature creation
    device).
    """

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuers' certificates, nearest first, without the self-signed root."""

    def sign(self, data: bytes) -> bytes:
        """The signature value as XML-DSig has it: PKCS#1 v1.5 with SHA-256, or r and s in 32 bytes each."""


@dataclass(frozen=True)
class KeySigner:
    """A signer whose key lies in this process' memory: RSASSA-PKCS1-v1_5 (RFC 8017, 8.2) or ECDSA (FIPS
    186-5, 6) with SHA-256.
    """

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), SHA256())
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(P256_BYTES, "big") + s.to_bytes(P256_BYTES, "big")


def load_pkcs12(data: bytes, password: str) -> KeySigner:
    """Open a key file (``.p12``, ``.pfx``; RFC 7292).

    :raises WrongPassword: the file is sound but the password is not its own, or the key is a ГОСТ key.
    :raises UnsupportedKey: the key is neither RSA of 2048 bits or more nor P-256.
    :raises KeyFileError: it is no PKCS#12 file, or holds no key with its certificate.
    """
    try:
        asn1_pkcs12.Pfx.load(data, strict=True).native  # noqa: B018 - asn1crypto parses lazily
    except (ValueError, TypeError):
        raise KeyFileError(_("This is not a key file (.p12 or .pfx).")) from None
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="PKCS#12 bundle could not be parsed as DER")  # Java's
            key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode())
    except ValueError:  # the library does not tell the two apart
        raise WrongPassword(
            _("The password does not open this key file, or the key in it is of another kind, such as ГОСТ.")
        ) from None
    except UnsupportedAlgorithm:
        raise _unsupported() from None
    if key is None or certificate is None:
        raise KeyFileError(_("The file holds no key with its certificate."))
    return _signer(key, certificate, others)


def load_pem(
    key: bytes,
    certificate: bytes | x509.Certificate,
    chain: Iterable[x509.Certificate] = (),
    password: str | None = None,
) -> KeySigner:
    """A signer from a private key (PEM or DER; RFC 7468, 10 and 11) and its certificate (PEM, or parsed).

    :raises WrongPassword, UnsupportedKey, KeyFileError: as :func:`load_pkcs12`.
    """
    load = load_pem_private_key if key.lstrip().startswith(b"-----") else load_der_private_key
    try:
        private_key = load(key, password.encode() if password else None)
        parsed = (
            certificate
            if isinstance(certificate, x509.Certificate)
            else x509.load_pem_x509_certificate(certificate)
        )
    except UnsupportedAlgorithm:
        raise _unsupported() from None
    except TypeError:
        raise WrongPassword(_("The password does not open this key file.")) from None
    except ValueError:
        raise KeyFileError(
            _("The key or its certificate cannot be read, or the password is wrong.")
        ) from None
    return _signer(private_key, parsed, chain)


def signature_method(public_key: object) -> str:
    """The XML-DSig identifier of the method this key signs with.

    :raises UnsupportedKey: neither RSA of 2048 bits or more nor P-256.
    """
    if isinstance(public_key, rsa.RSAPublicKey) and public_key.key_size >= MINIMAL_RSA_BITS:
        return RSA_SHA256
    if isinstance(public_key, ec.EllipticCurvePublicKey) and isinstance(public_key.curve, ec.SECP256R1):
        return ECDSA_SHA256
    raise _unsupported()


def public_key_of(certificate: x509.Certificate) -> PublicKey:
    """The certificate's key, if it is one we sign with.

    :raises UnsupportedKey: neither RSA of 2048 bits or more nor P-256.
    """
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise _unsupported() from None
    signature_method(key)
    assert isinstance(key, PublicKey)
    return key


def value_verifies(public_key: PublicKey, value: bytes, data: bytes) -> bool:
    """Whether ``value`` (in the form of XML-DSig) is this key's signature over ``data``."""
    try:
        if isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(value, data, padding.PKCS1v15(), SHA256())
        else:
            if len(value) != 2 * P256_BYTES:
                return False
            r, s = (int.from_bytes(half, "big") for half in (value[:P256_BYTES], value[P256_BYTES:]))
            public_key.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _signer(key: object, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> KeySigner:
    if not isinstance(key, PrivateKey):
        raise _unsupported()
    if key.public_key() != public_key_of(certificate):
        raise KeyFileError(_("The certificate is not this key's."))
    return KeySigner(key, certificate, _issuers(certificate, tuple(others)))


def _issuers(
    certificate: x509.Certificate, others: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...]:
    """The way up from the certificate among the others; the root stays out, a verifier has its own."""
    chain: list[x509.Certificate] = []
    current = certificate
    while issuer := next((c for c in others if c.subject == current.issuer and c.issuer != c.subject), None):
        if issuer in chain:
            break
        chain.append(issuer)
        current = issuer
    return tuple(chain)


def _unsupported() -> UnsupportedKey:
    return UnsupportedKey(
        _("Only RSA keys of 2048 bits or more and P-256 keys can sign here; this key is of another kind.")
    )
