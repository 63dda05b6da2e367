"""The signature of a time-stamp token: a CMS SignerInfo (RFC 5652, 5.3 to 5.6; RFC 5816)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from typing import Any, Final

from asn1crypto import algos, cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from translationstring import TranslationStringFactory

from ..crypto.algorithms import CURVES
from ..crypto.rsa_ec import MINIMAL_RSA_BITS
from ..errors import BadTimestamp
from ..trust.purposes import is_for_timestamps

_ = TranslationStringFactory("egovdocs")

DIGESTS: Final[dict[str, Callable[..., Any]]] = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
"""The digests accepted in time-stamps (ETSI TS 119 312)."""

_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def check_digest(name: str) -> None:
    """:raises BadTimestamp: the digest is not accepted in time-stamps."""
    if name not in DIGESTS:
        raise BadTimestamp(
            _(
                "The time-stamp uses an algorithm that is not allowed: ${algorithm}",
                mapping={"algorithm": name},
            )
        )


def signing_certificate(
    sid: cms.SignerIdentifier, certificates: Iterable[x509.Certificate]
) -> x509.Certificate:
    """Return the certificate that the SignerIdentifier names (RFC 5652, 5.3).

    :raises BadTimestamp: it is not among the given ones.
    """
    for certificate in certificates:
        if sid.name == "subject_key_identifier":
            if _key_identifier(certificate) == sid.native:
                return certificate
        elif (
            certificate.serial_number == sid.chosen["serial_number"].native
            and certificate.issuer.public_bytes() == sid.chosen["issuer"].dump()
        ):
            return certificate
    raise BadTimestamp(_("The certificate of the time-stamp's authority is missing."))


def check_signer_info(signer_info: cms.SignerInfo, content: bytes, certificate: x509.Certificate) -> None:
    """Verify the signature over the content, a TSTInfo in DER, with the certificate.

    :raises BadTimestamp: it does not verify, or the certificate is not for time-stamps.
    :raises ValueError: it is malformed.
    """
    if not is_for_timestamps(certificate):
        raise BadTimestamp(_("The time-stamp was made with a certificate that is not for time-stamps."))
    attributes = signer_info["signed_attrs"]
    # The signature is over the attributes as a SET, not with the tag they have in the message (RFC 5652,
    # 5.4); and over the original bytes, before asn1crypto parses them in place.
    signed = b"\x31" + attributes.dump()[1:]
    digest = signer_info["digest_algorithm"]["algorithm"].native
    check_digest(digest)
    if _attribute(attributes, "content_type").native != "tst_info":
        raise ValueError("the attributes are about other content")
    if not hmac.compare_digest(
        _attribute(attributes, "message_digest").native, DIGESTS[digest](content).digest()
    ):
        raise BadTimestamp(_("The time-stamp was changed after it was made."))
    if not _names(attributes, certificate):
        raise BadTimestamp(_("The time-stamp names another certificate than its authority's."))
    if not _verifies(signer_info, digest, certificate, signed):
        raise BadTimestamp(_("The time-stamp was not made with the key of its authority's certificate."))


def _key_identifier(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


def _attribute(attributes: cms.CMSAttributes, kind: str) -> Any:
    (values,) = [each["values"] for each in attributes if each["type"].native == kind]
    (value,) = values
    return value


def _names(attributes: cms.CMSAttributes, certificate: x509.Certificate) -> bool:
    """Return whether the signed attribute ESSCertIDv2 or ESSCertID names the certificate. SHA-1 in the latter
    needs to resist only a second preimage (RFC 3161, 2.4.2; RFC 5816, 2.2.1).
    """
    kinds = [each["type"].native for each in attributes]
    der = certificate.public_bytes(Encoding.DER)
    if "signing_certificate_v2" in kinds:
        named = _attribute(attributes, "signing_certificate_v2")["certs"][0]
        digest = named["hash_algorithm"]["algorithm"].native
        check_digest(digest)
        expected = DIGESTS[digest](der).digest()
    else:
        named = _attribute(attributes, "signing_certificate")["certs"][0]
        expected = hashlib.sha1(der, usedforsecurity=False).digest()
    return hmac.compare_digest(named["cert_hash"].native, expected)


def _verifies(signer_info: cms.SignerInfo, digest: str, certificate: x509.Certificate, signed: bytes) -> bool:
    algorithm, value = signer_info["signature_algorithm"], signer_info["signature"].native
    key, scheme = certificate.public_key(), algorithm.signature_algo
    # The identifier rsaEncryption names no digest; the content's is then meant (RFC 3370, 3.2).
    names_no_digest = algorithm["algorithm"].native == "rsassa_pkcs1v15"
    name = digest if names_no_digest else algorithm.hash_algo
    check_digest(name)
    try:
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MINIMAL_RSA_BITS:
            key.verify(value, signed, _padding(algorithm, scheme), _HASHES[name])
        elif isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES and scheme == "ecdsa":
            key.verify(value, signed, ec.ECDSA(_HASHES[name]))
        else:
            raise BadTimestamp(_("The key of the time-stamp's authority is of a kind that is not accepted."))
    except InvalidSignature:
        return False
    return True


def _padding(algorithm: algos.SignedDigestAlgorithm, scheme: str) -> padding.AsymmetricPadding:
    if scheme == "rsassa_pkcs1v15":
        return padding.PKCS1v15()
    if scheme != "rsassa_pss":
        raise ValueError("no RSA scheme")
    parameters = algorithm["parameters"]
    mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
    check_digest(mask)
    return padding.PSS(padding.MGF1(_HASHES[mask]), parameters["salt_length"].native)
