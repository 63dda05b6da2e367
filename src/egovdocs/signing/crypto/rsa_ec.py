"""RSA and elliptic curve keys: what we sign with, and the arithmetic of signature values.

Signature values have the form of XML-DSig: PKCS#1 v1.5 for RSA; r and s side by side for ECDSA (XML Signature
1.1, 6.4.2 and 6.4.3).
"""

from __future__ import annotations

from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from signxml.algorithms import SignatureMethod
from translationstring import TranslationStringFactory

from ..errors import UnsupportedKey

_ = TranslationStringFactory("egovdocs")

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

MINIMAL_RSA_BITS: Final = 2048
RSA_SHA256: Final = SignatureMethod.RSA_SHA256.value
ECDSA_SHA256: Final = SignatureMethod.ECDSA_SHA256.value
_P256_BYTES: Final = 32


def signature_method(public_key: object) -> str:
    """Return the XML-DSig identifier of the signature method for a key.

    :raises UnsupportedKey: neither RSA of 2048 bits or more nor P-256.
    """
    if isinstance(public_key, rsa.RSAPublicKey) and public_key.key_size >= MINIMAL_RSA_BITS:
        return RSA_SHA256
    if isinstance(public_key, ec.EllipticCurvePublicKey) and isinstance(public_key.curve, ec.SECP256R1):
        return ECDSA_SHA256
    raise unsupported_key()


def public_key_of(certificate: x509.Certificate) -> PublicKey:
    """Return the public key of a certificate.

    :raises UnsupportedKey: neither RSA of 2048 bits or more nor P-256.
    """
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise unsupported_key() from None
    signature_method(key)
    assert isinstance(key, PublicKey)
    return key


def sign_value(key: PrivateKey, data: bytes) -> bytes:
    """Return the signature value over data: RSASSA-PKCS1-v1_5 (RFC 8017, 8.2) or ECDSA (FIPS 186-5, 6) with
    SHA-256.
    """
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), SHA256())
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(SHA256())))
    return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")


def value_verifies(public_key: PublicKey, value: bytes, data: bytes) -> bool:
    """Return whether ``value``, as :func:`sign_value` gives it, is the key's signature over ``data``."""
    try:
        if isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(value, data, padding.PKCS1v15(), SHA256())
        else:
            if len(value) != 2 * _P256_BYTES:
                return False
            r, s = (int.from_bytes(half, "big") for half in (value[:_P256_BYTES], value[_P256_BYTES:]))
            public_key.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def unsupported_key() -> UnsupportedKey:
    return UnsupportedKey(
        _("Only RSA keys of 2048 bits or more and P-256 keys can sign here; this key is of another kind.")
    )
