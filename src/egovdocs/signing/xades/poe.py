"""Proof of existence (POE) of a signature at a time, by its time-stamps (ETSI EN 319 102-1, 5.5 and 5.6.2).

A time-stamp is in an unsigned property, where anybody may put a broken one. So it proves a time or it does
not, and a broken one does not harm the signature.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from cryptography import x509
from lxml import etree
from translationstring import TranslationString, TranslationStringFactory

from ..errors import BadTimestamp
from ..indications import Check, NotPassed, Status
from ..policy import ValidationPolicy
from ..timestamps.tokens import TimestampToken, read_token, verify_token
from ..trust.store import TrustStore
from ..trust.verdict import CertificateChain
from ..xmldsig.parsed_document import ParsedDocument
from ..xmldsig.references import VerifiedReference
from ..xmldsig.structure import Signature
from .carried_values import (
    VALUE_PROPERTIES,
    CarriedRevocation,
    carried_certificates,
    carried_revocation,
    store_of,
    store_with,
)
from .evidence_properties import Evidence
from .timestamp_properties import TIMESTAMP_PROPERTIES, SignatureTimestamps, TimestampReader

_ = TranslationStringFactory("egovdocs")
_log = logging.getLogger(__name__)

_CLOCK_TOLERANCE: Final = timedelta(minutes=1)
# Limits to the work that a third party's document can cause.
_MAX_SIGNATURE_TIMESTAMPS: Final = 4
_MAX_ARCHIVE_TIMESTAMPS: Final = 16

_NOT_PROCESSED = _("The time-stamp could not be processed.")
_EXISTED = _("A trusted authority's time-stamp proves that the signature existed on ${time}.")
_ARCHIVED = _(
    "A trusted authority's archive time-stamp proves that the signature, with all that vouched for it,"
    " existed on ${time}."
)


@dataclass(frozen=True)
class ProofOfExistence:
    """What the time-stamps of a signature prove.

    :ivar trust: the policy's store, with the revocation data that came with the signature.
    :ivar chain: the certificates that came with it, except the signer's.
    :ivar time: the earliest proven time; None when none is proven.
    :ivar is_complete: what came with the signature is enough, with the anchors, to judge the signer and the
        time-stamp: level LT (ETSI EN 319 132-1, 6.3).
    :ivar is_archived: an archive time-stamp proves a time too; together with ``is_complete``, level LTA.
    """

    trust: TrustStore
    chain: CertificateChain
    time: datetime | None = None
    checks: tuple[Check, ...] = ()
    is_complete: bool = False
    is_archived: bool = False


def prove_existence(
    document: ParsedDocument,
    signature: Signature,
    verified: Sequence[VerifiedReference],
    unsigned: etree._Element | None,
    certificate: x509.Certificate,
    chain: CertificateChain,
    policy: ValidationPolicy,
    moment: datetime,
    evidence: Evidence | None = None,
) -> ProofOfExistence:
    """Prove the time of a signature, as far as its time-stamps and those of the evidence allow. Never raises.

    :param verified: its references, whose digests match.
    :param unsigned: its UnsignedSignatureProperties.
    :param certificate: the signer's.
    :param chain: the other certificates in the signature.
    :param moment: time-stamps from after it prove nothing.
    """
    useful = (*TIMESTAMP_PROPERTIES, *VALUE_PROPERTIES)
    if evidence is None and (unsigned is None or next(unsigned.iterchildren(*useful), None) is None):
        return ProofOfExistence(policy.trust, chain)
    timestamps = SignatureTimestamps(document, signature, verified, unsigned, policy, evidence)
    try:
        return _ExistenceValidation(timestamps, certificate, chain, moment).proof()
    except Exception:
        # A third party's document must never stop the caller.
        _log.exception("unexpected error in the validation of a time-stamp")
        return ProofOfExistence(policy.trust, chain, checks=(_check("failed", _NOT_PROCESSED),))


@dataclass(frozen=True)
class _ExistenceValidation:
    timestamps: SignatureTimestamps
    certificate: x509.Certificate
    chain: CertificateChain
    moment: datetime
    checks: list[Check] = field(default_factory=list)

    def proof(self) -> ProofOfExistence:
        source = self.timestamps
        policy, unsigned, evidence = source.policy, source.unsigned, source.evidence
        certificates = (*self.chain, *carried_certificates(unsigned, evidence, policy))
        stamps = self._read(source.signature_timestamps(), _MAX_SIGNATURE_TIMESTAMPS, certificates)
        archive_stamps = self._read(source.archive_timestamps(), _MAX_ARCHIVE_TIMESTAMPS, certificates)
        carried = carried_revocation(
            unsigned,
            evidence,
            [token for token, _imprint in (*stamps, *archive_stamps)],
            self.certificate,
            certificates,
            policy.trust,
            self.moment,
        )
        trust = store_with(policy.trust, carried)
        # The last time-stamp is judged now, each other one at the time that the next one proves (EN 319
        # 102-1, 5.6.2).
        existed_by, archiving = self.moment, []
        for token, imprint in reversed(archive_stamps):
            if self._proves(token, imprint, trust, certificates, existed_by, _ARCHIVED):
                archiving.append(token)
                existed_by = token.time
        proving = [
            token
            for token, imprint in stamps
            if self._proves(token, imprint, trust, certificates, existed_by, _EXISTED)
        ]
        if not (proving or archiving):
            return ProofOfExistence(trust, certificates, checks=tuple(self.checks))
        first = min((*proving, *archiving), key=lambda token: token.time)
        return ProofOfExistence(
            trust,
            certificates,
            first.time,
            tuple(self.checks),
            is_complete=bool(carried and proving) and self._is_enough(carried, certificates, first),
            is_archived=bool(archiving),
        )

    def _read(
        self, readers: Iterable[TimestampReader], limit: int, certificates: CertificateChain
    ) -> list[tuple[TimestampToken, bytes]]:
        return list(self._tokens(islice(readers, limit), certificates))

    def _tokens(
        self, readers: Iterable[TimestampReader], certificates: CertificateChain
    ) -> Iterator[tuple[TimestampToken, bytes]]:
        """Yield the tokens, each with the bytes that it should be over; add a check for each
        unreadable one.
        """
        for read in readers:
            try:
                der, imprint = read()
                yield read_token(der, certificates=certificates), imprint
            except BadTimestamp as problem:
                self.checks.append(_check(problem.status, problem.message))
            except NotPassed as problem:
                if problem.check.name == "limits":
                    raise
                self.checks.append(_check("failed", problem.check.reason))
            except (etree.C14NError, etree.XMLSyntaxError):
                self.checks.append(_check("failed", _NOT_PROCESSED))

    def _proves(
        self,
        token: TimestampToken,
        imprint: bytes,
        trust: TrustStore,
        certificates: CertificateChain,
        existed_by: datetime,
        proven: TranslationString,
    ) -> bool:
        """Return whether the token proves its time, and add a check.

        :param proven: the sentence of the check when it does.
        """
        revocation = self.timestamps.policy.revocation
        try:
            if token.time > existed_by + _CLOCK_TOLERANCE:
                raise BadTimestamp(_("The time-stamp is from after the moment asked about."))
            verify_token(
                token, imprint, trust, chain=certificates, revocation=revocation, existed_by=existed_by
            )
        except BadTimestamp as problem:
            self.checks.append(_check(problem.status, problem.message))
            return False
        self.checks.append(_check("passed", TranslationString(proven, mapping={"time": token.time})))
        return True

    def _is_enough(
        self, carried: CarriedRevocation, certificates: CertificateChain, token: TimestampToken
    ) -> bool:
        """Return whether the carried data, without the store's, prove that signer and time-stamp
        are valid.
        """
        store = store_of(self.timestamps.policy.trust.anchors, carried)
        return all(
            store.check_certificate(each, chain=(*token.chain, *certificates), at=token.time).passed
            for each in (self.certificate, token.certificate)
        )


def _check(status: Status, reason: TranslationString) -> Check:
    return Check("timestamp", status, reason)
