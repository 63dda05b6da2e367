"""Proof of existence: that a signature was there at a time, by its time-stamps (ETSI EN 319 102-1, 5.5 and
5.6.2), and what came with it to judge its certificates at that time.

A time-stamp stands in an unsigned property, where anyone may put a broken one. So it proves a time or it
does not, and a broken one does the signature no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from cryptography import x509
from lxml import etree
from translationstring import TranslationString, TranslationStringFactory

from ..crypto.algorithms import CANONICALIZATIONS, DS, EXCLUSIVE, XADES, XADES141
from ..policy import Revocation, ValidationPolicy
from ..timestamps.tokens import BadTimestamp, TimestampToken, read_token, verify_token
from ..trust.certificates import UNREADABLE, issued_by, read_certificate
from ..trust.revocation import OcspResponse, RevocationList
from ..trust.store import TrustStore
from ..xmldsig.c14n import canonical
from ..xmldsig.references import Verified
from ..xmldsig.report import Check, NotPassed, Status
from ..xmldsig.structure import Document, Signature, octets
from .imprints import archive_imprint, signature_imprint

if TYPE_CHECKING:
    from .augmentation import Evidence, Renewal

_ = TranslationStringFactory("egovdocs")
_log = logging.getLogger(__name__)
_Parsed = TypeVar("_Parsed")

_X, _X141, _DS = f"{{{XADES}}}", f"{{{XADES141}}}", f"{{{DS}}}"
_SIGNATURE_TIMESTAMP = f"{_X}SignatureTimeStamp"
_OLD_ARCHIVE_TIMESTAMP = f"{_X}ArchiveTimeStamp"  # TS 101 903 v1.3.2, 7.7
_ARCHIVE_TIMESTAMPS = (f"{_X141}ArchiveTimeStamp", _OLD_ARCHIVE_TIMESTAMP)
_TIMESTAMPS = (_SIGNATURE_TIMESTAMP, *_ARCHIVE_TIMESTAMPS)
_OF_USE = (
    *_TIMESTAMPS,
    f"{_X}CertificateValues",
    f"{_X}RevocationValues",
    f"{_X141}TimeStampValidationData",
    f"{_X141}AnyValidationData",
)
_INCLUDE = f"{_X}Include"
# Where certificates, lists and responses may stand: EN 319 132-1, 5.4.1, 5.4.2, 5.5.1 and 5.5.2 (validation
# data of time-stamps, and of anything).
_HOLDERS = ("", f"{_X141}TimeStampValidationData/", f"{_X141}AnyValidationData/")
_CERTIFICATES = f"{_X}CertificateValues/{_X}EncapsulatedX509Certificate"
_REVOCATION = (
    f"{_X}RevocationValues/{_X}CRLValues/{_X}EncapsulatedCRLValue",
    f"{_X}RevocationValues/{_X}OCSPValues/{_X}EncapsulatedOCSPValue",
)
_DEFAULT_CANONICALIZATION: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
# Bounds to what a stranger's document can cost.
_MOST_TIMESTAMPS: Final = 4
_MOST_ARCHIVE_TIMESTAMPS: Final = 16
_MOST_LISTS: Final = 64
_LONGEST_RESPONSE: Final = 65_536

_NOT_PROCESSED = _("The time-stamp could not be processed.")
_EXISTED = _("A trusted authority's time-stamp proves that the signature existed on ${time}.")
_ARCHIVED = _(
    "A trusted authority's archive time-stamp proves that the signature, with all that vouched for it,"
    " existed on ${time}."
)

Certificates = tuple[x509.Certificate, ...]
Reader = Callable[[], tuple[bytes, bytes]]
Stamp = tuple[TimestampToken, bytes]


@dataclass(frozen=True)
class _Carried:
    """What came along on revocation, in DER."""

    lists: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lists or self.responses)


@dataclass(frozen=True)
class Proof:
    """What the time-stamps of a signature proved.

    :ivar trust: the policy's store, and the lists and responses on revocation that came with the signature.
    :ivar chain: the certificates that came with it, beside the signer's.
    :ivar time: the earliest time proven; None when nothing was.
    :ivar complete: what came with the signature is, with the anchors, enough to judge the signer and the
        time-stamp: that makes level LT (EN 319 132-1, 6.3).
    :ivar archived: an archive time-stamp proves too: with ``complete``, level LTA.
    """

    trust: TrustStore
    chain: Certificates
    time: datetime | None = None
    checks: tuple[Check, ...] = ()
    complete: bool = False
    archived: bool = False


def prove(
    document: Document,
    signature: Signature,
    verified: Sequence[Verified],
    unsigned: etree._Element | None,
    certificate: x509.Certificate,
    chain: Certificates,
    policy: ValidationPolicy,
    moment: datetime,
    evidence: Evidence | None = None,
) -> Proof:
    """Prove a signature's time as far as its time-stamps, and that of the evidence, allow; never raises.

    :param verified: its references, whose digests hold.
    :param unsigned: its UnsignedSignatureProperties.
    :param certificate: the signer's; ``chain``: the others in the signature.
    :param moment: a time-stamp from after it counts for nothing.
    """
    if evidence is None and (unsigned is None or next(unsigned.iterchildren(*_OF_USE), None) is None):
        return Proof(policy.trust, chain)
    question = _Question(
        document, signature, verified, unsigned, certificate, chain, policy, moment, evidence
    )
    try:
        return question.answer()
    except Exception:
        # As in validation: a stranger's octets must never stop the one who asks.
        _log.exception("a time-stamp failed unexpectedly")
        return Proof(policy.trust, chain, checks=(_check("failed", _NOT_PROCESSED),))


@dataclass(frozen=True)
class _Question:
    document: Document
    signature: Signature
    verified: Sequence[Verified]
    unsigned: etree._Element | None
    certificate: x509.Certificate
    chain: Certificates
    policy: ValidationPolicy
    moment: datetime
    evidence: Evidence | None
    checks: list[Check] = field(default_factory=list)

    def answer(self) -> Proof:
        certificates = (*self.chain, *self._certificates())
        stamps = list(self._stamps(islice(self._readers(), _MOST_TIMESTAMPS), certificates))
        archives = list(self._stamps(islice(self._archive_readers(), _MOST_ARCHIVE_TIMESTAMPS), certificates))
        carried = self._on_revocation(certificates, [token for token, _stamped in (*stamps, *archives)])
        trust = _with(self.policy.trust, carried)
        # The last one is judged now, each other at the time the next one proves (EN 319 102-1, 5.6.2).
        by, archiving = self.moment, []
        for token, stamped in reversed(archives):
            if self._proves(token, stamped, trust, certificates, by, _ARCHIVED):
                archiving.append(token)
                by = token.time
        proving = [
            token
            for token, stamped in stamps
            if self._proves(token, stamped, trust, certificates, by, _EXISTED)
        ]
        if not (proving or archiving):
            return Proof(trust, certificates, checks=tuple(self.checks))
        first = min((*proving, *archiving), key=lambda token: token.time)
        complete = bool(carried and proving) and self._suffice(carried, certificates, first)
        return Proof(trust, certificates, first.time, tuple(self.checks), complete, bool(archiving))

    def _stamps(self, readers: Iterable[Reader], certificates: Certificates) -> Iterator[Stamp]:
        """The tokens, each with the octets it should be over; what cannot be read leaves a check behind."""
        for read in readers:
            try:
                der, stamped = read()
                yield read_token(der, certificates=certificates), stamped
            except BadTimestamp as problem:
                self.checks.append(_check(problem.status, problem.message))
            except NotPassed as problem:
                if problem.check.name == "limits":
                    raise
                self.checks.append(_check("failed", problem.check.reason))
            except (etree.C14NError, etree.XMLSyntaxError):
                self.checks.append(_check("failed", _NOT_PROCESSED))

    def _readers(self) -> Iterator[Reader]:
        if self.evidence is not None:
            evidence = self.evidence
            yield lambda: (evidence.timestamp, signature_imprint(self.signature, EXCLUSIVE))
        yield from self._carried_stamps(_SIGNATURE_TIMESTAMP)

    def _archive_readers(self) -> Iterator[Reader]:
        """In the order they were taken in."""
        yield from self._carried_stamps(*_ARCHIVE_TIMESTAMPS)
        if self.evidence is not None:
            renewals = self.evidence.renewals
            yield from (partial(self._renewed, *each) for each in enumerate(renewals))

    def _carried_stamps(self, *names: str) -> Iterator[Reader]:
        if self.unsigned is not None:
            for element in self.unsigned.iterchildren(*names):
                tokens: list[etree._Element | None] = [*element.iterchildren(f"{_X}EncapsulatedTimeStamp")]
                yield from (partial(self._carried, element, token) for token in tokens or [None])

    def _renewed(self, number: int, renewal: Renewal) -> tuple[bytes, bytes]:
        assert self.evidence is not None
        before = [] if self.unsigned is None else [*self.unsigned.iterchildren(etree.Element)]
        carried = [canonical(each, EXCLUSIVE, spend=self.document.count_part) for each in before]
        return renewal.timestamp, self._archived(
            [*carried, *self.evidence.properties(renewals=number)], EXCLUSIVE
        )

    def _archived(
        self, before: Iterable[bytes], algorithm: str, prefixes: Sequence[str] = (), *, old: bool = False
    ) -> bytes:
        stamped = archive_imprint(
            self.signature,
            self.verified,
            before,
            algorithm,
            prefixes,
            unreferenced_only=old,
            spend=self.document.count_part,
        )
        self.document.count(len(stamped))
        return stamped

    def _carried(self, timestamp: etree._Element, token: etree._Element | None) -> tuple[bytes, bytes]:
        if token is None:
            raise BadTimestamp(_("The time-stamp has no token as RFC 3161 has it."))
        if timestamp.find(_INCLUDE) is not None:
            raise BadTimestamp(_("The time-stamp picks out what it is over, which is not supported."))
        method = timestamp.find(f"{_DS}CanonicalizationMethod")
        algorithm = _DEFAULT_CANONICALIZATION if method is None else method.get("Algorithm", "")
        if algorithm not in self.policy.canonicalizations & CANONICALIZATIONS:
            raise BadTimestamp(
                _(
                    "The time-stamp uses an algorithm that is not allowed: ${algorithm}",
                    mapping={"algorithm": algorithm},
                )
            )
        listed = None if method is None else method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
        prefixes = [] if listed is None else listed.get("PrefixList", "").split()
        if timestamp.tag == _SIGNATURE_TIMESTAMP:
            return octets(token), signature_imprint(self.signature, algorithm, prefixes)
        before = reversed([*timestamp.itersiblings(etree.Element, preceding=True)])
        return octets(token), self._archived(
            (
                canonical(each, algorithm, prefixes=prefixes, spend=self.document.count_part)
                for each in before
            ),
            algorithm,
            prefixes,
            old=timestamp.tag == _OLD_ARCHIVE_TIMESTAMP,
        )

    def _proves(
        self,
        token: TimestampToken,
        stamped: bytes,
        trust: TrustStore,
        certificates: Certificates,
        by: datetime,
        proven: TranslationString,
    ) -> bool:
        try:
            if token.time > by + _CLOCKS_DIFFER:
                raise BadTimestamp(_("The time-stamp is from after the moment asked about."))
            verify_token(token, stamped, trust, chain=certificates, revocation=self.policy.revocation, by=by)
        except BadTimestamp as problem:
            self.checks.append(_check(problem.status, problem.message))
            return False
        self.checks.append(_check("passed", TranslationString(proven, mapping={"time": token.time})))
        return True

    def _suffice(self, carried: _Carried, certificates: Certificates, token: TimestampToken) -> bool:
        alone = _store(self.policy.trust.anchors, carried)
        return all(
            alone.check_certificate(each, chain=(*token.chain, *certificates), at=token.time).passed
            for each in (self.certificate, token.certificate)
        )

    def _certificates(self) -> Certificates:
        found = self._carried_values(_CERTIFICATES)
        if self.evidence is not None:
            found = chain(found, self.evidence.all_certificates)
        few: list[x509.Certificate] = []
        size = 0
        for der in islice(found, self.policy.max_certificates):
            size += len(der)
            if size > self.policy.max_certificate_bytes:
                break
            few += _parsed(der, read_certificate)
        return tuple(few)

    def _on_revocation(self, certificates: Certificates, tokens: Iterable[TimestampToken]) -> _Carried:
        """The lists and responses that came along, but only those by whom our own anchors vouch for."""
        found = chain(
            chain.from_iterable(map(self._carried_values, _REVOCATION)),
            *(token.revocation for token in tokens),
        )
        few = list(islice(found, _MOST_LISTS))
        if self.evidence is not None:
            few += [*self.evidence.all_revocation_lists, *self.evidence.all_ocsp_responses]
        lists = [each for der in few for each in _parsed(der, RevocationList.load)]
        responses = [
            each for der in few if len(der) <= _LONGEST_RESPONSE for each in _parsed(der, OcspResponse.load)
        ]
        if not lists and not responses:
            return _Carried()
        times = [self.moment, *(token.time for token in tokens)]
        judged = [(self.certificate, certificates, time) for time in times]
        judged += [(token.certificate, (*token.chain, *certificates), token.time) for token in tokens]
        issued = {
            pair
            for each, above, time in judged
            for pair in pairwise(
                self.policy.trust.check_certificate(
                    each, chain=above, at=time, revocation=Revocation.NONE
                ).chain
            )
        }
        issuers = {issuer for _certificate, issuer in issued}
        # Whom an authority of ours lets speak for itself, and who needs a good name for that.
        speakers = {*certificates, *(each for response in responses for each in response.certificates)}
        issued |= {(each, issuer) for each in speakers for issuer in issuers if issued_by(each, issuer)}
        signers = issuers.union(each for each, _issuer in issued)
        return _Carried(
            tuple(each.der for each in lists if any(map(each.signed_by, signers))),
            tuple(
                each.der
                for each in responses
                if any(
                    answer.is_about(*pair) and each.is_authorised(pair[1], certificates)
                    for pair in issued
                    for answer in each.answers
                )
            ),
        )

    def _carried_values(self, path: str) -> Iterator[bytes]:
        if self.unsigned is None:
            return
        for holder in _HOLDERS:
            for element in self.unsigned.iterfind(holder + path):
                try:
                    yield octets(element)
                except NotPassed:
                    continue


def _parsed(der: bytes, parse: Callable[[bytes], _Parsed]) -> list[_Parsed]:
    """What cannot be read proves nothing: it is as if it were not there."""
    try:
        return [parse(der)]
    except UNREADABLE:
        return []


# Documents of one day carry the same lists, and a store remembers what it was asked.
@lru_cache(maxsize=16)
def _with(trust: TrustStore, carried: _Carried) -> TrustStore:
    if not carried:
        return trust
    known = trust.knowledge
    return TrustStore(trust.anchors, (*known.lists, *carried.lists), (*known.responses, *carried.responses))


@lru_cache(maxsize=16)
def _store(anchors: Certificates, carried: _Carried) -> TrustStore:
    return TrustStore(anchors, carried.lists, carried.responses)


def _check(status: Status, reason: TranslationString) -> Check:
    return Check("timestamp", status, reason)
