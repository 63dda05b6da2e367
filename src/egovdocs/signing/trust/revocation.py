"""What revocation lists and OCSP responses say of a certificate, and whether they may say it (RFC 5280, 5 and
6.3; RFC 6960).

By hand, and not by pyhanko-certvalidator: docs/decisions/0009 tells why. Whatever is read here is read whole
and at once, so that it never changes afterwards and many threads may share it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any, Final

from asn1crypto import algos, core, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import MD5, SHA1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from .certificates import UNREADABLE, folded, has_strong_key, is_authority, issued_by, key_usage, same_name

REASONS: Final = frozenset(x509.ReasonFlags) - {
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.remove_from_crl,
}
"""Those for which a list may be kept apart (ReasonFlags, RFC 5280, 4.2.1.13)."""

_WITHOUT_END: Final = timedelta(minutes=30)
"""How long to believe what does not say until when it holds: newer is to be had all the time (RFC 6960,
4.2.2.1), and asking takes a while.
"""
_EXPIRED_CERTIFICATES_ON_CRL: Final = ObjectIdentifier("2.5.29.60")
_OCSP_NO_CHECK: Final = x509.OCSPNoCheck.oid
_DIGESTS: Final = ("sha1", "sha256", "sha384", "sha512")
_WEAK: Final = (MD5, SHA1)
_UNDERSTOOD: Final = (
    x509.IssuingDistributionPoint,
    x509.DeltaCRLIndicator,
    x509.CRLNumber,
    x509.AuthorityKeyIdentifier,
    x509.FreshestCRL,
)
_UNDERSTOOD_OF_ENTRIES: Final = (x509.CRLReason, x509.InvalidityDate, x509.CertificateIssuer)
_CRITICAL: Final = b"\x01\x01\xff\x04"
"""How an extension goes on that is critical, in DER."""
_RESPONSE_EXTENSIONS: Final = frozenset({"nonce", "extended_revoke"})
_ANSWER_EXTENSIONS: Final = frozenset({"archive_cutoff", "crl"})
_MOST_CERTIFICATES: Final = 8
_NOT_OCSP: Final = (*UNREADABLE, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
_NOT_VERIFIED: Final = (InvalidSignature, AssertionError, NotImplementedError, *_NOT_OCSP)

Vouch = Callable[[x509.Certificate, datetime], bool]
"""Whether a certificate that others issued is in order at a time, its own revocation known."""


class State(Enum):
    GOOD = "good"
    REVOKED = "revoked"
    ON_HOLD = "on hold"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Revoked:
    """An entry about a certificate. The invalidity date (RFC 5280, 5.3.2) is the authority's surmise about
    the key, and not looked at: what counts is when it revoked.
    """

    when: datetime
    reason: x509.ReasonFlags | None

    @property
    def for_good(self) -> bool:
        return self.reason not in (x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl)


@dataclass(frozen=True)
class Standing:
    """How a certificate stands at a moment.

    :ivar since: from when it was revoked or on hold.
    :ivar lists: those that say it is good, in DER; ``responses``, likewise.
    """

    state: State
    since: datetime | None = None
    lists: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Statement:
    """What somebody who may say so said of one certificate.

    :ivar reasons: those for which it would say that the certificate is revoked.
    :ivar kind: a newer statement of the same kind takes this one's place.
    """

    kind: object
    made: datetime
    until: datetime
    reasons: frozenset[x509.ReasonFlags]
    revoked: Revoked | None
    lists: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()


def standing(statements: Iterable[Statement], moment: datetime, believed: datetime | None) -> Standing:
    """Weigh what was said. Revoked by anybody is revoked; a hold lasts until the same one says otherwise.

    What was said after the moment counts too: who was not revoked then, was not before (EN 319 102-1, 5.6.2).

    :param believed: until when the issuer was one to be believed; None when it still is.
    """
    said = list(statements)
    revoked = [each for each in entries(said) if each.when <= moment]
    for_good = [each.when for each in revoked if each.for_good]
    if for_good:
        return Standing(State.REVOKED, min(for_good))
    if revoked:
        return Standing(State.ON_HOLD, min(each.when for each in revoked))
    usable = [
        each
        for each in sorted(said, key=lambda each: each.made, reverse=True)
        if moment <= each.until
        and not (each.revoked and each.revoked.when <= moment)
        and not (believed and each.made >= believed)
    ]
    whole = [each for each in usable if each.reasons == REASONS][:1]
    proving = whole or usable
    if frozenset().union(*(each.reasons for each in proving)) != REASONS:
        return Standing(State.UNKNOWN)
    return Standing(
        State.GOOD,
        lists=tuple(dict.fromkeys(der for each in proving for der in each.lists)),
        responses=tuple(dict.fromkeys(der for each in proving for der in each.responses)),
    )


def entries(said: Iterable[Statement]) -> tuple[Revoked, ...]:
    """The entries that stand, each once: without the holds that were lifted."""
    by_time = sorted(said, key=lambda each: each.made)
    newest = {each.kind: each for each in by_time}
    return tuple(
        dict.fromkeys(
            each.revoked
            for each in by_time
            if each.revoked and (each.revoked.for_good or newest[each.kind] is each)
        )
    )


@dataclass(frozen=True)
class Knowledge:
    """Lists and responses, and how to find what they say."""

    lists: tuple[RevocationList, ...]
    responses: tuple[OcspResponse, ...]

    def statements(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate | None,
        others: Iterable[x509.Certificate],
        vouch: Vouch,
        moment: datetime,
    ) -> Iterator[Statement]:
        """What those who may speak of the certificate say.

        :param issuer: whose key made it. Without one every list in its issuer's name is taken for its
            issuer's.
        :param others: certificates among which the signer of a list or a response may be, when it is not the
            issuer and not in the response.
        """
        others = tuple(others)
        speaking: dict[object, list[RevocationList]] = {}
        for each in self._about(certificate):
            authority = _authority(each, certificate, issuer, others, vouch, moment)
            if authority or issuer is None:
                speaking.setdefault((authority, each.kind), []).append(each)
        for lists in speaking.values():
            yield from _said_by_lists(lists, certificate)
        if issuer is not None:
            for response in self.responses:
                yield from response.statements(certificate, issuer, others, vouch, moment)

    def _about(self, certificate: x509.Certificate) -> Iterator[RevocationList]:
        found = (*self._by_issuer.get(folded(certificate.issuer), ()), *self._indirect)
        return (each for each in found if each.concerns(certificate))

    @cached_property
    def _by_issuer(self) -> dict[object, list[RevocationList]]:
        # A store may hold lists of hundreds of authorities.
        found: dict[object, list[RevocationList]] = {}
        for each in self.lists:
            if not each.is_indirect:
                found.setdefault(folded(each.crl.issuer), []).append(each)
        return found

    @cached_property
    def _indirect(self) -> tuple[RevocationList, ...]:
        return tuple(each for each in self.lists if each.is_indirect)

    def may_be_by(self, certificate: x509.Certificate) -> bool:
        """Whether one of them says that this certificate's holder signed it."""
        try:
            return not self._signers.isdisjoint(_names(certificate))
        except UNREADABLE:
            return False

    @cached_property
    def _signers(self) -> frozenset[object]:
        lists = (folded(each.crl.issuer) for each in self.lists)
        return frozenset(lists).union(each.responder for each in self.responses)

    @cached_property
    def moments(self) -> frozenset[datetime]:
        """When something in them begins or ends."""
        delegates = [each for response in self.responses for each in response.certificates]
        moments = {moment for each in self.lists for moment in (each.made, each.until)}
        for response in self.responses:
            moments.add(response.produced)
            moments.update(moment for each in response.answers for moment in (each.made, each.until))
        return frozenset(moments.union(*map(self.moments_of, delegates)))

    def moments_of(self, certificate: x509.Certificate) -> frozenset[datetime]:
        """The certificate's dates, and when it was revoked, whoever says so."""
        moments = {certificate.not_valid_before_utc, certificate.not_valid_after_utc}
        about: list[RevocationList] = []
        with suppress(*UNREADABLE):
            about += self._about(certificate)
        for each in about:
            with suppress(*UNREADABLE):
                entry = each.entry(certificate)
                moments |= {entry.when} if entry else set()
        for response in self.responses:
            for answer in response.answers:
                if answer.serial_number == certificate.serial_number and answer.revoked:
                    moments.add(answer.revoked.when)
        return frozenset(moments)


