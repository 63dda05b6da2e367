"""Signers: the protocol of a key that signs, and keys from PKCS#12 and PEM files."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key, pkcs12
from translationstring import TranslationStringFactory

from ..errors import KeyFileError, WrongPassword
from .rsa_ec import PrivateKey, public_key_of, sign_value, unsupported_key

_ = TranslationStringFactory("egovdocs")


class Signer(Protocol):
    """A key that signs, wherever it is, and its certificate (a signature creation device of ETSI EN 319
    102-1, 4).
    """

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuers' certificates, nearest first, without the self-signed root."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature value as :func:`egovdocs.signing.crypto.rsa_ec.sign_value` gives it."""


@dataclass(frozen=True)
class KeySigner:
    """A signer whose key is in the memory of this process."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes) -> bytes:
        return sign_value(self.key, data)


def load_pkcs12(data: bytes, password: str) -> KeySigner:
    """Open a key file (``.p12``, ``.pfx``; RFC 7292).

    :raises WrongPassword: the password does not open the file, or the key is a ГОСТ key.
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
    except ValueError:  # cryptography raises the same for both
        raise WrongPassword(
            _("The password does not open this key file, or the key in it is of another kind, such as ГОСТ.")
        ) from None
    except UnsupportedAlgorithm:
        raise unsupported_key() from None
    if key is None or certificate is None:
        raise KeyFileError(_("The file holds no key with its certificate."))
    return _signer(key, certificate, others)


def load_pem(
    key: bytes,
    certificate: bytes | x509.Certificate,
    chain: Iterable[x509.Certificate] = (),
    password: str | None = None,
) -> KeySigner:
    """Load a signer from a private key (PEM or DER; RFC 7468, 10 and 11) and its certificate (PEM or parsed).

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
        raise unsupported_key() from None
    except TypeError:
        raise WrongPassword(_("The password does not open this key file.")) from None
    except ValueError:
        raise KeyFileError(
            _("The key or its certificate cannot be read, or the password is wrong.")
        ) from None
    return _signer(private_key, parsed, chain)


def _signer(key: object, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> KeySigner:
    if not isinstance(key, PrivateKey):
        raise unsupported_key()
    if key.public_key() != public_key_of(certificate):
        raise KeyFileError(_("The certificate is not this key's."))
    return KeySigner(key, certificate, _issuers(certificate, tuple(others)))


def _issuers(
    certificate: x509.Certificate, others: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...]:
    """Return the issuers above the certificate, without the root: a verifier has its own."""
    chain: list[x509.Certificate] = []
    current = certificate
    while issuer := next((c for c in others if c.subject == current.issuer and c.issuer != c.subject), None):
        if issuer in chain:
            break
        chain.append(issuer)
        current = issuer
    return tuple(chain)
