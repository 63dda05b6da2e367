"""Time-stamps (RFC 3161, RFC 5816): asked of a service, read, and verified.

The request is rfc3161-client's. Its reading of answers panics at what is malformed, and a stranger's document
carries any token it likes; so tokens are read with asn1crypto and their signature verified here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from translationstring import TranslationString, TranslationStringFactory

from ..crypto.algorithms import CURVES
from ..crypto.signers import MINIMAL_RSA_BITS
from ..errors import SigningError
from ..policy import Revocation
from ..trust.certificates import UNREADABLE, read_certificate
from ..trust.store import TrustStore, TrustVerdict
from ..xmldsig.report import Status, SubIndication

_ = TranslationStringFactory("egovdocs")

MAX_BYTES: Final = 65_536
"""No request is nearly as long, and no token with its authority's certificates."""

IMPRINTS: Final[dict[str, Callable[..., Any]]] = {
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
# RFC 3161, 4: what an authority stamped before it was revoked for one of these reasons stays valid.
_HARMLESS = (
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.affiliation_changed,
    x509.ReasonFlags.superseded,
    x509.ReasonFlags.cessation_of_operation,
)
_CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
_REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
_MALFORMED = (
    *UNREADABLE,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class TimestampResponse(core.Sequence):
    """TimeStampResp (RFC 3161, 2.4.2); asn1crypto's own wants a token in a refusal too."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class TimestampError(SigningError):
    """There is no time-stamp, or it proves nothing (RFC 3161, 2.2)."""


class TimestampUnavailable(TimestampError):  # noqa: N818 - reads as what it is
    """The service did not answer, or not as the protocol says; it may do so later."""


class TimestampRefused(TimestampError):  # noqa: N818
    """The service answered that it gives no time-stamp (PKIStatus, RFC 3161, 2.4.2)."""


class BadTimestamp(TimestampError):  # noqa: N818
    """The token is malformed, is not over the octets in question, or its signature is wrong."""

    status: Status = "failed"


class UntrustedTimestamp(BadTimestamp):
    """The token is sound, but its authority is not trusted, or not known not to be revoked."""

    status: Status = "unknown"


@dataclass(frozen=True)
class TimestampToken:
    """A token (RFC 3161, 2.4.2) whose signature its certificate's key made. Whether to believe that key is
    another question.

    :ivar der: the CMS ContentInfo.
    :ivar time: when the authority says it saw the digest (genTime).
    :ivar imprint: the digest, by the algorithm named in ``digest`` (sha256, sha384, sha512).
    :ivar chain: the other certificates in the token.
    :ivar revocation: the revocation lists and OCSP responses in it, DER, not looked at.
    """

    der: bytes
    time: datetime
    digest: str
    imprint: bytes
    policy: str
    serial_number: int
    nonce: int | None
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    revocation: tuple[bytes, ...] = ()

    def is_over(self, octets: bytes) -> bool:
        """Whether these octets are what was time-stamped."""
        return hmac.compare_digest(IMPRINTS[self.digest](octets).digest(), self.imprint)


class Timestamper(Protocol):
    """Whoever gives time-stamps (RFC 3161)."""

    def stamp(self, octets: bytes) -> TimestampToken:
        """:raises TimestampError: none is to be had."""


@dataclass(frozen=True)
class TimestampService:
    """A time-stamping authority at an address of our own configuration (RFC 3161, 3.4).

    :ivar policy: the policy a token must be under (dotted), when one is wanted.
    :ivar timeout: seconds to wait for a connection, and then between pieces of the answer.
    """

    url: str
    policy: str | None = None
    timeout: float = 10.0

    def stamp(self, octets: bytes) -> TimestampToken:
        """Ask for a time-stamp over octets, of which only the SHA-256 digest is sent.

        :raises TimestampUnavailable: no answer, or not in the protocol.
        :raises TimestampRefused: the service says no.
        :raises BadTimestamp: what it gave is not what was asked for.
        """
        request = TimestampRequestBuilder().data(octets).hash_algorithm(HashAlgorithm.SHA256).build()
        token = read_response(self._asked(request.as_bytes()))
        if token.nonce != request.nonce:
            raise BadTimestamp(_("The time-stamp answers another request than ours."))
        if self.policy is not None and token.policy != self.policy:
            raise BadTimestamp(
                _("The time-stamp is under the policy ${policy}.", mapping={"policy": token.policy})
            )
        if not token.is_over(octets):
            raise _of_something_else()
        return token

    def _asked(self, request: bytes) -> bytes:
        import requests  # slow to import, and who only validates asks nobody

        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with requests.post(
                self.url,
                data=request,
                headers=headers,
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
            ) as answer:
                # Read by hand, because a length in a header binds nobody.
                body = b""
                for piece in answer.iter_content(8192):
                    body += piece
                    if len(body) > MAX_BYTES:
                        raise TimestampUnavailable(_("The time-stamp service's answer is too long."))
                kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                status = answer.status_code
        except requests.RequestException as problem:
            raise TimestampUnavailable(
                _("The time-stamp service did not answer: ${problem}", mapping={"problem": str(problem)})
            ) from None
        if status != requests.codes.ok or kind != "application/timestamp-reply":
            raise TimestampUnavailable(
                _(
                    "The time-stamp service answered with status ${status} and no time-stamp.",
                    mapping={"status": str(status)},
                )
            )
        return body


def read_response(der: bytes) -> TimestampToken:
    """The token in a TimeStampResp (RFC 3161, 2.4.2).

    :raises TimestampUnavailable: it is no TimeStampResp.
    :raises TimestampRefused: it says no.
    :raises BadTimestamp: as :func:`read_token`.
    """
    try:
        response = TimestampResponse.load(der, strict=True)
        status = response["status"]["status"].native
        said = [*(response["status"]["status_string"].native or ())]
        said += sorted(response["status"]["fail_info"].native or ())
        token = response["time_stamp_token"].dump()
    except _MALFORMED:
        raise TimestampUnavailable(_("The time-stamp service's answer cannot be read.")) from None
    if status not in ("granted", "granted_with_mods"):
        reason = " ".join(map(str, (status, *said)))
        raise TimestampRefused(_("The time-stamp service refused: ${reason}", mapping={"reason": reason}))
    return read_token(token)


def read_token(der: bytes, *, certificates: Iterable[x509.Certificate] = ()) -> TimestampToken:
    """Read a TimeStampToken and verify its signature (RFC 3161, 2.4.2; RFC 5652, 5.4 and 5.6).

    :param certificates: where the authority's certificate may be when the token has none.
    :raises BadTimestamp: malformed, signed with an algorithm or a key too weak, by a certificate that is not
        for time-stamps alone (RFC 3161, 2.3) or not the one it names (RFC 5816, 2.2.1), or wrongly.
    """
    try:
        return _token(der, tuple(certificates))
    except _MALFORMED as problem:
        if isinstance(problem, TimestampError):
            raise
        raise BadTimestamp(_("The time-stamp cannot be read.")) from None


def verify_token(
    token: TimestampToken,
    octets: bytes,
    trust: TrustStore,
    *,
    chain: Iterable[x509.Certificate] = (),
    revocation: Revocation = Revocation.REQUIRE,
    by: datetime | None = None,
) -> TrustVerdict:
    """Does the token prove that the octets existed at its time?

    The authority's certificate is judged at that very time (EN 319 102-1, 5.4; RFC 3161, 4), and once more at
    the time by which the token is known to have existed: once the certificate has expired nobody says any
    more whether its key was stolen, and a key that was stolen may have said anything.

    :param by: now, or the time a later time-stamp over this one proves (EN 319 102-1, 5.6.2.1); left out for
        a token that was just made.
    :param chain: certificates that may lie between the authority and an anchor, beside the token's own.
    :returns: the verdict about the authority's certificate, which passed.
    :raises BadTimestamp: the token is over other octets.
    :raises UntrustedTimestamp: its authority is not to be believed.
    """
    if not token.is_over(octets):
        raise _of_something_else()
    verdict = trust.check_certificate(
        token.certificate, chain=(*token.chain, *chain), at=token.time, revocation=revocation
    )
    if not verdict.passed:
        assert verdict.sub_indication is not None
        raise UntrustedTimestamp(_REASONS.get(verdict.sub_indication, _NOT_IN_ORDER))
    if any(each.reason not in _HARMLESS for each in verdict.revocations if by is None or each.when <= by):
        raise UntrustedTimestamp(_REASONS[SubIndication.REVOKED])
    if by is not None and by > token.time:
        aged = trust.check_certificate(
            token.certificate, chain=verdict.chain, at=by, revocation=Revocation.NONE
        )
        if not aged.passed:
            raise UntrustedTimestamp(
                _(
                    "The time-stamp's authority has gone out of date since, and no later time-stamp vouches"
                    " for it."
                )
            )
    return verdict


def is_for_timestamps(certificate: x509.Certificate) -> bool:
    """Whether time-stamps are all this certificate is for (RFC 3161, 2.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, *UNREADABLE):
        return False
    return usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _token(der: bytes, given: tuple[x509.Certificate, ...]) -> TimestampToken:
    if len(der) > MAX_BYTES:
        raise ValueError("longer than a token would be")
    content = cms.ContentInfo.load(der, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("no SignedData")
    signed = content["content"]
    encapsulated = signed["encap_content_info"]
    if encapsulated["content_type"].native != "tst_info":
        raise ValueError("no TSTInfo")
    octets = bytes(encapsulated["content"])
    info = tsp.TSTInfo.load(octets, strict=True)
    (signer_info,) = signed["signer_infos"]
    carried = [
        read_certificate(choice.chosen.dump())
        for choice in signed["certificates"]
        if choice.name == "certificate"
    ]
    added = _added_certificates(signer_info)
    certificate = _signing_certificate(signer_info["sid"], [*carried, *added, *given])
    _check_signer_info(signer_info, octets, certificate)
    imprint = info["message_imprint"]
    digest = imprint["hash_algorithm"]["algorithm"].native
    _check_digest(digest)
    time = info["gen_time"].native
    if info["version"].native != "v1" or not isinstance(time, datetime) or time.tzinfo is None:
        raise ValueError("an unknown version, or no time")
    return TimestampToken(
        der=der,
        time=time,
        digest=digest,
        imprint=imprint["hashed_message"].native,
        policy=info["policy"].native,
        serial_number=info["serial_number"].native,
        nonce=info["nonce"].native,
        certificate=certificate,
        chain=tuple(each for each in (*carried, *added) if each != certificate),
        revocation=tuple(_revocation(signed, signer_info)),
    )


class _Several(core.SequenceOf):
    _child_spec = core.Any


class _RevocationValues(core.Sequence):
    """RevocationValues (RFC 5126, 6.3.4): lists, responses, and others."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("lists", _Several, {"explicit": 0, "optional": True}),
        ("responses", _Several, {"explicit": 1, "optional": True}),
        ("others", core.Any, {"explicit": 2, "optional": True}),
    ]


class _CertificateValues(core.SequenceOf):
    """CertificateValues (RFC 5126, 6.3.3)."""

    _child_spec = asn1_x509.Certificate


def _added_certificates(signer_info: cms.SignerInfo) -> list[x509.Certificate]:
    return [
        read_certificate(each.dump())
        for value in _unsigned(signer_info, _CERTIFICATE_VALUES)
        for each in value.parse(_CertificateValues)
    ]


def _revocation(signed: cms.SignedData, signer_info: cms.SignerInfo) -> Iterator[bytes]:
    """What stands beside the signature (RFC 5652, 10.2.1, RFC 5940), or was added to it."""
    for choice in signed["crls"]:
        yield (choice.chosen["other_rev_info"] if choice.name == "other" else choice.chosen).dump()
    for value in _unsigned(signer_info, _REVOCATION_VALUES):
        values = value.parse(_RevocationValues)
        for each in (*values["lists"], *values["responses"]):
            yield each.dump()


def _unsigned(signer_info: cms.SignerInfo, kind: str) -> Iterator[Any]:
    for attribute in signer_info["unsigned_attrs"]:
        if attribute["type"].dotted == kind:
            yield from attribute["values"]


def _signing_certificate(
    sid: cms.SignerIdentifier, certificates: Iterable[x509.Certificate]
) -> x509.Certificate:
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


def _key_identifier(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


def _check_signer_info(signer_info: cms.SignerInfo, octets: bytes, certificate: x509.Certificate) -> None:
    if not is_for_timestamps(certificate):
        raise BadTimestamp(_("The time-stamp was made with a certificate that is not for time-stamps."))
    attributes = signer_info["signed_attrs"]
    # What is signed are the attributes as a SET, not under the tag they travel with (RFC 5652, 5.4); and as
    # they came, before asn1crypto parses them in place.
    signed = b"\x31" + attributes.dump()[1:]
    digest = signer_info["digest_algorithm"]["algorithm"].native
    _check_digest(digest)
    if _attribute(attributes, "content_type").native != "tst_info":
        raise ValueError("the attributes are about other content")
    if not hmac.compare_digest(
        _attribute(attributes, "message_digest").native, IMPRINTS[digest](octets).digest()
    ):
        raise BadTimestamp(_("The time-stamp was changed after it was made."))
    if not _names(attributes, certificate):
        raise BadTimestamp(_("The time-stamp names another certificate than its authority's."))
    if not _verifies(signer_info, digest, certificate, signed):
        raise BadTimestamp(_("The time-stamp was not made with the key of its authority's certificate."))


def _check_digest(name: str) -> None:
    if name not in IMPRINTS:
        raise BadTimestamp(
            _(
                "The time-stamp uses an algorithm that is not allowed: ${algorithm}",
                mapping={"algorithm": name},
            )
        )


def _attribute(attributes: cms.CMSAttributes, kind: str) -> Any:
    (values,) = [each["values"] for each in attributes if each["type"].native == kind]
    (value,) = values
    return value


def _names(attributes: cms.CMSAttributes, certificate: x509.Certificate) -> bool:
    """The signed attribute that binds the certificate: ESSCertIDv2, or ESSCertID, whose SHA-1 has here only
    to resist a second preimage (RFC 3161, 2.4.2; RFC 5816, 2.2.1).
    """
    kinds = [each["type"].native for each in attributes]
    der = certificate.public_bytes(Encoding.DER)
    if "signing_certificate_v2" in kinds:
        named = _attribute(attributes, "signing_certificate_v2")["certs"][0]
        digest = named["hash_algorithm"]["algorithm"].native
        _check_digest(digest)
        expected = IMPRINTS[digest](der).digest()
    else:
        named = _attribute(attributes, "signing_certificate")["certs"][0]
        expected = hashlib.sha1(der, usedforsecurity=False).digest()
    return hmac.compare_digest(named["cert_hash"].native, expected)


def _verifies(signer_info: cms.SignerInfo, digest: str, certificate: x509.Certificate, signed: bytes) -> bool:
    algorithm, value = signer_info["signature_algorithm"], signer_info["signature"].native
    key, scheme = certificate.public_key(), algorithm.signature_algo
    # The bare rsaEncryption says nothing of the digest; the one of the content is then meant (RFC 3370, 3.2).
    bare = algorithm["algorithm"].native == "rsassa_pkcs1v15"
    name = digest if bare else algorithm.hash_algo
    _check_digest(name)
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
        raise ValueError("no scheme of RSA")
    parameters = algorithm["parameters"]
    mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
    _check_digest(mask)
    return padding.PSS(padding.MGF1(_HASHES[mask]), parameters["salt_length"].native)


def _of_something_else() -> BadTimestamp:
    return BadTimestamp(_("The time-stamp is of something else."))


_NOT_IN_ORDER: TranslationString = _("The certificate of the time-stamp's authority is not in order.")
_REASONS = {
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: _("The time-stamp's authority is not a trusted one."),
    SubIndication.EXPIRED: _("The certificate of the time-stamp's authority had expired by then."),
    SubIndication.NOT_YET_VALID: _("The certificate of the time-stamp's authority was not yet valid then."),
    SubIndication.REVOKED: _("The certificate of the time-stamp's authority was revoked."),
    SubIndication.TRY_LATER: _(
        "There is no fresh revocation list for the time-stamp's authority; try again with a newer one."
    ),
}