class RevocationList:
    """A certificate revocation list, complete or a delta (RFC 5280, 5)."""

    @classmethod
    def load(cls, der: bytes) -> RevocationList:
        """:raises Exception: one of ``UNREADABLE``: it is none in DER, or has an extension that is none."""
        return cls(x509.load_der_x509_crl(der))

    def __init__(self, crl: x509.CertificateRevocationList) -> None:
        self.crl = crl
        self.der = crl.public_bytes(Encoding.DER)
        self.made = crl.last_update_utc
        self.until = crl.next_update_utc or self.made + _WITHOUT_END
        extensions = {type(each.value): each for each in crl.extensions}
        values: dict[type, Any] = {kind: each.value for kind, each in extensions.items()}
        number = values.get(x509.CRLNumber)
        base = values.get(x509.DeltaCRLIndicator)
        self.number: int | None = number.crl_number if number else None
        self.base: int | None = base.crl_number if base else None
        self.scope: x509.IssuingDistributionPoint | None = values.get(x509.IssuingDistributionPoint)
        self._critical = [each for each in crl.extensions if each.critical]
        self.understood = all(isinstance(each.value, _UNDERSTOOD) for each in self._critical)
        key = values.get(x509.AuthorityKeyIdentifier)
        # What a delta and the list it is added to have in common: RFC 5280, 5.2.4.
        self.kind: object = (
            crl.issuer,
            self.scope and self.scope.public_bytes(),
            key and key.key_identifier,
        )
        self.keeps_expired_since = _expired_since(crl)
        self._signed_by: dict[x509.Certificate, bool] = {}

    @property
    def is_indirect(self) -> bool:
        return self.scope is not None and self.scope.indirect_crl

    def concerns(self, certificate: x509.Certificate) -> bool:
        """Whether it may have an entry about the certificate, going by names."""
        return self.understood and (
            same_name(self.crl.issuer, certificate.issuer) or self._is_named_by(certificate)
        )

    def _is_named_by(self, certificate: x509.Certificate) -> bool:
        """The certificate names the list's signer as the one who speaks for its issuer (RFC 5280, 6.3.3 (b)
        (1)).
        """
        return self.is_indirect and any(
            isinstance(name, x509.DirectoryName) and same_name(name.value, self.crl.issuer)
            for point in _points(certificate)
            for name in point.crl_issuer or ()
        )

    def reasons(self, certificate: x509.Certificate) -> frozenset[x509.ReasonFlags]:
        """For which reasons it would name the certificate; none when it is not in its scope (RFC 5280, 6.3.3
        (b) (2) and (d)).
        """
        scope = self.scope
        if scope is None:
            return REASONS
        authority = is_authority(certificate)
        if (
            scope.only_contains_attribute_certs
            or (scope.only_contains_user_certs and authority)
            or (scope.only_contains_ca_certs and not authority)
            or not self._is_for_a_point_of(certificate)
        ):
            return frozenset()
        return REASONS if scope.only_some_reasons is None else REASONS & scope.only_some_reasons

    def _is_for_a_point_of(self, certificate: x509.Certificate) -> bool:
        scope = self.scope
        assert scope is not None
        if scope.full_name is None and scope.relative_name is None:
            return True
        own = _point_names(scope.full_name, scope.relative_name, self.crl.issuer)
        named = {_comparable(x509.DirectoryName(certificate.issuer))}
        for point in _points(certificate):
            issuers = [name.value for name in point.crl_issuer or () if isinstance(name, x509.DirectoryName)]
            base = issuers[0] if issuers else certificate.issuer
            named |= _point_names(point.full_name, point.relative_name, base)
            if point.full_name is None and point.relative_name is None:
                named |= set(map(_comparable, point.crl_issuer or ()))
        return not own.isdisjoint(named)

    def entry(self, certificate: x509.Certificate) -> Revoked | None:
        """:raises Exception: one of ``UNREADABLE``: there is one, and it cannot be understood."""
        # cryptography looks for no negative number, which there should not be, and is.
        if self.is_indirect or certificate.serial_number < 0:
            found = self._by_issuer.get((folded(certificate.issuer), certificate.serial_number))
        else:
            found = self.crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        return None if found is None else read_entry(found)

    @cached_property
    def _by_issuer(self) -> dict[tuple[object, int], x509.RevokedCertificate]:
        """An entry is about the issuer that it, or the last one before it that names any, names (RFC 5280,
        5.3.3).
        """
        found: dict[tuple[object, int], x509.RevokedCertificate] = {}
        issuer = self.crl.issuer
        for entry in self.crl:
            for extension in entry.extensions:
                if isinstance(extension.value, x509.CertificateIssuer):
                    (issuer,) = extension.value.get_values_for_type(x509.DirectoryName)
            found.setdefault((folded(issuer), entry.serial_number), entry)
        return found

    def signed_by(self, issuer: x509.Certificate) -> bool:
        """Whether this authority's key signed it, a key for that, and strongly enough, and all of it is
        understood.
        """
        if issuer not in self._signed_by:
            self._signed_by[issuer] = self._verifies(issuer)
        return self._signed_by[issuer]

    def _verifies(self, issuer: x509.Certificate) -> bool:
        try:
            usage = key_usage(issuer)
            key: Any = issuer.public_key()
            return (
                (usage is None or usage.crl_sign)
                and has_strong_key(issuer)
                and not isinstance(self.crl.signature_hash_algorithm, _WEAK)
                and self.crl.is_signature_valid(key)
                and not self._has_strange_entries()
            )
        except UNREADABLE:
            return False

    def _has_strange_entries(self) -> bool:
        # Looking through all entries takes long, and hardly any list has a critical extension in one.
        return self.der.count(_CRITICAL) > len(self._critical) and any(map(_is_strange, self.crl))


