"""OCSP responses (RFC 6960), given as files.

A response is read completely at once, so that it never changes afterwards and many threads may share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from asn1crypto import algos, core, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from .certificates import ASN1_ERRORS, PARSE_ERRORS, comparable_name, has_strong_key, issued_by, key_usage
from .revocation import DEFAULT_VALIDITY, REASONS, DelegateCheck, RevocationEntry, RevocationStatement

_OCSP_NO_CHECK: Final = x509.OCSPNoCheck.oid
_CERT_ID_DIGESTS: Final = ("sha1", "sha256", "sha384", "sha512")
_RESPONSE_EXTENSIONS: Final = frozenset({"nonce", "extended_revoke"})
_SINGLE_EXTENSIONS: Final = frozenset({"archive_cutoff", "crl"})
_MAX_CERTIFICATES: Final = 8
_VERIFICATION_ERRORS: Final = (InvalidSignature, AssertionError, NotImplementedError, *ASN1_ERRORS)
_STRENGTH: Final = DisallowWeakAlgorithmsPolicy()  # type: ignore[no-untyped-call]
_VERIFIER: Final = DefaultSignatureValidator()


@dataclass(frozen=True, slots=True)
class SingleResponse:
    """The response about one certificate (SingleResponse, RFC 6960, 4.2.1).

    :ivar hash_algorithm: of ``issuer_name_hash`` and ``issuer_key_hash``.
    :ivar is_known: whether the responder knows the certificate.
    :ivar archive_cutoff: the responder keeps what it knows of certificates that expired after this (4.4.4).
    """

    hash_algorithm: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial_number: int
    is_known: bool
    entry: RevocationEntry | None
    this_update: datetime
    next_update: datetime
    archive_cutoff: datetime | None

    def concerns(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        if self.serial_number != certificate.serial_number or self.hash_algorithm not in _CERT_ID_DIGESTS:
            return False
        names = (certificate.issuer.public_bytes(), issuer.subject.public_bytes())
        return self.issuer_key_hash == _digest(self.hash_algorithm, _key_bits(issuer)) and (
            self.issuer_name_hash in [_digest(self.hash_algorithm, name) for name in names]
        )


@dataclass(frozen=True)
class OcspResponse:
    """A successful response (OCSPResponse, RFC 6960, 4.2).

    :ivar produced_at: when it was signed.
    :ivar responder: the signer's name (comparable) or the SHA-1 of its key.
    :ivar nonce: the nonce of the request, an OCTET STRING (RFC 8954).
    """

    der: bytes
    produced_at: datetime
    responder: object
    certificates: tuple[x509.Certificate, ...]
    single_responses: tuple[SingleResponse, ...]
    nonce: bytes | None
    _signed: bytes = field(repr=False)
    _signature: bytes = field(repr=False)
    _algorithm: bytes = field(repr=False)

    @classmethod
    def load(cls, der: bytes) -> OcspResponse:
        """Read an OCSPResponse, or the BasicOCSPResponse that CMS carries, in DER.

        :raises ValueError: it is neither, reports an error, or has an unknown critical extension (RFC 6960,
            4.4).
        """
        try:
            return _read_response(der)
        except ASN1_ERRORS as problem:
            raise ValueError(f"no OCSP response: {problem}") from None

    def statements(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        others: Iterable[x509.Certificate],
        check_delegate: DelegateCheck,
        moment: datetime,
    ) -> Iterator[RevocationStatement]:
        """Yield what the response states about a certificate, if its signer is authorised (RFC 6960, 3.2 and
        4.2.2.2).

        :param others: certificates among which the signer may be, beside the issuer and those in the
            response.
        """
        singles = [
            each for each in self.single_responses if each.is_known and each.concerns(certificate, issuer)
        ]
        at = max(moment, self.produced_at)
        if not singles or not self.is_authorised(issuer, others, lambda each: check_delegate(each, at)):
            return
        for single in singles:
            is_expired = single.this_update > certificate.not_valid_after_utc
            is_archived = single.archive_cutoff and single.archive_cutoff <= certificate.not_valid_after_utc
            # For an expired certificate "good" means only that nothing is known.
            if single.entry or not is_expired or is_archived:
                yield RevocationStatement(
                    "OCSP",
                    single.this_update,
                    single.next_update,
                    REASONS,
                    single.entry,
                    ocsp_responses=(self.der,),
                )

    def is_authorised(
        self,
        issuer: x509.Certificate,
        others: Iterable[x509.Certificate] = (),
        check_delegate: Callable[[x509.Certificate], bool] = lambda _certificate: True,
    ) -> bool:
        """Return whether the issuer signed the response, or a responder whom it designated by a
        certificate.
        """
        named = [
            each for each in (issuer, *self.certificates, *others) if self.responder in responder_ids(each)
        ]
        return any(
            each == issuer or (issued_by(each, issuer) and check_delegate(each))
            for each in named
            if (each == issuer or _is_responder(each)) and self._is_signed_by(each)
        )

    def _is_signed_by(self, certificate: x509.Certificate) -> bool:
        algorithm = algos.SignedDigestAlgorithm.load(self._algorithm)
        try:
            key = _asn1_key(certificate)
            allowed = _STRENGTH.signature_algorithm_allowed(algorithm, None, key)
            if not allowed or not has_strong_key(certificate):
                return False
            _VERIFIER.validate_signature(self._signature, self._signed, key, algorithm)
        except _VERIFICATION_ERRORS:
            return False
        return True


def has_no_check(responder: x509.Certificate) -> bool:
    """Return whether the authority asks not to check the responder's revocation (id-pkix-ocsp-nocheck, RFC
    6960, 4.2.2.2.1).
    """
    return _is_responder(responder) and any(each.oid == _OCSP_NO_CHECK for each in responder.extensions)


def responder_ids(certificate: x509.Certificate) -> tuple[object, object]:
    """Return what a response can name its signer by: the name, and the SHA-1 of the key (RFC 6960, 4.2.1)."""
    return comparable_name(certificate.subject), _digest("sha1", _key_bits(certificate))


def _is_responder(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        keys = key_usage(certificate)
    except (x509.ExtensionNotFound, *PARSE_ERRORS):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage and (
        keys is None or keys.digital_signature or keys.content_commitment
    )


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _asn1_key(certificate: x509.Certificate) -> Any:
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return asn1_x509.PublicKeyInfo.load(key)


@lru_cache(maxsize=512)
def _key_bits(certificate: x509.Certificate) -> bytes:
    """Return the key without algorithm, tag and length, which KeyHash is the digest of (RFC 6960, 4.1.1)."""
    try:
        return bytes(_asn1_key(certificate)["public_key"])
    except (ValueError, UnsupportedAlgorithm):
        return b""


def _read_response(der: bytes) -> OcspResponse:
    basic = _basic(der)
    # Taken before asn1crypto parses the value in place.
    signed = basic["tbs_response_data"].dump()
    data = basic["tbs_response_data"]
    extensions = {each["extn_id"].native: each for each in data["response_extensions"]}
    if any(each["critical"].native for name, each in extensions.items() if name not in _RESPONSE_EXTENSIONS):
        raise ValueError("unknown critical extension")
    responder = data["responder_id"]
    return OcspResponse(
        der=der,
        produced_at=_time(data["produced_at"]),
        responder=responder.native if responder.name == "by_key" else responder.chosen.hashable,
        certificates=tuple(
            certificate
            for each in list(basic["certs"])[:_MAX_CERTIFICATES]
            for certificate in _certificate(each.dump())
        ),
        single_responses=tuple(map(_single_response, data["responses"])),
        nonce=bytes(extensions["nonce"]["extn_value"]) if "nonce" in extensions else None,
        _signed=signed,
        _signature=basic["signature"].native,
        _algorithm=basic["signature_algorithm"].dump(),
    )


def _certificate(der: bytes) -> list[x509.Certificate]:
    """Return the certificate in a list; an empty list when a part of it is malformed: it signs nothing."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        return [certificate] if certificate.extensions and responder_ids(certificate) else []
    except PARSE_ERRORS:
        return []


