"""Keys with their certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from egovdocs.signing import KeySigner
from egovdocs.signing.crypto.rsa_ec import PrivateKey

Algorithm = Literal["rsa", "ec"]

SIGNING_KEY = "1.3.6.1.5.5.7.3.4"
AUTHENTICATION_KEY = "1.3.6.1.5.5.7.3.2"


@dataclass(frozen=True)
class IssuedKey:
    """A key with its certificate.

    :ivar issuers: the certificates above it, nearest first, the root last.
    """

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]

    @property
    def signer(self) -> KeySigner:
        return KeySigner(self.key, self.certificate, self.issuers[:-1])

    def pkcs12(self, password: str) -> bytes:
        """Return the key file (RFC 7292, PBES2) with the whole chain."""
        return pkcs12.serialize_key_and_certificates(
            name=None,
            key=self.key,
            cert=self.certificate,
            cas=self.issuers,
            encryption_algorithm=BestAvailableEncryption(password.encode()),
        )


def new_key(algorithm: Algorithm) -> PrivateKey:
    """Generate a P-256 key or an RSA key of 2048 bits."""
    if algorithm == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
