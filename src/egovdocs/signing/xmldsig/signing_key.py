"""The signature value and the certificate of the key that made it (XML Signature 1.1, 3.2.2 and 4.5).

The mathematics is signxml's verifier; beside it stands what it lacks: RSA-PSS with its parameters in the
document, the Brainpool curves, and an answer as to which certificate the key was.
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
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import XMLVerifier
from translationstring import TranslationStringFactory

from ..crypto.algorithms import DS, DS11, PSS_METHODS, RSA_PSS
from ..policy import ValidationPolicy
from ..trust.certificates import UNREADABLE, Holder, holder, read_certificate
from .report import NotPassed, SubIndication
from .structure import Signature, key_values, not_allowed, octets, value_text

_ = TranslationStringFactory("egovdocs")

_PSS = "{http://www.w3.org/2007/05/xmldsig-more#}"
_MGF1 = "http://www.w3.org/2007/05/xmldsig-more#MGF1"
_GENERATOR = f"{_PSS}MaskGenerationFunction"
_DIGEST_METHOD = f"{{{DS}}}DigestMethod"


_CURVES = XMLVerifier.known_ecdsa_curves | {
    "urn:oid:1.3.36.3.3.2.8.1.1.7": ec.BrainpoolP256R1(),
    "urn:oid:1.3.36.3.3.2.8.1.1.11": ec.BrainpoolP384R1(),
    "urn:oid:1.3.36.3.3.2.8.1.1.13": ec.BrainpoolP512R1(),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A certificate as far as it can be read.

    :ivar public_key: None when it is of a kind that cannot be used here (such as ГОСТ 34.310).
    """

    certificate: x509.Certificate
    public_key: Any
    holder: Holder | None

    @property
    def is_for_pss(self) -> bool:
        return self.certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS


def read_key(der: bytes) -> Key:
    """Read a certificate's key and holder; those of the usual length are remembered.

    :raises ValueError: the octets are no certificate.
    """
    return _remembered(der) if len(der) <= _USUAL_LENGTH else _read_key(der)


def _read_key(der: bytes) -> Key:
    certificate = read_certificate(der)
    try:
        public_key: Any = certificate.public_key()
    except UNREADABLE:
        public_key = None
    try:
        owner = holder(certificate)
    except UNREADABLE:
        owner = None
    return Key(certificate, public_key, owner)


# Anyone can send certificates; what is kept of them in memory must stay small.
_USUAL_LENGTH = 8192
_remembered = lru_cache(maxsize=2048)(_read_key)


def keys_in(signature: Signature) -> tuple[Key, ...]:
    """The certificates the signature carries.

    :raises NotPassed: one cannot be read.
    """
    try:
        return tuple(map(read_key, signature.certificates))
    except UNREADABLE:
        raise NotPassed(
            SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
            "certificate",
            _("A certificate in the signature cannot be read."),
        ) from None


def signing_key(
    signature: Signature,
    keys: Sequence[Key],
    trusted: Sequence[Key],
    signed_info: bytes,
    spend: Callable[[int], None],
) -> Key:
    """The key that the signature says it was made with (ETSI EN 319 102-1, 5.2.3).

    Its certificate is, of those in the signature, the one that issued none of the others. A signature
    without a certificate can only be by one of those the store trusts as themselves.

    :param spend: told what trying a key costs, in octets' worth; may refuse to go on.
    :raises NotPassed: there is no such certificate.
    """
    if len(keys) == 1:
        return keys[0]
    issuers = {key.certificate.issuer for key in keys if key.certificate.issuer != key.certificate.subject}
    leaves = [key for key in keys if key.certificate.subject not in issuers] or list(keys)
    for key in leaves or trusted:
        spend(_effort(key))
        if value_verifies(signature, key, signed_info):
            return key
    if leaves:
        return leaves[0]
    raise NotPassed(
        SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
        "certificate",
        _("The signature carries no certificate of its signer."),
    )


def _effort(key: Key) -> int:
    """What trying it costs, in the time of octets made canonical (measured)."""
    if not isinstance(key.public_key, rsa.RSAPublicKey):
        return 10_000
    return key.public_key.key_size**2 * key.public_key.public_numbers().e.bit_length() // 35_000


