"""The validation of one certificate at one moment (ETSI EN 319 102-1, 5.2.6; RFC 5280, 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from cryptography import x509
from pyhanko_certvalidator.authority import CertTrustAnchor, TrustAnchor
from pyhanko_certvalidator.path import ValidationPath
from translationstring import TranslationStringFactory

from ..indications import Check, SubIndication
from .certificates import issued_by
from .ocsp import has_no_check
from .paths import build_paths, chain_of, path_problem, path_through
from .purposes import purpose_problem
from .revocation import (
    CertificateStatus,
    Revocation,
    RevocationEntry,
    RevocationState,
    effective_entries,
    status_at,
)
from .revocation_data import RevocationData
from .verdict import CertificateChain, TrustVerdict, failed, passed

_ = TranslationStringFactory("egovdocs")

# A responder can have been designated by another responder; with many, every order would be tried.
_MAX_DELEGATION_DEPTH = 3
_IN_DATE = Check("validity", "passed", _("The signer's certificate was in date."))
_PRECEDENCE: dict[SubIndication | None, int] = {
    SubIndication.REVOKED: 0,
    None: 1,
    SubIndication.TRY_LATER: 2,
}


@dataclass(frozen=True)
class CertificateValidation:
    """A certificate, a moment, and what the store and the caller know.

    :ivar intermediates: certificates that may be between it and an anchor.
    :ivar crl_signers: certificates whose holders may have signed a list or a response.
    """

    anchors: CertificateChain
    roots: Sequence[CertTrustAnchor]
    revocation_data: RevocationData
    certificate: x509.Certificate
    intermediates: CertificateChain
    crl_signers: CertificateChain
    moment: datetime
    revocation: Revocation
    _delegates: dict[x509.Certificate, CertificateStatus] = field(default_factory=dict)

    def verdict(self) -> TrustVerdict:
        """Return the verdict: of several paths, a revocation of the certificate counts first, else
        the best.
        """
        if self.certificate in self.anchors:
            trusted = Check(
                "chain", "passed", _("The signer's certificate is itself one of the trusted ones.")
            )
            return self._judge_anchor(replace(passed(trusted), chain=(self.certificate,)))
        paths = build_paths(self.certificate, self.roots, self.intermediates, self.moment)
        if not paths:
            return failed(
                SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
                "chain",
                _("The signer's certificate was not issued by a trusted certification authority."),
            )
        return min(map(self._judge_path, paths), key=_precedence)

    def _judge_anchor(self, verdict: TrustVerdict) -> TrustVerdict:
        """Continue with a certificate that is trusted by itself: dates, purpose and known revocation."""
        problem = self._date_problem() or self._purpose_problem()
        if problem is not None:
            return verdict.then(problem)
        if self.revocation is not Revocation.NONE:
            issuer = next((each for each in self.anchors if issued_by(self.certificate, each)), None)
            statements = list(
                self.revocation_data.statements(
                    self.certificate, issuer, (), lambda *_delegate: False, self.moment
                )
            )
            verdict = replace(verdict, entries=effective_entries(statements))
            status = status_at(statements, self.moment, None)
            if status.state in (RevocationState.REVOKED, RevocationState.ON_HOLD):
                return verdict.then(self._not_good(self.certificate, status))
        return verdict.then(passed(_IN_DATE))

    def _judge_path(self, path: ValidationPath) -> TrustVerdict:
        chain = chain_of(path)
        leads = Check("chain", "passed", _("The certificate leads to a trusted certification authority."))
        verdict = replace(passed(leads), chain=chain)
        problem = self._date_problem() or self._purpose_problem() or self._path_problem(path, self.moment)
        if problem is not None:
            return verdict.then(problem)
        verdict = verdict.then(passed(_IN_DATE))
        if self.revocation is Revocation.NONE:
            not_checked = Check(
                "revocation", "unknown", _("Revocation was not looked at, as the policy asks.")
            )
            return verdict.then(passed(not_checked))
        return self._judge_revocation(verdict, path.trust_anchor)

    def _judge_revocation(self, verdict: TrustVerdict, anchor: TrustAnchor) -> TrustVerdict:
        statuses, entries = self._statuses(anchor, verdict.chain, self.moment)
        verdict = replace(verdict, entries=entries)
        for state in (RevocationState.REVOKED, RevocationState.ON_HOLD):
            for certificate, status in zip(verdict.chain, statuses, strict=False):
                if status.state is state:
                    return verdict.then(self._not_good(certificate, status))
        if all(status.state is RevocationState.GOOD for status in statuses):
            proving = [*statuses, *self._delegates.values()]
            verdict = replace(
                verdict,
                crls=tuple(dict.fromkeys(der for each in proving for der in each.crls)),
                ocsp_responses=tuple(dict.fromkeys(der for each in proving for der in each.ocsp_responses)),
                delegates=tuple(self._delegates),
            )
            good = Check("revocation", "passed", _("No certificate of the chain was revoked."))
            return verdict.then(passed(good))
        unknown = failed(
            SubIndication.TRY_LATER,
            "revocation",
            _(
                "There is no fresh revocation list or OCSP response for the chain; "
                "try again with a newer one."
            ),
        )
        if self.revocation is Revocation.IF_PRESENT:
            return verdict.then(passed(replace(unknown.checks[-1], status="unknown")))
        return verdict.then(unknown)

    def _statuses(
        self, anchor: TrustAnchor, chain: CertificateChain, at: datetime, subjects: CertificateChain = ()
    ) -> tuple[list[CertificateStatus], tuple[RevocationEntry, ...]]:
        """Return the status of each certificate below the anchor, and the entries about the lowest.

        It goes from the top down, because statements that an authority makes after its own revocation do not
        count.

        :param subjects: the certificates whose status is being found out, in a recursion.
        """
        statuses: list[CertificateStatus] = []
        entries: tuple[RevocationEntry, ...] = ()
        issuer_revoked: datetime | None = None
        for place in reversed(range(len(chain) - 1)):
            certificate, *issuers = chain[place:]
            check_delegate = partial(self._check_delegate, anchor, tuple(issuers), (certificate, *subjects))
            statements = list(
                self.revocation_data.statements(certificate, issuers[0], self.crl_signers, check_delegate, at)
            )
            statuses.insert(0, status_at(statements, at, issuer_revoked))
            entries = effective_entries(statements)
            revoked = [each.when for each in entries if each.is_permanent]
            issuer_revoked = min([*revoked, *([issuer_revoked] if issuer_revoked else [])], default=None)
        return statuses, entries

    def _check_delegate(
        self,
        anchor: TrustAnchor,
        issuers: CertificateChain,
        subjects: CertificateChain,
        delegate: x509.Certificate,
        at: datetime,
    ) -> bool:
        """Return whether the signer of a list or a response for another authority was valid (RFC 5280, 6.3.3
        (f); RFC 6960, 4.2.2.2.1).

        :param issuers: the authorities above the certificate in question, up to the anchor; one of them must
            have issued the delegate.
        :param subjects: the certificates whose status is being found out; none can confirm itself.
        """
        place = next((n for n, each in enumerate(issuers) if issued_by(delegate, each)), None)
        if place is None or delegate in subjects or len(subjects) > _MAX_DELEGATION_DEPTH:
            return False
        above = issuers[place:]
        if self._path_problem(path_through(anchor, delegate, above), at) is not None:
            return False
        status = CertificateStatus(RevocationState.GOOD)
        if not has_no_check(delegate):
            (status, *_above), _entries = self._statuses(anchor, (delegate, *above), at, subjects)
        if status.state is not RevocationState.GOOD:
            return False
        self._delegates[delegate] = status
        return True

    def _path_problem(self, path: ValidationPath, at: datetime) -> TrustVerdict | None:
        return path_problem(path, self.roots, self.intermediates, at)

    def _date_problem(self) -> TrustVerdict | None:
        start, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if self.moment < start:
            return failed(
                SubIndication.NOT_YET_VALID,
                "validity",
                _("The signer's certificate is valid only from ${date}.", mapping={"date": start}),
            )
        if self.moment > end:
            return failed(
                SubIndication.EXPIRED,
                "validity",
                _("The signer's certificate expired on ${date}.", mapping={"date": end}),
            )
        return None

    def _purpose_problem(self) -> TrustVerdict | None:
        reason = purpose_problem(self.certificate)
        if reason is None:
            return None
        return failed(SubIndication.CHAIN_CONSTRAINTS_FAILURE, "key-usage", reason)

    def _not_good(self, certificate: x509.Certificate, status: CertificateStatus) -> TrustVerdict:
        since = {"date": status.since}
        is_signer = certificate == self.certificate
        if status.state is RevocationState.ON_HOLD:
            return failed(
                SubIndication.TRY_LATER,
                "revocation",
                _("The signer's certificate is suspended since ${date}.", mapping=since)
                if is_signer
                else _("The certificate of an issuing authority is suspended since ${date}.", mapping=since),
            )
        if is_signer:
            return failed(
                SubIndication.REVOKED,
                "revocation",
                _("The signer's certificate was revoked on ${date}.", mapping=since),
            )
        return failed(
            SubIndication.REVOKED_CA_NO_POE,
            "revocation",
            _("The certificate of an issuing authority was revoked on ${date}.", mapping=since),
        )


def _precedence(verdict: TrustVerdict) -> int:
    return _PRECEDENCE.get(verdict.sub_indication, len(_PRECEDENCE))
