"""Proof of existence: that a signature was there at a time, by its time-stamps (ETSI EN 319 102-1, 5.5 and
5.6.2), and what came with it to judge its certificates at that time.

A time-stamp stands in an unsigned property, where anyone may put a broken one. So it proves a time or it
does not, and a broken one does the signature no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from translationstring import TranslationString, TranslationStringFactory

from .algorithms import CANONICALIZATIONS, DS, EXCLUSIVE, XADES, XADES141
from .c14n import canonical
from .certificates import UNREADABLE
from .policy import Revocation, ValidationPolicy
from .report import Check, NotPassed, Status
from .structure import Signature, octets
from .timestamps import BadTimestamp, TimestampToken, read_token, verify_token
from .trust import TrustStore

if TYPE_CHECKING:
    from .evidence import Evidence

_ = TranslationStringFactory("egovdocs")
_log = logging.getLogger(__name__)
_Parsed = TypeVar("_Parsed")

_X, _X141, _DS = f"{{{XADES}}}", f"{{{XADES141}}}", f"{{{DS}}}"
_SIGNATURE_TIMESTAMP = f"{_X}SignatureTimeStamp"
# Where certificates and lists may stand: EN 319 132-1, 5.4.1, 5.4.2, 5.5.1 and 5.5.2 (validation data of
# time-stamps, and of anything).
_HOLDERS = ("", f"{_X141}TimeStampValidationData/", f"{_X141}AnyValidationData/")
_CERTIFICATES = f"{_X}CertificateValues/{_X}EncapsulatedX509Certificate"
_LISTS = f"{_X}RevocationValues/{_X}CRLValues/{_X}EncapsulatedCRLValue"
_DEFAULT_CANONICALIZATION: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
# Bounds to what a stranger's document can cost.
_MOST_TIMESTAMPS: Final = 4
_MOST_LISTS: Final = 16

Certificates = tuple[x509.Certificate, ...]
Lists = tuple[bytes, ...]


@dataclass(frozen=True)
class Proof:
    """What the time-stamps of a signature proved.

    :ivar trust: the policy's store, and the revocation lists that came with the signature.
    :ivar chain: the certificates that came with it, beside the signer's.
    :ivar time: the earliest time proven; None when nothing was.
    :ivar complete: what came with the signature is, with the anchors, enough to judge the signer and the
        time-stamp: that makes level LT (EN 319 132-1, 6.3).
    """

    trust: TrustStore
    chain: Certificates
    time: datetime | None = None
    checks: tuple[Check, ...] = ()
    complete: bool = False


def prove(
    signature: Signature,
    unsigned: etree._Element | None,
    certificate: x509.Certificate,
    chain: Certificates,
    policy: ValidationPolicy,
    moment: datetime,
    evidence: Evidence | None = None,
) -> Proof:
    """Prove a signature's time as far as its time-stamps, and that of the evidence, allow; never raises.

    :param unsigned: its UnsignedSignatureProperties.
    :param certificate: the signer's; ``chain``: the others in the signature.
    :param moment: a time-stamp from after it counts for nothing.
    """
    if evidence is None and (unsigned is None or unsigned.find(_SIGNATURE_TIMESTAMP) is None):
        return Proof(policy.trust, chain)
    question = _Question(signature, unsigned, certificate, chain, policy, moment, evidence)
    try:
        return question.answer()
    except Exception:
        # As in validation: a stranger's octets must never stop the one who asks.
        _log.exception("a time-stamp failed unexpectedly")
        return Proof(
            policy.trust, chain, checks=(_check("failed", _("The time-stamp could not be processed.")),)
        )


@dataclass(frozen=True)
class _Question:
    signature: Signature
    unsigned: etree._Element | None
    certificate: x509.Certificate
    chain: Certificates
    policy: ValidationPolicy
    moment: datetime
    evidence: Evidence | None
    checks: list[Check] = field(default_factory=list)

    def answer(self) -> Proof:
        certificates = (*self.chain, *self._certificates())
        stamps = list(self._stamps(certificates))
        lists = self._lists(certificates, [token for token, _stamped in stamps])
        trust = _with_lists(self.policy.trust, lists)
        proving = [token for token, stamped in stamps if self._proves(token, stamped, trust, certificates)]
        if not proving:
            return Proof(trust, certificates, checks=tuple(self.checks))
        first = min(proving, key=lambda token: token.time)
        complete = bool(lists) and self._suffice(lists, certificates, first)
        return Proof(trust, certificates, first.time, tuple(self.checks), complete)

    def _stamps(self, certificates: Certificates) -> Iterator[tuple[TimestampToken, bytes]]:
        """The tokens, each with the octets it should be over (EN 319 132-1, 5.3); what cannot be read leaves
        a check behind.
        """
        for read in islice(self._readers(), _MOST_TIMESTAMPS):
            try:
                der, stamped = read()
                yield read_token(der, certificates=certificates), stamped
            except BadTimestamp as problem:
                self.checks.append(_check(problem.status, problem.message))
            except NotPassed as problem:
                self.checks.append(_check("failed", problem.check.reason))

    def _readers(self) -> Iterator[Callable[[], tuple[bytes, bytes]]]:
        if self.evidence is not None:
            evidence = self.evidence
            yield lambda: (evidence.timestamp, canonical(self.signature.value_element, EXCLUSIVE))
        if self.unsigned is not None:
            for element in self.unsigned.iterchildren(_SIGNATURE_TIMESTAMP):
                tokens: list[etree._Element | None] = [*element.iterchildren(f"{_X}EncapsulatedTimeStamp")]
                yield from (partial(self._carried, element, token) for token in tokens or [None])

    def _carried(self, timestamp: etree._Element, token: etree._Element | None) -> tuple[bytes, bytes]:
        if token is None:
            raise BadTimestamp(_("The time-stamp has no token as RFC 3161 has it."))
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
        stamped = canonical(self.signature.value_element, algorithm, prefixes=prefixes)
        return octets(token), stamped

    def _proves(
        self, token: TimestampToken, stamped: bytes, trust: TrustStore, certificates: Certificates
    ) -> bool:
        try:
            if token.time > self.moment + _CLOCKS_DIFFER:
                raise BadTimestamp(_("The time-stamp is from after the moment asked about."))
            verify_token(token, stamped, trust, chain=certificates, revocation=self.policy.revocation)
        except BadTimestamp as problem:
            self.checks.append(_check(problem.status, problem.message))
            return False
        proven = _(
            "A trusted authority's time-stamp proves that the signature existed on ${time}.",
            mapping={"time": token.time},
        )
        self.checks.append(_check("passed", proven))
        return True

    def _suffice(self, lists: Lists, certificates: Certificates, token: TimestampToken) -> bool:
        alone = _store(self.policy.trust.anchors, lists)
        return all(
            alone.check_certificate(each, chain=(*token.chain, *certificates), at=token.time).passed
            for each in (self.certificate, token.certificate)
        )

    def _certificates(self) -> Certificates:
        found = self._carried_values(_CERTIFICATES)
        if self.evidence is not None:
            found = chain(found, self.evidence.certificates)
        few: list[x509.Certificate] = []
        size = 0
        for der in islice(found, self.policy.max_certificates):
            size += len(der)
            if size > self.policy.max_certificate_bytes:
                break
            few += _parsed(der, x509.load_der_x509_certificate)
        return tuple(few)

    def _lists(self, certificates: Certificates, tokens: Iterable[TimestampToken]) -> Lists:
        """The revocation lists that came along, but only those by authorities our own anchors vouch for."""
        found = self._carried_values(_LISTS)
        if self.evidence is not None:
            found = chain(found, self.evidence.revocation_lists)
        few = islice(found, _MOST_LISTS)
        parsed = [crl for der in few for crl in _parsed(der, x509.load_der_x509_crl)]
        if not parsed:
            return ()
        judged = [(self.certificate, certificates)]
        judged += [(token.certificate, (*token.chain, *certificates)) for token in tokens]
        issuers = {
            issuer
            for each, above in judged
            for token in tokens
            for issuer in self.policy.trust.check_certificate(
                each, chain=above, at=token.time, revocation=Revocation.NONE
            ).chain
        }
        return tuple(
            crl.public_bytes(Encoding.DER)
            for crl in parsed
            if any(crl.issuer == each.subject and _signed(crl, each) for each in issuers)
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


def _signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except UNREADABLE:
        return False


# Documents of one day carry the same lists, and a store remembers what it was asked.
@lru_cache(maxsize=16)
def _with_lists(trust: TrustStore, lists: Lists) -> TrustStore:
    if not lists:
        return trust
    return TrustStore(trust.anchors, (*(crl.public_bytes(Encoding.DER) for crl in trust.crls), *lists))


@lru_cache(maxsize=16)
def _store(anchors: Certificates, lists: Lists) -> TrustStore:
    return TrustStore(anchors, lists)


def _check(status: Status, reason: TranslationString) -> Check:
    return Check("timestamp", status, reason)
