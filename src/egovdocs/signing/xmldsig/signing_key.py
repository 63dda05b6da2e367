"""The key of a signature: found by its certificate, checked, and used to verify the signature value (XML
Signature 1.1, 3.2.2 and 4.5).

signxml verifies the value, except RSA-PSS with parameters in the document, which it does not implement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509.oid import PublicKeyAlgorithmOID
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import XMLVerifier
from translationstring import TranslationStringFactory

from ..crypto.algorithms import PSS_METHODS, RSA_PSS
from ..indications import NotPassed, SubIndication
from ..namespaces import DS, DS11
from ..policy import ValidationPolicy
from ..trust.certificates import PARSE_ERRORS, read_certificate
from ..trust.holders import Holder, holder
from .rsa_pss import pss_parameters
from .structure import Signature, decode_value, key_values

_ = TranslationStringFactory("egovdocs")

_CURVES = XMLVerifier.known_ecdsa_curves | {
    "urn:oid:1.3.36.3.3.2.8.1.1.7": ec.BrainpoolP256R1(),
    "urn:oid:1.3.36.3.3.2.8.1.1.11": ec.BrainpoolP384R1(),
    "urn:oid:1.3.36.3.3.2.8.1.1.13": ec.BrainpoolP512R1(),
}


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    """A certificate with its key and holder, as far as they can be read.

    :ivar public_key: None when it is of a kind that is not implemented (such as ГОСТ 34.310).
    """

    certificate: x509.Certificate
    public_key: Any
    holder: Holder | None

    @property
    def is_for_pss(self) -> bool:
        return self.certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS


def read_key(der: bytes) -> CertifiedKey:
    """Read a certificate's key and holder. Results are cached for certificates of usual length.

    :raises ValueError: the bytes are no certificate.
    """
    return _cached_key(der) if len(der) <= _MAX_CACHED_BYTES else _read_key(der)


def _read_key(der: bytes) -> CertifiedKey:
    certificate = read_certificate(der)
    try:
        public_key: Any = certificate.public_key()
    except PARSE_ERRORS:
        public_key = None
    try:
        owner = holder(certificate)
    except PARSE_ERRORS:
        owner = None
    return CertifiedKey(certificate, public_key, owner)


# Anybody can send certificates; the memory for them must stay small.
_MAX_CACHED_BYTES = 8192
_cached_key = lru_cache(maxsize=2048)(_read_key)


def carried_keys(signature: Signature) -> tuple[CertifiedKey, ...]:
    """Return the keys of the certificates in the signature.

    :raises NotPassed: one cannot be read.
    """
    try:
        return tuple(map(read_key, signature.certificates))
    except PARSE_ERRORS:
        raise NotPassed(
            SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
            "certificate",
            _("A certificate in the signature cannot be read."),
        ) from None


def find_signing_key(
    signature: Signature,
    carried: Sequence[CertifiedKey],
    trusted: Sequence[CertifiedKey],
    signed_info: bytes,
    count_effort: Callable[[int], None],
) -> CertifiedKey:
    """Return the key that the signature was made with, according to its certificates (ETSI EN 319 102-1,
    5.2.3).

    Of the certificates in the signature it is the one that issued none of the others.

    :param trusted: the keys tried for a signature without certificates.
    :param signed_info: the canonical SignedInfo.
    :param count_effort: called with the effort of each trial, in bytes made canonical; may raise to stop.
    :raises NotPassed: there is no such certificate.
    """
    if len(carried) == 1:
        return carried[0]
    issuers = {key.certificate.issuer for key in carried if key.certificate.issuer != key.certificate.subject}
    leaves = [key for key in carried if key.certificate.subject not in issuers] or list(carried)
    for key in leaves or trusted:
        count_effort(_verification_effort(key))
        if verify_signature(signature, key, signed_info):
            return key
    if leaves:
        return leaves[0]
    raise NotPassed(
        SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
        "certificate",
        _("The signature carries no certificate of its signer."),
    )


def check_key(key: CertifiedKey, method: str, policy: ValidationPolicy) -> None:
    """Check the kind and size of the key (ETSI TS 119 312), and that it may be used with the signature method
    (RFC 4055, 1.2).

    :raises NotPassed: the policy does not allow it.
    """
    public_key = key.public_key
    if key.is_for_pss and method not in PSS_METHODS:
        raise NotPassed(
            SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
            "algorithms",
            _("The signer's key is for RSA-PSS alone, and the signature is of another kind."),
        )
    if isinstance(public_key, rsa.RSAPublicKey) and public_key.key_size >= policy.minimal_rsa_bits:
        return
    if isinstance(public_key, ec.EllipticCurvePublicKey) and public_key.curve.name in policy.curves:
        return
    if isinstance(public_key, rsa.RSAPublicKey):
        reason = _(
            "The signer's RSA key of ${bits} bits is too short.", mapping={"bits": str(public_key.key_size)}
        )
    else:
        reason = _(
            "The signer's key is of a kind that is not accepted: ${kind}", mapping={"kind": _kind(key)}
        )
    raise NotPassed(SubIndication.CRYPTO_CONSTRAINTS_FAILURE, "algorithms", reason)


def verify_signature(signature: Signature, key: CertifiedKey, signed_info: bytes) -> bool:
    """Return whether the signature value was made with this key over the canonical SignedInfo."""
    try:
        if signature.method == RSA_PSS:
            salt, mask, digest = pss_parameters(signature.method_element)
            if not isinstance(key.public_key, rsa.RSAPublicKey):
                return False
            key.public_key.verify(
                signature.value, signed_info, padding.PSS(padding.MGF1(mask), salt_length=salt), digest
            )
        else:
            XMLVerifier()._verify_signature_with_pubkey(
                signed_info_c14n=signed_info,
                raw_signature=signature.value,
                signature_alg=SignatureMethod(signature.method),
                signing_certificate=key.certificate,
            )
    except (InvalidSignature, OverflowError, SignXMLException, *PARSE_ERRORS):
        return False
    return True


def check_key_values(signature: Signature, key: CertifiedKey) -> None:
    """Check that a KeyValue beside a certificate is the same key: otherwise two verifiers may use different
    keys.

    :raises NotPassed: it is another key, or cannot be read.
    """
    for element in key_values(signature.key_info):
        try:
            same = _KEY_VALUE_READERS[str(element.tag)](element) == key.public_key
        except (AttributeError, KeyError, *PARSE_ERRORS):
            same = False
        if not same:
            raise NotPassed(
                SubIndication.SIG_CONSTRAINTS_FAILURE,
                "certificate",
                _("The signature names two different keys: one in its certificate, another beside it."),
            )


def _verification_effort(key: CertifiedKey) -> int:
    """Return the effort of verifying with the key, in bytes made canonical (measured)."""
    if not isinstance(key.public_key, rsa.RSAPublicKey):
        return 10_000
    return key.public_key.key_size**2 * key.public_key.public_numbers().e.bit_length() // 35_000


def _kind(key: CertifiedKey) -> str:
    """Return the curve, or the identifier of the key's algorithm (RFC 5280, 4.1.2.7)."""
    curve = getattr(key.public_key, "curve", None)
    return curve.name if curve else key.certificate.public_key_algorithm_oid.dotted_string


def _part(element: etree._Element, name: str) -> bytes:
    (part,) = element.iterchildren(name)
    return decode_value(part)


def _read_rsa(element: etree._Element) -> object:
    modulus, exponent = (
        int.from_bytes(_part(element, f"{{{DS}}}{name}")) for name in ("Modulus", "Exponent")
    )
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _read_ec(element: etree._Element) -> object:
    (curve,) = element.iterchildren(f"{{{DS11}}}NamedCurve")
    return ec.EllipticCurvePublicKey.from_encoded_point(
        _CURVES[curve.get("URI", "")], _part(element, f"{{{DS11}}}PublicKey")
    )


# XML Signature 1.1, 4.5.2.2, 4.5.2.3 and 4.5.5.
_KEY_VALUE_READERS: dict[str, Callable[[etree._Element], object]] = {
    f"{{{DS}}}RSAKeyValue": _read_rsa,
    f"{{{DS11}}}ECKeyValue": _read_ec,
    f"{{{DS11}}}DEREncodedKeyValue": lambda element: load_der_public_key(decode_value(element)),
}
