"""Time-stamp tokens, read and verified (RFC 3161; RFC 5816).

asn1crypto reads them, because rfc3161-client panics at malformed ones, and a third party's document can carry
any.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from translationstring import TranslationString, TranslationStringFactory

from ..errors import BadTimestamp, TimestampError, TimestampRefused, TimestampUnavailable, UntrustedTimestamp
from ..indications import SubIndication
from ..trust.certificates import ASN1_ERRORS, read_certificate
from ..trust.revocation import Revocation
from ..trust.store import TrustStore
from ..trust.verdict import TrustVerdict
from .token_signatures import DIGESTS, check_digest, check_signer_info, signing_certificate

_ = TranslationStringFactory("egovdocs")

MAX_MESSAGE_BYTES: Final = 65_536
"""The limit for requests, responses and tokens; one with its authority's certificates is far smaller."""

# RFC 3161, 4: time-stamps from before a revocation for one of these reasons stay valid.
_HARMLESS_REASONS = (
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.affiliation_changed,
    x509.ReasonFlags.superseded,
    x509.ReasonFlags.cessation_of_operation,
)
_CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
_REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
_NOT_IN_ORDER: TranslationString = _("The certificate of the time-stamp's authority is not in order.")
_TRUST_REASONS = {
    SubIndication.NO_CERTIFICATE_CHAIN_FOUND: _("The time-stamp's authority is not a trusted one."),
    SubIndication.EXPIRED: _("The certificate of the time-stamp's authority had expired by then."),
    SubIndication.NOT_YET_VALID: _("The certificate of the time-stamp's authority was not yet valid then."),
    SubIndication.REVOKED: _("The certificate of the time-stamp's authority was revoked."),
    SubIndication.TRY_LATER: _(
        "There is no fresh revocation list for the time-stamp's authority; try again with a newer one."
    ),
}


class TimestampResponse(core.Sequence):
    """TimeStampResp (RFC 3161, 2.4.2); asn1crypto's own requires a token in a refusal too."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class _SequenceOfAny(core.SequenceOf):
    _child_spec = core.Any


class _RevocationValues(core.Sequence):
    """RevocationValues (RFC 5126, 6.3.4)."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("lists", _SequenceOfAny, {"explicit": 0, "optional": True}),
        ("responses", _SequenceOfAny, {"explicit": 1, "optional": True}),
        ("others", core.Any, {"explicit": 2, "optional": True}),
    ]


class _CertificateValues(core.SequenceOf):
    """CertificateValues (RFC 5126, 6.3.3)."""

    _child_spec = asn1_x509.Certificate


