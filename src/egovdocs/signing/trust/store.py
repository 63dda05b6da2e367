"""Whom to believe, and what is known about revoked certificates.

Paths are built and validated by pyhanko-certvalidator (RFC 5280, 6.1), revocation by our own ``revocation``;
nothing is ever fetched: certificates, lists and responses come from the store's owner alone. Answers are
remembered: between two moments at which something begins or ends (a certificate's validity, a list's), the
answer about a certificate cannot change.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache, partial
from itertools import chain, pairwise, starmap
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko_certvalidator.authority import (
    AuthorityWithCert,
    CertTrustAnchor,
    TrustAnchor,
    TrustQualifiers,
    derive_quals_from_cert,
)
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy, PKIXValidationParams
from pyhanko_certvalidator.validate import async_validate_path
from translationstring import TranslationString, TranslationStringFactory

from ..policy import Revocation, moment_of
from ..xmldsig.report import Check, Indication, Status, SubIndication
from .certificates import (
    UNREADABLE,
    Role,
    has_strong_key,
    is_authority,
    issued_by,
    key_usage,
    read_certificate,
)
from .revocation import (
    Knowledge,
    OcspResponse,
    RevocationList,
    Revoked,
    Standing,
    State,
    entries,
    needs_no_check,
    standing,
)

_ = TranslationStringFactory("egovdocs")

log = logging.getLogger(__name__)

Chain = tuple[x509.Certificate, ...]
Source = Path | str | bytes | bytearray | memoryview
"""A file, or what stands in one."""
_ONE = (Path, str, bytes, bytearray, memoryview, x509.Certificate, x509.CertificateRevocationList)
_Result = TypeVar("_Result")

# It warns, with a traceback, of what a stranger's certificates are like; our verdicts say it.
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

_REMEMBERED = 10_000
_QUOTED = 16
_MOST_ABOVE = 5
# Responders may be vouched for by responders; among many, every order would be tried.
_MOST_ASKING = 3
# What pyhanko-certvalidator and asn1crypto raise at odd DER, beside what cryptography does.
_MALFORMED = (
    *UNREADABLE,
    InvalidSignature,
    AttributeError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RecursionError,
)
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----\r?\n?", re.DOTALL)
# What pyhanko-certvalidator says is wrong with a path, by a part of its sentence, and how we say it.
_NOT_IN_ORDER = {
    "is not a CA": _("A certificate of the chain was issued by one who is no certification authority."),
    "not allowed to sign certificates": _(
        "A certificate of the chain was issued with a key that is not for that (its key usage says so)."
    ),
    "maximum path length": _("The chain of certificates is longer than one of its authorities allows."),
    "namespace of the issuing authority": _(
        "A name in the chain of certificates is not one that its authority may certify."
    ),
    "no valid set of policies": _("The chain of certificates does not keep to a policy that it asks for."),
    "critical extension": _("A certificate of the chain has a critical extension that is not known here."),
}
_FOR_DOCUMENTS = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
        ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
        ExtendedKeyUsageOID.TIME_STAMPING.dotted_string,  # a time-stamp is a document, too
        "1.3.6.1.5.5.7.3.36",  # documentSigning, RFC 9336
        "1.3.6.1.4.1.311.10.3.12",
        "1.2.840.113583.1.1.5",
    }
)

_FOR_OTHERS = frozenset(
    each.dotted_string
    for each in (
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ExtendedKeyUsageOID.OCSP_SIGNING,
    )
)


class TrustError(ValueError):
    """A file given as a certificate or a list (RFC 5280), or as a response (RFC 6960), is none. ``message``
    says which.
    """

    def __init__(self, message: TranslationString) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message.interpolate())


@dataclass(frozen=True, slots=True)
class TrustVerdict:
    """What the store says of a certificate at a moment (ETSI EN 319 102-1, 5.2.6).

    :ivar chain: from the certificate to the anchor, as far as one was found.
    :ivar lists: the revocation lists that show that nothing in the chain was revoked, in DER.
    :ivar responses: the OCSP responses that do.
    :ivar speakers: the certificates of those who signed them, when it was not an authority of the chain.
    :ivar revocations: what is known of the certificate's revocation, whenever it is said to have been.
    """

    sub_indication: SubIndication | None
    checks: tuple[Check, ...]
    chain: Chain = ()
    lists: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()
    speakers: Chain = ()
    revocations: tuple[Revoked, ...] = ()

    @property
    def indication(self) -> Indication:
        return self.sub_indication.indication if self.sub_indication else Indication.TOTAL_PASSED

    @property
    def passed(self) -> bool:
        return self.sub_indication is None

    @property
    def status(self) -> Status:
        if self.passed:
            return "passed"
        return "failed" if self.indication is Indication.TOTAL_FAILED else "unknown"

    @property
    def reason(self) -> TranslationString:
        """The sentence that decided."""
        return self.checks[-1].reason


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a certificate stands among others, and what was answered about it.

    :ivar above: those that may lie between it and an anchor.
    :ivar signers: those that may have signed a list.
    :ivar moments: at which an answer may change.
    """

    above: Chain
    signers: Chain
    moments: list[datetime]
    answers: dict[tuple[Revocation, int, int], TrustVerdict] = field(default_factory=dict)