def check_key(key: Key, method: str, policy: ValidationPolicy) -> None:
    """:raises NotPassed: the key is of a kind or a size that is not allowed (ETSI TS 119 312), or is not for
    signatures of this method (RFC 4055, 1.2).
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


def _kind(key: Key) -> str:
    """The curve, or the identifier of the algorithm where there is none that we know (RFC 5280, 4.1.2.7)."""
    curve = getattr(key.public_key, "curve", None)
    return curve.name if curve else key.certificate.public_key_algorithm_oid.dotted_string


def value_verifies(signature: Signature, key: Key, signed_info: bytes) -> bool:
    """Whether this key made the signature value over the canonical SignedInfo."""
    try:
        if signature.method == RSA_PSS:
            salt, mask, digest = _pss_parameters(signature.method_element)
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
    except (InvalidSignature, OverflowError, SignXMLException, *UNREADABLE):
        return False
    return True


def check_key_value(signature: Signature, key: Key) -> None:
    """A KeyValue beside a certificate must be the same key: else two verifiers may use two.

    :raises NotPassed: it is another, or cannot be read.
    """
    for element in key_values(signature.key_info):
        try:
            same = _NAMED[str(element.tag)](element) == key.public_key
        except (AttributeError, KeyError, *UNREADABLE):
            same = False
        if not same:
            raise NotPassed(
                SubIndication.SIG_CONSTRAINTS_FAILURE,
                "certificate",
                _("The signature names two different keys: one in its certificate, another beside it."),
            )


def _part(element: etree._Element, name: str) -> bytes:
    (part,) = element.iterchildren(name)
    return octets(part)


def _named_rsa(element: etree._Element) -> object:
    modulus, exponent = (
        int.from_bytes(_part(element, f"{{{DS}}}{name}")) for name in ("Modulus", "Exponent")
    )
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _named_ec(element: etree._Element) -> object:
    (curve,) = element.iterchildren(f"{{{DS11}}}NamedCurve")
    return ec.EllipticCurvePublicKey.from_encoded_point(
        _CURVES[curve.get("URI", "")], _part(element, f"{{{DS11}}}PublicKey")
    )


# XML Signature 1.1, 4.5.2.2, 4.5.2.3 and 4.5.5.
_NAMED: dict[str, Callable[[etree._Element], object]] = {
    f"{{{DS}}}RSAKeyValue": _named_rsa,
    f"{{{DS11}}}ECKeyValue": _named_ec,
    f"{{{DS11}}}DEREncodedKeyValue": lambda element: load_der_public_key(octets(element)),
}


def pss_digests(method: etree._Element) -> list[str]:
    """The digest methods that RSA-PSS parameters name, for the policy to look at."""
    return [digest.get("Algorithm", "") for digest in method.iter(_DIGEST_METHOD)]


def check_pss_parameters(method: etree._Element) -> None:
    """:raises NotPassed: parameters for RSA-PSS cannot be read, or ask for what is not supported."""
    for generator in method.iter(_GENERATOR):
        if generator.get("Algorithm") != _MGF1:
            raise not_allowed(generator.get("Algorithm", ""))
    try:
        _pss_parameters(method)
    except ValueError:
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "algorithms",
            _("The parameters of the RSA-PSS signature cannot be read, or are not those of RFC 9231."),
        ) from None


def _pss_parameters(method: etree._Element) -> tuple[int, Any, Any]:
    """Salt length, mask and message digest; those left out are SHA-256 and its size (RFC 9231, 2.3.9)."""
    parameters = method.find(f"{_PSS}RSAPSSParams")
    if parameters is None:
        parameters = method
    digest = _digest(parameters.find(_DIGEST_METHOD), DigestAlgorithm.SHA256)
    generator = parameters.find(_GENERATOR)
    mask = _digest(None if generator is None else generator.find(_DIGEST_METHOD), digest)
    salt = parameters.find(f"{_PSS}SaltLength")
    trailer = parameters.find(f"{_PSS}TrailerField")
    if trailer is not None and value_text(trailer) != "1":
        raise ValueError("another trailer field than 1")
    length = digest.implementation().digest_size if salt is None else int(value_text(salt))
    if length < 0:
        raise ValueError("no length of a salt")
    return length, mask.implementation(), digest.implementation()


def _digest(element: etree._Element | None, default: DigestAlgorithm) -> DigestAlgorithm:
    return default if element is None else DigestAlgorithm(element.get("Algorithm"))
