"""The trust store: anchors, revocation lists and OCSP responses that the owner of the site put there.

Nothing is fetched, and addresses in documents are never used. Verdicts are cached: between two times at which
something begins or ends to be valid, the verdict on a certificate cannot change.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.authority import CertTrustAnchor
from translationstring import TranslationStringFactory

from ..indications import SubIndication
from ..moments import moment_of
from .certificate_validation import CertificateValidation
from .certificates import ASN1_ERRORS, may_issue_certificates
from .crls import RevocationList
from .ocsp import OcspResponse
from .paths import issuers_among, trust_anchor
from .revocation import Revocation
from .revocation_data import RevocationData
from .store_files import (
    Source,
    load_certificates,
    load_crls,
    load_ocsp_responses,
    read_certificates,
    read_crls,
    read_ocsp_response,
    read_readable,
)
from .verdict import CertificateChain, TrustVerdict, failed

_ = TranslationStringFactory("egovdocs")

_MAX_CACHED_CERTIFICATES = 10_000
# What pyhanko-certvalidator raises at odd DER, beside asn1crypto and cryptography.
_VALIDATION_ERRORS = (*ASN1_ERRORS, InvalidSignature, LookupError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class _CachedCertificate:
    """A certificate's surroundings in the store, and the verdicts on it.

    :ivar intermediates: those that may be between it and an anchor.
    :ivar crl_signers: those that may have signed a list or a response.
    :ivar change_times: when a verdict may change, in order.
    :ivar verdicts: by the requirement, and the place of the moment among the change times.
    """

    intermediates: CertificateChain
    crl_signers: CertificateChain
    change_times: list[datetime]
    verdicts: dict[tuple[Revocation, int, int], TrustVerdict] = field(default_factory=dict)


class TrustStore:
    """Anchors, revocation lists and OCSP responses. Immutable; safe for many threads.

    An anchor that may issue certificates (basicConstraints CA) is the root of paths. Any other certificate
    among the anchors is trusted by itself, without a path (ETSI EN 319 102-1, 5.2.6.4, trust anchor as the
    signing certificate).
    """

    def __init__(
        self,
        anchors: Iterable[x509.Certificate],
        crls: Iterable[bytes | RevocationList] = (),
        ocsps: Iterable[bytes | OcspResponse] = (),
    ) -> None:
        """:param crls: in DER or read, like ``ocsps``."""
        self.anchors: tuple[x509.Certificate, ...] = tuple(dict.fromkeys(anchors))
        lists = [RevocationList.load(each) if isinstance(each, bytes) else each for each in crls]
        responses = [OcspResponse.load(each) if isinstance(each, bytes) else each for each in ocsps]
        self.revocation_data = RevocationData(
            tuple({each.der: each for each in lists}.values()),
            tuple({each.der: each for each in responses}.values()),
        )
        self._cache: dict[tuple[x509.Certificate, CertificateChain], _CachedCertificate] = {}
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
        """Read certificates and revocation lists, each PEM (also several in a file) or DER, and OCSP
        responses in DER.

        :param anchors: certificates, their bytes, or files; a single one needs no list.
        :param crls: revocation lists, likewise.
        :param ocsps: OCSP responses, likewise.
        :raises TrustError: one of them is of another kind, or malformed.
        :raises OSError: a file cannot be read.
        """
        return cls(load_certificates(anchors), load_crls(crls), load_ocsp_responses(ocsps))

    @classmethod
    def from_folder(cls, folder: Path) -> TrustStore:
        """Read a store from files: ``anchors/*.pem``, ``crls/*.crl`` and ``ocsp/*.ocsp`` or ``ocsp/*.der``.

        A file that cannot be read is ignored and named in the log, so that it does not stop every validation:
        the store then knows what it knew before the file came.
        """
        certificates = read_readable(read_certificates, folder.glob("anchors/*.pem"))
        crls: list[RevocationList] = read_readable(read_crls, folder.glob("crls/*.crl"))
        responses: list[OcspResponse] = read_readable(read_ocsp_response, folder.glob("ocsp/*.ocsp"))
        responses += read_readable(read_ocsp_response, folder.glob("ocsp/*.der"))
        return cls(certificates, crls, responses)

    @property
    def crls(self) -> tuple[x509.CertificateRevocationList, ...]:
        return tuple(each.crl for each in self.revocation_data.crls)

    @property
    def ocsps(self) -> tuple[OcspResponse, ...]:
        return self.revocation_data.ocsp_responses

    @cached_property
    def end_entity_anchors(self) -> tuple[x509.Certificate, ...]:
        """The anchors that issue no certificates: each is trusted by itself."""
        return tuple(anchor for anchor in self.anchors if not may_issue_certificates(anchor))

    def check_certificate(
        self,
        certificate: x509.Certificate,
        *,
        chain: Iterable[x509.Certificate] = (),
        at: datetime | None = None,
        revocation: Revocation = Revocation.REQUIRE,
    ) -> TrustVerdict:
        """Judge whether the certificate may sign documents at a moment (RFC 5280, 6; ETSI EN 319 102-1,
        5.2.6).

        :param chain: certificates that may be between it and an anchor, in any order; they are not trusted by
            themselves.
        :param at: the moment; now when left out.
        """
        moment = moment_of(at)
        try:
            return self._cached_verdict(certificate, tuple(chain), moment, revocation)
        except _VALIDATION_ERRORS as problem:
            # cryptography parses parts of a certificate only when they are used.
            return failed(
                SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                "chain",
                _("The certificate cannot be processed: ${problem}", mapping={"problem": str(problem)}),
            )

    def _cached_verdict(
        self, certificate: x509.Certificate, given: CertificateChain, moment: datetime, revocation: Revocation
    ) -> TrustVerdict:
        cached = self._cache.get((certificate, given)) or self._surroundings(certificate, given)
        key = revocation, bisect_left(cached.change_times, moment), bisect_right(cached.change_times, moment)
        verdict = cached.verdicts.get(key)
        if verdict is None:
            validation = CertificateValidation(
                anchors=self.anchors,
                roots=self._roots,
                revocation_data=self.revocation_data,
                certificate=certificate,
                intermediates=cached.intermediates,
                crl_signers=cached.crl_signers,
                moment=moment,
                revocation=revocation,
            )
            # asn1crypto parses shared values in place, so one thread at a time.
            with self._lock:
                verdict = validation.verdict()
            # Anybody can make certificates that none of our authorities issued: they must not fill the
            # memory.
            if verdict.chain:
                if len(self._cache) >= _MAX_CACHED_CERTIFICATES:
                    self._cache.clear()
                self._cache[certificate, given] = cached
                cached.verdicts[key] = verdict
        return verdict

    def _surroundings(self, certificate: x509.Certificate, given: CertificateChain) -> _CachedCertificate:
        data = self.revocation_data
        intermediates = issuers_among(certificate, given)
        signers = dict.fromkeys(each for each in (*given, *self.anchors) if data.may_be_signed_by(each))
        times = map(data.change_times_of, (certificate, *intermediates, *signers))
        return _CachedCertificate(intermediates, tuple(signers), sorted(self._change_times.union(*times)))

    @cached_property
    def _change_times(self) -> frozenset[datetime]:
        data = self.revocation_data
        return data.change_times.union(*map(data.change_times_of, self.anchors))

    @cached_property
    def _roots(self) -> list[CertTrustAnchor]:
        return [trust_anchor(each) for each in self.anchors if may_issue_certificates(each)]