class TrustStore:
    """Anchors, certificates trusted as themselves, revocation lists and OCSP responses. Immutable; safe for
    many threads.

    An anchor that may issue certificates (basicConstraints CA) is a root of paths; any other certificate
    named here is trusted as itself, without a path (ETSI EN 319 102-1, 5.2.6.4, trust anchor as the signing
    certificate).
    """

    def __init__(
        self,
        anchors: Iterable[x509.Certificate],
        crls: Iterable[bytes | RevocationList] = (),
        ocsps: Iterable[bytes | OcspResponse] = (),
    ) -> None:
        """:param crls: in DER, as are ``ocsps``, or read already."""
        self.anchors: tuple[x509.Certificate, ...] = tuple(dict.fromkeys(anchors))
        self.knowledge = Knowledge(
            tuple({each.der: each for each in map(_list_of, crls)}.values()),
            tuple({each.der: each for each in map(_response_of, ocsps)}.values()),
        )
        self._places: dict[tuple[x509.Certificate, Chain], _Place] = {}
        self._lock = Lock()

    @classmethod
    def load(
        cls,
        anchors: Iterable[Source | x509.Certificate] | Source | x509.Certificate,
        crls: Iterable[Source | x509.CertificateRevocationList]
        | Source
        | x509.CertificateRevocationList = (),
        ocsps: Iterable[Source] | Source = (),
    ) -> TrustStore:
        """Read certificates and revocation lists, each PEM (several in a file too) or DER, and OCSP responses
        in DER.

        :param anchors: certificates, their bytes, or the files they stand in; one alone needs no list.
        :param crls: revocation lists, likewise.
        :param ocsps: OCSP responses, likewise.
        :raises TrustError: one of them is none.
        :raises OSError: a file cannot be read.
        """
        certificates: list[x509.Certificate] = []
        for anchor in _several(anchors):
            if isinstance(anchor, x509.Certificate):
                certificates.append(anchor)
            else:
                certificates += _certificates(*_source(anchor))
        lists = [der for source in _several(crls) for der in _revocation_lists(*_source(source))]
        responses = [der for source in _several(ocsps) for der in _responses(*_source(source))]
        return cls(certificates, lists, responses)

    @classmethod
    def from_folder(cls, folder: Path) -> TrustStore:
        """A store kept as files: ``anchors/*.pem``, ``crls/*.crl`` and ``ocsp/*.ocsp`` or ``ocsp/*.der``.

        One that can't be read is left out, and the log names it: it must not stop every check. Without it
        the store knows what it would if the file had not come yet.
        """
        certificates = _readable(_certificates, folder.glob("anchors/*.pem"))
        lists: list[bytes] = _readable(_revocation_lists, folder.glob("crls/*.crl"))
        responses: list[bytes] = _readable(_responses, folder.glob("ocsp/*.ocsp"))
        responses += _readable(_responses, folder.glob("ocsp/*.der"))
        return cls(certificates, lists, responses)

    @property
    def crls(self) -> tuple[x509.CertificateRevocationList, ...]:
        return tuple(each.crl for each in self.knowledge.lists)

    @property
    def ocsps(self) -> tuple[OcspResponse, ...]:
        return self.knowledge.responses

    @cached_property
    def trusted_as_themselves(self) -> tuple[x509.Certificate, ...]:
        """The certificates named in the store that issue no others."""
        return tuple(anchor for anchor in self.anchors if not _may_issue(anchor))

    def check_certificate(
        self,
        certificate: x509.Certificate,
        *,
        chain: Iterable[x509.Certificate] = (),
        at: datetime | None = None,
        revocation: Revocation = Revocation.REQUIRE,
    ) -> TrustVerdict:
        """May this certificate sign documents at that moment? (RFC 5280, 6; ETSI EN 319 102-1, 5.2.6.)

        :param chain: certificates that may lie between it and an anchor, in any order; they prove nothing by
            themselves.
        :param at: the moment to judge; now when left out.
        """
        moment = moment_of(at)
        try:
            return self._remembered(certificate, tuple(chain), moment, revocation)
        except _MALFORMED as problem:
            # A certificate is parsed piece by piece, when each is looked at.
            return _failed(
                SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                "chain",
                _("The certificate cannot be processed: ${problem}", mapping={"problem": str(problem)}),
            )

    def _remembered(
        self, certificate: x509.Certificate, given: Chain, moment: datetime, revocation: Revocation
    ) -> TrustVerdict:
        place = self._places.get((certificate, given)) or self._place(certificate, given)
        key = revocation, bisect_left(place.moments, moment), bisect_right(place.moments, moment)
        answer = place.answers.get(key)
        if answer is None:
            # asn1crypto parses what is shared here in place, so one thread at a time.
            with self._lock:
                answer = _Question(self, certificate, place.above, place.signers, moment, revocation).answer()
            # What no authority of ours has issued, anyone can make: it is not worth the memory.
            if answer.chain:
                if len(self._places) >= _REMEMBERED:
                    self._places.clear()
                self._places[certificate, given] = place
                place.answers[key] = answer
        return answer

    def _place(self, certificate: x509.Certificate, given: Chain) -> _Place:
        above = _above(certificate, given)
        signers = dict.fromkeys(each for each in (*given, *self.anchors) if self.knowledge.may_be_by(each))
        about = map(self.knowledge.moments_of, (certificate, *above, *signers))
        return _Place(above, tuple(signers), sorted(self._own_moments.union(*about)))

    @cached_property
    def _own_moments(self) -> frozenset[datetime]:
        return self.knowledge.moments.union(*map(self.knowledge.moments_of, self.anchors))

    @cached_property
    def roots(self) -> list[CertTrustAnchor]:
        return [_anchor(certificate) for certificate in self.anchors if _may_issue(certificate)]