def _basic(der: bytes) -> ocsp.BasicOCSPResponse:
    try:
        response = ocsp.OCSPResponse.load(der, strict=True)
        status = response["response_status"].native
    except (ValueError, TypeError):
        return ocsp.BasicOCSPResponse.load(der, strict=True)
    if status != "successful" or response["response_bytes"]["response_type"].native != "basic_ocsp_response":
        raise ValueError(f"not successful: {status}")
    return ocsp.BasicOCSPResponse.load(bytes(response["response_bytes"]["response"]), strict=True)


def _single_response(single: ocsp.SingleResponse) -> SingleResponse:
    if single.critical_extensions - _SINGLE_EXTENSIONS:
        raise ValueError("unknown critical extension")
    cert_id, status, end = single["cert_id"], single["cert_status"], single["next_update"]
    this_update = _time(single["this_update"])
    cutoff = single.archive_cutoff_value
    return SingleResponse(
        hash_algorithm=cert_id["hash_algorithm"]["algorithm"].native,
        issuer_name_hash=cert_id["issuer_name_hash"].native,
        issuer_key_hash=cert_id["issuer_key_hash"].native,
        serial_number=cert_id["serial_number"].native,
        is_known=status.name != "unknown",
        entry=_entry(status.chosen) if status.name == "revoked" else None,
        this_update=this_update,
        next_update=_time(end) if end.native is not None else this_update + DEFAULT_VALIDITY,
        archive_cutoff=None if cutoff is None else _time(cutoff),
    )


def _entry(info: ocsp.RevokedInfo) -> RevocationEntry:
    reason = info["revocation_reason"].native
    return RevocationEntry(
        _time(info["revocation_time"]), None if reason is None else x509.ReasonFlags[reason]
    )


def _time(value: core.GeneralizedTime) -> datetime:
    time = value.native
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise ValueError("no time")
    return time