@dataclass(frozen=True, slots=True)
class OcspAnswer:
    """A SingleResponse (RFC 6960, 4.2.1)."""

    digest: str
    issuer_name: bytes
    issuer_key: bytes
    serial_number: int
    is_known: bool
    revoked: Revoked | None
    made: datetime
    until: datetime
    archived_since: datetime | None

    def is_about(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        if self.serial_number != certificate.serial_number or self.digest not in _DIGESTS:
            return False
        names = (certificate.issuer.public_bytes(), issuer.subject.public_bytes())
        return self.issuer_key == _digest(self.digest, _key_bits(issuer)) and self.issuer_name in [
            _digest(self.digest, name) for name in names
        ]


@dataclass(frozen=True)
class OcspResponse:
    """A response with answers in it (OCSPResponse, RFC 6960, 4.2).

    :ivar produced: when it was signed.
    :ivar responder: the name of who did, or the SHA-1 of the key.
    :ivar nonce: the question's, an OCTET STRING (RFC 8954).
    """

    der: bytes
    produced: datetime
    responder: object
    certificates: tuple[x509.Certificate, ...]
    answers: tuple[OcspAnswer, ...]
    nonce: bytes | None
    _signed: bytes = field(repr=False)
    _signature: bytes = field(repr=False)
    _algorithm: bytes = field(repr=False)

    @classmethod
    def load(cls, der: bytes) -> OcspResponse:
        """Read an OCSPResponse, or the BasicOCSPResponse that CMS carries, in DER.

        :raises ValueError: it is neither, or an error, or holds a critical extension unknown to us (RFC 6960,
            4.4).
        """
        try:
            return _read_response(der)
        except _NOT_OCSP as problem:
            raise ValueError(f"no OCSP response: {problem}") from None

    def statements(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        others: Iterable[x509.Certificate],
        vouch: Vouch,
        moment: datetime,
    ) -> Iterator[Statement]:
        """The answers about the certificate, when they are by one who may give them (RFC 6960, 3.2 and
        4.2.2.2).
        """
        answers = [each for each in self.answers if each.is_known and each.is_about(certificate, issuer)]
        at = max(moment, self.produced)
        if not answers or not self.is_authorised(issuer, others, lambda each: vouch(each, at)):
            return
        for answer in answers:
            expired = answer.made > certificate.not_valid_after_utc
            archived = answer.archived_since and answer.archived_since <= certificate.not_valid_after_utc
            # Of an expired certificate "good" says no more than that it is not known.
            if answer.revoked or not expired or archived:
                yield Statement(
                    "OCSP", answer.made, answer.until, REASONS, answer.revoked, responses=(self.der,)
                )

    def is_authorised(
        self,
        issuer: x509.Certificate,
        others: Iterable[x509.Certificate] = (),
        vouch: Callable[[x509.Certificate], bool] = lambda _certificate: True,
    ) -> bool:
        """Whether the issuer itself signed it, or one whom it, and nobody else, made its responder."""
        named = [each for each in (issuer, *self.certificates, *others) if self.responder in _names(each)]
        return any(
            each == issuer or (issued_by(each, issuer) and vouch(each))
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
        except _NOT_VERIFIED:
            return False
        return True


_STRENGTH = DisallowWeakAlgorithmsPolicy()  # type: ignore[no-untyped-call]
_VERIFIER = DefaultSignatureValidator()


def needs_no_check(responder: x509.Certificate) -> bool:
    """The authority answers for a responder's key for as long as it is valid (RFC 6960, 4.2.2.2.1)."""
    return _is_responder(responder) and any(each.oid == _OCSP_NO_CHECK for each in responder.extensions)


def _names(certificate: x509.Certificate) -> tuple[object, object]:
    """By which a response may name its signer: the name, or the SHA-1 of the key (RFC 6960, 4.2.1)."""
    return folded(certificate.subject), _digest("sha1", _key_bits(certificate))


def _is_responder(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        keys = key_usage(certificate)
    except (x509.ExtensionNotFound, *UNREADABLE):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage and (
        keys is None or keys.digital_signature or keys.content_commitment
    )


def _authority(
    crl: RevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate | None,
    others: Iterable[x509.Certificate],
    vouch: Vouch,
    moment: datetime,
) -> x509.Certificate | None:
    """Who signed the list: the issuer, or its namesake with another key, or the one whom the certificate
    names (RFC 5280, 6.3.3 (f)). The others must be in order, and under the same anchor.
    """
    if issuer is None:
        return None
    if same_name(crl.crl.issuer, issuer.subject) and crl.signed_by(issuer):
        return issuer
    for other in others:
        usage = key_usage(other)
        if (
            other not in (issuer, certificate)
            and same_name(crl.crl.issuer, other.subject)
            and usage is not None
            and usage.crl_sign
            and crl.signed_by(other)
            and vouch(other, moment)
        ):
            return other
    return None


def _said_by_lists(lists: Sequence[RevocationList], certificate: x509.Certificate) -> Iterator[Statement]:
    """:param lists: of one kind, by one authority."""
    kind = lists[0].kind
    known = []
    for each in lists:
        try:
            known.append((each, each.reasons(certificate), each.entry(certificate)))
        except UNREADABLE:
            continue
    deltas = [said for said in known if said[0].base is not None]
    for crl, reasons, entry in known:
        if crl.base is not None:
            # Whatever it would have to be added to, what it says of the certificate it says.
            if entry and entry.reason is not x509.ReasonFlags.remove_from_crl:
                yield Statement(kind, crl.made, crl.until, frozenset(), entry, (crl.der,))
            continue
        if entry or (reasons and _would_name(crl, certificate)):
            yield Statement(kind, crl.made, crl.until, reasons, entry, (crl.der,))
        for delta, _reasons, change in deltas:
            if continues(delta, crl) and (change or entry or (reasons and _would_name(delta, certificate))):
                lifted = change is not None and change.reason is x509.ReasonFlags.remove_from_crl
                stands = None if lifted else change or entry
                yield Statement(kind, delta.made, delta.until, reasons, stands, (crl.der, delta.der))


def continues(delta: RevocationList, crl: RevocationList) -> bool:
    """Whether together they are a complete list of the delta's time (RFC 5280, 5.2.4)."""
    if delta.base is None or delta.number is None or crl.number is None:
        return False
    return delta.base <= crl.number < delta.number


def _would_name(crl: RevocationList, certificate: x509.Certificate) -> bool:
    """A list from after the certificate expired need not name it any more (RFC 5280, 3.3), unless it says
    that it does (X.509, expiredCertsOnCRL).
    """
    end = certificate.not_valid_after_utc
    return crl.made <= end or (crl.keeps_expired_since is not None and crl.keeps_expired_since <= end)


def read_entry(entry: x509.RevokedCertificate) -> Revoked:
    """:raises Exception: one of ``UNREADABLE``: it cannot be read."""
    reasons = [each.value.reason for each in entry.extensions if isinstance(each.value, x509.CRLReason)]
    return Revoked(entry.revocation_date_utc, reasons[0] if reasons else None)


def _is_strange(entry: x509.RevokedCertificate) -> bool:
    """Whether it has a critical extension unknown to us, or none can be told: then the whole list says
    nothing (RFC 5280, 5.3).
    """
    try:
        return any(
            each.critical and not isinstance(each.value, _UNDERSTOOD_OF_ENTRIES) for each in entry.extensions
        )
    except UNREADABLE:
        return True


def _expired_since(crl: x509.CertificateRevocationList) -> datetime | None:
    for each in crl.extensions:
        if each.oid == _EXPIRED_CERTIFICATES_ON_CRL:
            time: datetime = core.GeneralizedTime.load(each.value.public_bytes(), strict=True).native
            return time
    return None


def _points(certificate: x509.Certificate) -> Iterable[x509.DistributionPoint]:
    try:
        return certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return ()


def _point_names(
    full: Iterable[x509.GeneralName] | None, relative: x509.RelativeDistinguishedName | None, base: x509.Name
) -> set[object]:
    if relative is not None:
        return {_comparable(x509.DirectoryName(x509.Name([*base.rdns, relative])))}
    return set(map(_comparable, full or ()))


def _comparable(name: x509.GeneralName) -> object:
    return folded(name.value) if isinstance(name, x509.DirectoryName) else name


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _asn1_key(certificate: x509.Certificate) -> Any:
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return asn1_x509.PublicKeyInfo.load(key)


@lru_cache(maxsize=512)
def _key_bits(certificate: x509.Certificate) -> bytes:
    """What KeyHash is the digest of: the key without its algorithm, tag and length (RFC 6960, 4.1.1)."""
    try:
        return bytes(_asn1_key(certificate)["public_key"])
    except (ValueError, UnsupportedAlgorithm):
        return b""


def _read_response(der: bytes) -> OcspResponse:
    basic = _basic(der)
    # As it came, before asn1crypto parses it in place.
    signed = basic["tbs_response_data"].dump()
    data = basic["tbs_response_data"]
    extensions = {each["extn_id"].native: each for each in data["response_extensions"]}
    if any(each["critical"].native for name, each in extensions.items() if name not in _RESPONSE_EXTENSIONS):
        raise ValueError("a critical extension that is not known here")
    responder = data["responder_id"]
    return OcspResponse(
        der=der,
        produced=_time(data["produced_at"]),
        responder=responder.native if responder.name == "by_key" else responder.chosen.hashable,
        certificates=tuple(
            certificate
            for each in list(basic["certs"])[:_MOST_CERTIFICATES]
            for certificate in _certificate(each.dump())
        ),
        answers=tuple(map(_answer, data["responses"])),
        nonce=bytes(extensions["nonce"]["extn_value"]) if "nonce" in extensions else None,
        _signed=signed,
        _signature=basic["signature"].native,
        _algorithm=basic["signature_algorithm"].dump(),
    )


def _certificate(der: bytes) -> list[x509.Certificate]:
    """One whose parts cannot be read signs nothing."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        return [certificate] if certificate.extensions and _names(certificate) else []
    except UNREADABLE:
        return []


def _basic(der: bytes) -> ocsp.BasicOCSPResponse:
    try:
        response = ocsp.OCSPResponse.load(der, strict=True)
        status = response["response_status"].native
    except (ValueError, TypeError):
        return ocsp.BasicOCSPResponse.load(der, strict=True)
    if status != "successful" or response["response_bytes"]["response_type"].native != "basic_ocsp_response":
        raise ValueError(f"it has no answer: {status}")
    return ocsp.BasicOCSPResponse.load(bytes(response["response_bytes"]["response"]), strict=True)


def _answer(answer: ocsp.SingleResponse) -> OcspAnswer:
    if answer.critical_extensions - _ANSWER_EXTENSIONS:
        raise ValueError("a critical extension that is not known here")
    about, status, end = answer["cert_id"], answer["cert_status"], answer["next_update"]
    made = _time(answer["this_update"])
    cutoff = answer.archive_cutoff_value
    return OcspAnswer(
        digest=about["hash_algorithm"]["algorithm"].native,
        issuer_name=about["issuer_name_hash"].native,
        issuer_key=about["issuer_key_hash"].native,
        serial_number=about["serial_number"].native,
        is_known=status.name != "unknown",
        revoked=_revocation(status.chosen) if status.name == "revoked" else None,
        made=made,
        until=_time(end) if end.native is not None else made + _WITHOUT_END,
        archived_since=None if cutoff is None else _time(cutoff),
    )


def _revocation(info: ocsp.RevokedInfo) -> Revoked:
    reason = info["revocation_reason"].native
    return Revoked(_time(info["revocation_time"]), None if reason is None else x509.ReasonFlags[reason])


def _time(value: core.GeneralizedTime) -> datetime:
    time = value.native
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise ValueError("no time")
    return time