@dataclass(frozen=True)
class _Question:
    """One certificate at one moment, asked of one store."""

    store: TrustStore
    certificate: x509.Certificate
    above: Chain
    signers: Chain
    moment: datetime
    revocation: Revocation
    vouched: dict[x509.Certificate, Standing] = field(default_factory=dict)

    def answer(self) -> TrustVerdict:
        if self.certificate in self.store.anchors:
            trusted = Check(
                "chain", "passed", _("The signer's certificate is itself one of the trusted ones.")
            )
            return self._judge_by_itself(replace(_passed(trusted), chain=(self.certificate,)))
        paths = self._paths()
        if not paths:
            return _failed(
                SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
                "chain",
                _("The signer's certificate was not issued by a trusted certification authority."),
            )
        verdicts = sorted(map(self._judge, paths), key=_weight)
        return verdicts[0]

    def _judge_by_itself(self, so_far: TrustVerdict) -> TrustVerdict:
        problem = self._dates() or _purpose(self.certificate)
        if problem is not None:
            return _and(so_far, problem)
        if self.revocation is not Revocation.NONE:
            said = list(
                self.store.knowledge.statements(
                    self.certificate, self._own_issuer(), (), lambda *_delegate: False, self.moment
                )
            )
            so_far = replace(so_far, revocations=entries(said))
            stands = standing(said, self.moment, None)
            if stands.state in (State.REVOKED, State.ON_HOLD):
                return _and(so_far, self._not_good(self.certificate, stands))
        return _and(so_far, _passed(self._in_date()))

    def _own_issuer(self) -> x509.Certificate | None:
        issuers = (each for each in self.store.anchors if issued_by(self.certificate, each))
        return next(issuers, None)

    def _judge(self, path: ValidationPath) -> TrustVerdict:
        certificates = _chain_of(path)
        so_far = replace(
            _passed(
                Check("chain", "passed", _("The certificate leads to a trusted certification authority."))
            ),
            chain=certificates,
        )
        problem = self._dates() or _purpose(self.certificate) or self._validated(path, self.moment)
        if problem is not None:
            return _and(so_far, problem)
        so_far = _and(so_far, _passed(self._in_date()))
        if self.revocation is Revocation.NONE:
            unseen = Check("revocation", "unknown", _("Revocation was not looked at, as the policy asks."))
            return _and(so_far, _passed(unseen))
        standings, revocations = self._standings(path.trust_anchor, certificates, self.moment)
        so_far = replace(so_far, revocations=revocations)
        for state in (State.REVOKED, State.ON_HOLD):
            for certificate, stands in zip(certificates, standings, strict=False):
                if stands.state is state:
                    return _and(so_far, self._not_good(certificate, stands))
        if all(stands.state is State.GOOD for stands in standings):
            proving = [*standings, *self.vouched.values()]
            so_far = replace(
                so_far,
                lists=tuple(dict.fromkeys(der for each in proving for der in each.lists)),
                responses=tuple(dict.fromkeys(der for each in proving for der in each.responses)),
                speakers=tuple(self.vouched),
            )
            known = Check("revocation", "passed", _("No certificate of the chain was revoked."))
            return _and(so_far, _passed(known))
        unknown = _failed(
            SubIndication.TRY_LATER,
            "revocation",
            _(
                "There is no fresh revocation list or OCSP response for the chain; "
                "try again with a newer one."
            ),
        )
        if self.revocation is Revocation.IF_PRESENT:
            return _and(so_far, _passed(replace(unknown.checks[-1], status="unknown")))
        return _and(so_far, unknown)

    def _standings(
        self, anchor: TrustAnchor, certificates: Chain, at: datetime, asking: Chain = ()
    ) -> tuple[list[Standing], tuple[Revoked, ...]]:
        """How each certificate below the anchor stands, and what was said of the lowest.

        From the top: what an authority says after it was revoked itself is not to be believed.
        """
        standings: list[Standing] = []
        revocations: tuple[Revoked, ...] = ()
        believed: datetime | None = None
        for place in reversed(range(len(certificates) - 1)):
            certificate, *issuers = certificates[place:]
            vouch = partial(self._vouched, anchor, tuple(issuers), (certificate, *asking))
            knowledge = self.store.knowledge
            said = list(knowledge.statements(certificate, issuers[0], self.signers, vouch, at))
            standings.insert(0, standing(said, at, believed))
            revocations = entries(said)
            ends = [each.when for each in revocations if each.for_good]
            believed = min([*ends, *([believed] if believed else [])], default=None)
        return standings, revocations

    def _vouched(
        self, anchor: TrustAnchor, issuers: Chain, asking: Chain, delegate: x509.Certificate, at: datetime
    ) -> bool:
        """Whether one who speaks of revocation for another is in order (RFC 5280, 6.3.3 (f); RFC 6960,
        4.2.2.2.1).

        :param issuers: above whom it speaks of, up to the anchor: one of them must have issued it.
        :param asking: who is being asked about: nobody answers for himself.
        """
        place = next((n for n, each in enumerate(issuers) if issued_by(delegate, each)), None)
        if place is None or delegate in asking or len(asking) > _MOST_ASKING:
            return False
        above = issuers[place:]
        path = ValidationPath(anchor, [_asn1(each) for each in reversed(above[:-1])], _asn1(delegate))
        if self._validated(path, at) is not None:
            return False
        stands = Standing(State.GOOD)
        if not needs_no_check(delegate):
            (stands, *_above_it), _said = self._standings(anchor, (delegate, *above), at, asking)
        if stands.state is not State.GOOD:
            return False
        self.vouched[delegate] = stands
        return True

    def _dates(self) -> TrustVerdict | None:
        start, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if self.moment < start:
            return _failed(
                SubIndication.NOT_YET_VALID,
                "validity",
                _("The signer's certificate is valid only from ${date}.", mapping={"date": start}),
            )
        if self.moment > end:
            return _failed(
                SubIndication.EXPIRED,
                "validity",
                _("The signer's certificate expired on ${date}.", mapping={"date": end}),
            )
        return None

    def _in_date(self) -> Check:
        return Check("validity", "passed", _("The signer's certificate was in date."))

    def _not_good(self, certificate: x509.Certificate, stands: Standing) -> TrustVerdict:
        since = {"date": stands.since}
        is_signer = certificate == self.certificate
        if stands.state is State.ON_HOLD:
            return _failed(
                SubIndication.TRY_LATER,
                "revocation",
                _("The signer's certificate is suspended since ${date}.", mapping=since)
                if is_signer
                else _("The certificate of an issuing authority is suspended since ${date}.", mapping=since),
            )
        if is_signer:
            return _failed(
                SubIndication.REVOKED,
                "revocation",
                _("The signer's certificate was revoked on ${date}.", mapping=since),
            )
        return _failed(
            SubIndication.REVOKED_CA_NO_POE,
            "revocation",
            _("The certificate of an issuing authority was revoked on ${date}.", mapping=since),
        )

    def _paths(self) -> list[ValidationPath]:
        try:
            paths: list[ValidationPath] = _finished(
                self._context(self.moment).path_builder.async_build_paths(_asn1(self.certificate))
            )
        except PathBuildingError:
            return []
        # The builder goes by names; a name can be borrowed, a signature cannot.
        return [path for path in paths if all(starmap(issued_by, pairwise(_chain_of(path))))]

    def _context(self, at: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=self.store.roots,
            other_certs=[_asn1(certificate) for certificate in self.above],
            moment=at,
            revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
            time_tolerance=timedelta(0),
        )

    def _validated(self, path: ValidationPath, at: datetime) -> TrustVerdict | None:
        """RFC 5280, 6.1, without revocation."""
        weak = _failed(
            SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
            "chain",
            _("A certificate of the chain is signed with an algorithm too weak to trust."),
        )
        if not all(map(has_strong_key, _chain_of(path)[1:])):
            return weak
        try:
            _finished(async_validate_path(self._context(at), path))
        except (ExpiredError, NotYetValidError):
            return _failed(
                SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                "chain",
                _("The certificate of an issuing authority was out of date."),
            )
        except DisallowedAlgorithmError:
            return weak
        except PathValidationError as problem:
            return _failed(
                SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                "chain",
                _not_in_order(str(problem)),
            )
        return None


