"""The verdict on a certificate (ETSI EN 319 102-1, 5.2.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cryptography import x509
from translationstring import TranslationString

from ..indications import Check, Indication, Status, SubIndication
from .revocation import RevocationEntry

CertificateChain = tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class TrustVerdict:
    """What a trust store says about a certificate at a moment.

    :ivar sub_indication: why it did not pass; None when it passed.
    :ivar chain: from the certificate to the anchor, as far as one was found.
    :ivar crls: the revocation lists (DER) that prove that nothing in the chain was revoked.
    :ivar ocsp_responses: the OCSP responses (DER) that do.
    :ivar delegates: the certificates of those who signed them, except the authorities of the chain.
    :ivar entries: the entries about the certificate, also those from after the moment.
    """

    sub_indication: SubIndication | None
    checks: tuple[Check, ...]
    chain: CertificateChain = ()
    crls: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    delegates: CertificateChain = ()
    entries: tuple[RevocationEntry, ...] = ()

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
        """The sentence of the last check, which decided."""
        return self.checks[-1].reason

    def then(self, following: TrustVerdict) -> TrustVerdict:
        """Return this verdict continued: with the sub-indication and the further checks of the
        following one.
        """
        return replace(self, sub_indication=following.sub_indication, checks=self.checks + following.checks)


def passed(check: Check) -> TrustVerdict:
    return TrustVerdict(None, (check,))


def failed(sub_indication: SubIndication, name: str, reason: TranslationString) -> TrustVerdict:
    return TrustVerdict(sub_indication, (Check(name, "failed", reason),))