@dataclass(frozen=True)
class TimestampToken:
    """A token (RFC 3161, 2.4.2) whose signature was verified with its certificate's key. Whether that
    certificate is trusted is checked by :func:`verify_token`.

    :ivar der: the CMS ContentInfo.
    :ivar time: when the authority received the digest (genTime).
    :ivar imprint: the digest, by the algorithm named in ``digest`` (sha256, sha384, sha512).
    :ivar policy: the authority's policy (dotted).
    :ivar chain: the other certificates in the token.
    :ivar revocation: the revocation lists and OCSP responses in it (DER), not verified.
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

    def covers(self, data: bytes) -> bool:
        """Return whether the data are what was time-stamped."""
        return hmac.compare_digest(DIGESTS[self.digest](data).digest(), self.imprint)


def read_response(der: bytes) -> TimestampToken:
    """Read the token in a TimeStampResp (RFC 3161, 2.4.2).

    :raises TimestampUnavailable: it is no TimeStampResp.
    :raises TimestampRefused: it is a refusal.
    :raises BadTimestamp: as :func:`read_token`.
    """
    try:
        response = TimestampResponse.load(der, strict=True)
        status = response["status"]["status"].native
        details = [*(response["status"]["status_string"].native or ())]
        details += sorted(response["status"]["fail_info"].native or ())
        token = response["time_stamp_token"].dump()
    except ASN1_ERRORS:
        raise TimestampUnavailable(_("The time-stamp service's answer cannot be read.")) from None
    if status not in ("granted", "granted_with_mods"):
        reason = " ".join(map(str, (status, *details)))
        raise TimestampRefused(_("The time-stamp service refused: ${reason}", mapping={"reason": reason}))
    return read_token(token)


def read_token(der: bytes, *, certificates: Iterable[x509.Certificate] = ()) -> TimestampToken:
    """Read a TimeStampToken and verify its signature (RFC 3161, 2.4.2; RFC 5652, 5.4 and 5.6).

    :param certificates: where the authority's certificate may be when the token has none.
    :raises BadTimestamp: malformed; wrongly signed, or with a weak algorithm or key; or by a certificate that
        is not for time-stamps only (RFC 3161, 2.3) or not the one that the token names (RFC 5816, 2.2.1).
    """
    try:
        return _read_token(der, tuple(certificates))
    except ASN1_ERRORS as problem:
        if isinstance(problem, TimestampError):
            raise
        raise BadTimestamp(_("The time-stamp cannot be read.")) from None


def verify_token(
    token: TimestampToken,
    data: bytes,
    trust: TrustStore,
    *,
    chain: Iterable[x509.Certificate] = (),
    revocation: Revocation = Revocation.REQUIRE,
    existed_by: datetime | None = None,
) -> TrustVerdict:
    """Verify that the token proves that the data existed at its time.

    The authority's certificate is judged at that time (ETSI EN 319 102-1, 5.4; RFC 3161, 4), and again at the
    time by which the token is known to have existed: after a certificate expired nobody reports any more that
    its key was stolen, and a stolen key can sign any time.

    :param chain: certificates that may be between the authority and an anchor, beside the token's own.
    :param existed_by: now, or the time that a later time-stamp over this one proves (ETSI EN 319 102-1,
        5.6.2.1); None for a token that was just made.
    :returns: the verdict on the authority's certificate, which passed.
    :raises BadTimestamp: the token is over other data.
    :raises UntrustedTimestamp: its authority is not trusted.
    """
    if not token.covers(data):
        raise of_other_data()
    verdict = trust.check_certificate(
        token.certificate, chain=(*token.chain, *chain), at=token.time, revocation=revocation
    )
    if not verdict.passed:
        assert verdict.sub_indication is not None
        raise UntrustedTimestamp(_TRUST_REASONS.get(verdict.sub_indication, _NOT_IN_ORDER))
    if any(
        each.reason not in _HARMLESS_REASONS
        for each in verdict.entries
        if existed_by is None or each.when <= existed_by
    ):
        raise UntrustedTimestamp(_TRUST_REASONS[SubIndication.REVOKED])
    if existed_by is not None and existed_by > token.time:
        later = trust.check_certificate(
            token.certificate, chain=verdict.chain, at=existed_by, revocation=Revocation.NONE
        )
        if not later.passed:
            raise UntrustedTimestamp(
                _(
                    "The time-stamp's authority has gone out of date since, and no later time-stamp vouches"
                    " for it."
                )
            )
    return verdict


def of_other_data() -> BadTimestamp:
    return BadTimestamp(_("The time-stamp is of something else."))


def _read_token(der: bytes, given: tuple[x509.Certificate, ...]) -> TimestampToken:
    if len(der) > MAX_MESSAGE_BYTES:
        raise ValueError("too long")
    content = cms.ContentInfo.load(der, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("no SignedData")
    signed = content["content"]
    encapsulated = signed["encap_content_info"]
    if encapsulated["content_type"].native != "tst_info":
        raise ValueError("no TSTInfo")
    info_der = bytes(encapsulated["content"])
    info = tsp.TSTInfo.load(info_der, strict=True)
    (signer_info,) = signed["signer_infos"]
    carried = [
        read_certificate(choice.chosen.dump())
        for choice in signed["certificates"]
        if choice.name == "certificate"
    ]
    added = _added_certificates(signer_info)
    certificate = signing_certificate(signer_info["sid"], [*carried, *added, *given])
    check_signer_info(signer_info, info_der, certificate)
    imprint = info["message_imprint"]
    digest = imprint["hash_algorithm"]["algorithm"].native
    check_digest(digest)
    time = info["gen_time"].native
    if info["version"].native != "v1" or not isinstance(time, datetime) or time.tzinfo is None:
        raise ValueError("unknown version, or no time")
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


def _added_certificates(signer_info: cms.SignerInfo) -> list[x509.Certificate]:
    return [
        read_certificate(each.dump())
        for value in _unsigned_attributes(signer_info, _CERTIFICATE_VALUES)
        for each in value.parse(_CertificateValues)
    ]


def _revocation(signed: cms.SignedData, signer_info: cms.SignerInfo) -> Iterator[bytes]:
    """Yield the lists and responses beside the signature (RFC 5652, 10.2.1; RFC 5940), and those
    added to it.
    """
    for choice in signed["crls"]:
        yield (choice.chosen["other_rev_info"] if choice.name == "other" else choice.chosen).dump()
    for value in _unsigned_attributes(signer_info, _REVOCATION_VALUES):
        values = value.parse(_RevocationValues)
        for each in (*values["lists"], *values["responses"]):
            yield each.dump()


def _unsigned_attributes(signer_info: cms.SignerInfo, kind: str) -> Iterator[Any]:
    for attribute in signer_info["unsigned_attrs"]:
        if attribute["type"].dotted == kind:
            yield from attribute["values"]