def _not_in_order(problem: str) -> TranslationString:
    known = (ours for theirs, ours in _NOT_IN_ORDER.items() if theirs in problem)
    unknown = _("The chain of certificates is not in order: ${problem}", mapping={"problem": problem})
    return next(known, unknown)


def _passed(check: Check) -> TrustVerdict:
    return TrustVerdict(None, (check,))


def _failed(sub_indication: SubIndication, name: str, reason: TranslationString) -> TrustVerdict:
    return TrustVerdict(sub_indication, (Check(name, "failed", reason),))


def _and(first: TrustVerdict, then: TrustVerdict) -> TrustVerdict:
    return replace(first, sub_indication=then.sub_indication, checks=first.checks + then.checks)


_WEIGHTS: dict[SubIndication | None, int] = {SubIndication.REVOKED: 0, None: 1, SubIndication.TRY_LATER: 2}


def _weight(verdict: TrustVerdict) -> int:
    """Of several paths: that the signer's certificate was revoked stands, else the best counts."""
    return _WEIGHTS.get(verdict.sub_indication, len(_WEIGHTS))


def _purpose(certificate: x509.Certificate) -> TrustVerdict | None:
    """A key that signs documents: digitalSignature, or nonRepudiation alone (RFC 5280, 4.2.1.3; EN 319
    412-2, 4.3.2), and not kept to other purposes by extendedKeyUsage (RFC 5280, 4.2.1.12). Purposes that are
    not known here may be documents, unless the extension is critical.
    """
    usage = key_usage(certificate)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return _failed(
            SubIndication.CHAIN_CONSTRAINTS_FAILURE,
            "key-usage",
            _("The signer's certificate is not for signing documents (its key usage says so)."),
        )
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return None
    named = {each.dotted_string for each in purposes.value}
    kept_apart = purposes.critical or named <= _FOR_OTHERS
    if kept_apart and not named & (_FOR_DOCUMENTS | {role.value for role in Role}):
        return _failed(
            SubIndication.CHAIN_CONSTRAINTS_FAILURE,
            "key-usage",
            _("The signer's certificate is for other purposes than signing documents."),
        )
    return None


def _finished(coroutine: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine that has nothing to wait for, in this thread and without an event loop.

    pyhanko-certvalidator is asynchronous for the sake of fetching, and we never let it fetch; an event loop
    of our own could not be started where one runs already.
    """
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: _Result = done.value
        return result
    coroutine.close()
    raise RuntimeError("the path validation waited for something outside")


def _chain_of(path: ValidationPath) -> Chain:
    authority = path.trust_anchor.authority
    assert isinstance(authority, AuthorityWithCert)
    certificates = [authority.certificate, *path.iter_certs(include_root=False)]
    return tuple(x509.load_der_x509_certificate(each.dump()) for each in reversed(certificates))


@lru_cache(maxsize=512)
def _above(certificate: x509.Certificate, given: Chain) -> Chain:
    """Those of the certificates given that issued it, or issued those that did.

    A signature decides, not a name: among any number of certificates of one name, a path builder that goes by
    names would try every order of them. And only a few, since certificates can issue one another in a ring.
    """
    found: list[x509.Certificate] = []
    for lower in chain((certificate,), found):
        for each in given:
            new = each != lower and each not in found and len(found) < _MOST_ABOVE
            if new and issued_by(lower, each):
                found.append(each)
    return tuple(found)


def _may_issue(certificate: x509.Certificate) -> bool:
    """Version 1 certificates have no extensions; an old root may be one."""
    try:
        usage = key_usage(certificate)
        return (certificate.version is x509.Version.v1 or is_authority(certificate)) and (
            usage is None or usage.key_cert_sign
        )
    except UNREADABLE:
        return False


def _anchor(certificate: x509.Certificate) -> CertTrustAnchor:
    """What an anchor's certificate says of the paths below it is held to (RFC 5937, 3.2), but for its dates
    and policies: it is believed for as long as it is in the store.
    """
    parsed = _asn1(certificate)
    said = derive_quals_from_cert(parsed)
    names = said.standard_parameters and PKIXValidationParams(
        initial_permitted_subtrees=said.standard_parameters.initial_permitted_subtrees,
        initial_excluded_subtrees=said.standard_parameters.initial_excluded_subtrees,
    )
    longest = said.max_path_length
    return CertTrustAnchor(
        parsed,
        TrustQualifiers(standard_parameters=names, max_path_length=longest, max_aa_path_length=longest),
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _list_of(given: bytes | RevocationList) -> RevocationList:
    return RevocationList.load(given) if isinstance(given, bytes) else given


def _response_of(given: bytes | OcspResponse) -> OcspResponse:
    return OcspResponse.load(given) if isinstance(given, bytes) else given


def _several(given: Iterable[Any] | Any) -> Iterable[Any]:
    # Some of these can be gone through as well: a path's characters, a list's entries.
    return (given,) if isinstance(given, _ONE) else given


def _source(given: Source | x509.CertificateRevocationList) -> tuple[bytes, str]:
    if isinstance(given, x509.CertificateRevocationList):
        return given.public_bytes(Encoding.DER), ""
    if isinstance(given, str) and "-----BEGIN" in given:
        return given.encode(), f"{given[:_QUOTED]}…"
    if isinstance(given, str | Path):
        return Path(given).read_bytes(), str(given)
    if isinstance(given, bytes | bytearray | memoryview):
        return bytes(given), repr(bytes(given[:_QUOTED]))
    raise TypeError(f"expected a file, or what stands in one, not {given!r}")


def _readable(read: Callable[[bytes, str], list[_Result]], paths: Iterable[Path]) -> list[_Result]:
    found: list[_Result] = []
    for path in sorted(paths):
        try:
            found += read(*_source(path))
        except (TrustError, OSError) as problem:
            log.error("%s is left out of the trust store: %s", path, problem)
    return found


def _certificates(data: bytes, name: str) -> list[x509.Certificate]:
    try:
        ders = (
            [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(data)]
            if b"-----BEGIN" in data
            else [data]
        )
        return list(map(read_certificate, ders))
    except UNREADABLE:
        raise TrustError(_("This is no certificate in PEM or DER: ${name}", mapping={"name": name})) from None


def _revocation_lists(data: bytes, name: str) -> list[bytes]:
    try:
        if b"-----BEGIN" in data:
            blocks = [match.group() for match in _PEM.finditer(data) if match[1] == b"X509 CRL"]
            lists = [RevocationList(x509.load_pem_x509_crl(block)) for block in blocks]
        else:
            lists = [RevocationList.load(data)]
    except UNREADABLE:
        lists = []
    if not lists:
        raise TrustError(_("This is no revocation list in PEM or DER: ${name}", mapping={"name": name}))
    return [each.der for each in lists]


def _responses(data: bytes, name: str) -> list[bytes]:
    try:
        return [OcspResponse.load(data).der]
    except ValueError:
        raise TrustError(
            _("This is no OCSP response in DER with an answer in it: ${name}", mapping={"name": name})
        ) from None
