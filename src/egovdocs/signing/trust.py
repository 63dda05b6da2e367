"""Whom to believe, and what is known about revoked certificates.

Paths are built and validated by pyhanko-certvalidator (RFC 5280, 6); nothing is ever fetched: certificates
and revocation lists come from the store's owner alone. Answers are remembered: between two moments at which
something begins or ends (a certificate's validity, a list's), the answer about a certificate cannot change.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import chain, pairwise, starmap
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, ObjectIdentifier
from pyhanko_certvalidator.authority import AuthorityWithCert
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
)
from pyhanko_certvalidator.validate import async_validate_path
from translationstring import TranslationString, TranslationStringFactory

from .certificates import UNREADABLE
from .policy import Revocation
from .report import Check, Indication, Status, SubIndication

_ = TranslationStringFactory("egovdocs")

log = logging.getLogger(__name__)

Chain = tuple[x509.Certificate, ...]
_Result = TypeVar("_Result")

# It warns, with a traceback, of what a stranger's certificates are like; our verdicts say it.
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

_EXPIRED_CERTIFICATES_ON_CRL = ObjectIdentifier("2.5.29.60")
_KINDS_OF_LISTS = (ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.DELTA_CRL_INDICATOR)
_NOT_FOR_GOOD = (x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl)
_REMEMBERED = 10_000
_MOST_ABOVE = 5
_MALFORMED = (*UNREADABLE, InvalidSignature)
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----\r?\n?", re.DOTALL)


class TrustError(ValueError):
    """A file given as a certificate or as a revocation list is none. ``message`` says which."""

    def __init__(self, message: TranslationString) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message.interpolate())


@dataclass(frozen=True, slots=True)
class TrustVerdict:
    """What the store says of a certificate at a moment.

    :ivar chain: from the certificate to the anchor, as far as one was found.
    """

    sub_indication: SubIndication | None
    checks: tuple[Check, ...]
    chain: Chain = ()

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


class TrustStore:
    """Anchors, certificates trusted as themselves, and revocation lists. Immutable; safe for many threads.

    An anchor that may issue certificates (basicConstraints CA) is a root of paths; any other certificate
    named here is trusted as itself, without a path (ETSI EN 319 102-1, 5.2.6.4, trust anchor as the signing
    certificate).
    """

    def __init__(self, anchors: Iterable[x509.Certificate], crls: Iterable[bytes] = ()) -> None:
        """:param crls: in DER."""
        self.anchors: tuple[x509.Certificate, ...] = tuple(dict.fromkeys(anchors))
        self.crls: tuple[x509.CertificateRevocationList, ...] = tuple(
            x509.load_der_x509_crl(der) for der in dict.fromkeys(crls)
        )
        self._answers: dict[tuple[object, ...], TrustVerdict] = {}
        self._lock = Lock()
        self._moments: dict[tuple[x509.Certificate, Chain], list[datetime]] = {}

    @classmethod
    def load(
        cls,
        anchors: Iterable[Path | str | bytes | x509.Certificate],
        crls: Iterable[Path | str | bytes | x509.CertificateRevocationList] = (),
    ) -> TrustStore:
        """Read certificates and revocation lists, each PEM (several in a file too) or DER.

        :param anchors: certificates, their bytes, or the files they stand in.
        :param crls: revocation lists, likewise.
        :raises TrustError: one of them is neither.
        :raises OSError: a file cannot be read.
        """
        certificates: list[x509.Certificate] = []
        for anchor in anchors:
            if isinstance(anchor, x509.Certificate):
                certificates.append(anchor)
            else:
                certificates += _certificates(*_source(anchor))
        lists = [der for source in crls for der in _revocation_lists(*_source(source))]
        return cls(certificates, lists)

    @classmethod
    def from_folder(cls, folder: Path) -> TrustStore:
        """A store kept as files: ``anchors/*.pem`` and ``crls/*.crl``.

        One that can't be read is left out, and the log names it: it must not stop every check. Without it
        the store knows what it would if the file had not come yet.
        """
        certificates = [
            certificate
            for path in sorted(folder.glob("anchors/*.pem"))
            for certificate in _readable(_certificates, path)
        ]
        lists = [
            der for path in sorted(folder.glob("crls/*.crl")) for der in _readable(_revocation_lists, path)
        ]
        return cls(certificates, lists)

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
        moment = at or datetime.now(UTC)
        try:
            return self._remembered(certificate, _above(certificate, tuple(chain)), moment, revocation)
        except _MALFORMED as problem:
            # A certificate is parsed piece by piece, when each is looked at.
            return _failed(
                SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                "chain",
                _("The certificate cannot be processed: ${problem}", mapping={"problem": str(problem)}),
            )

    def _remembered(
        self, certificate: x509.Certificate, above: Chain, moment: datetime, revocation: Revocation
    ) -> TrustVerdict:
        moments = self._moments.get((certificate, above))
        if moments is None:
            moments = sorted(self._own_moments.union(*map(self._moments_of, (certificate, *above))))
        key = (certificate, above, revocation, bisect_left(moments, moment), bisect_right(moments, moment))
        answer = self._answers.get(key)
        if answer is None:
            # asn1crypto parses what is shared here in place, so one thread at a time.
            with self._lock:
                answer = _Question(self, certificate, above, moment, revocation).answer()
            # What no authority of ours has issued, anyone can make: it is not worth the memory.
            if answer.chain:
                for memory in (self._answers, self._moments):
                    if len(memory) >= _REMEMBERED:
                        memory.clear()
                self._moments[certificate, above] = moments
                self._answers[key] = answer
        return answer

    @cached_property
    def _own_moments(self) -> set[datetime]:
        updates = {
            moment for crl in self.crls for moment in (crl.last_update_utc, crl.next_update_utc) if moment
        }
        return updates.union(*map(self._moments_of, self.anchors))

    def _moments_of(self, certificate: x509.Certificate) -> set[datetime]:
        revoked = {entry.revocation_date_utc for _crl, entry in self.revocations(certificate)}
        return revoked | {certificate.not_valid_before_utc, certificate.not_valid_after_utc}

    def revocations(
        self, certificate: x509.Certificate
    ) -> list[tuple[x509.CertificateRevocationList, x509.RevokedCertificate]]:
        """The entries about a certificate in its issuer's lists, fresh or stale."""
        found = []
        for crl in self.crls:
            if crl.issuer == certificate.issuer:
                entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
                if entry is not None:
                    found.append((crl, entry))
        return found

    @cached_property
    def roots(self) -> list[asn1_x509.Certificate]:
        return [_asn1(anchor) for anchor in self.anchors if _may_issue(anchor)]

    @cached_property
    def parsed_lists(self) -> list[tuple[x509.CertificateRevocationList, asn1_crl.CertificateList]]:
        return [(crl, asn1_crl.CertificateList.load(crl.public_bytes(Encoding.DER))) for crl in self.crls]


class _Path(ValidationPath):
    """A path whose anchor may issue revocation lists, whether or not the anchor signed itself.

    pyhanko-certvalidator 0.33 looks for an issuer of the list's issuer, which an anchor does not need.
    """

    def truncate_to_issuer_and_append(self, cert: asn1_x509.Certificate) -> ValidationPath:
        authority = self.trust_anchor.authority
        if isinstance(authority, AuthorityWithCert) and authority.certificate.sha256 == cert.sha256:
            return ValidationPath(self.trust_anchor, interm=[], leaf=None)
        shorter: ValidationPath = super().truncate_to_issuer_and_append(cert)
        return shorter


@dataclass(frozen=True)
class _Question:
    """One certificate at one moment, asked of one store."""

    store: TrustStore
    certificate: x509.Certificate
    above: Chain
    moment: datetime
    revocation: Revocation

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
        verdicts = [self._judge(path) for path in paths]
        return next((verdict for verdict in verdicts if verdict.passed), verdicts[0])

    def _judge_by_itself(self, so_far: TrustVerdict) -> TrustVerdict:
        dates = self._dates()
        if dates is not None:
            return _and(so_far, dates)
        usage = _key_usage(self.certificate)
        if usage is not None:
            return _and(so_far, usage)
        revoked = None if self.revocation is Revocation.NONE else self._listed(self.certificate)
        if revoked is not None:
            return _and(so_far, revoked)
        return _and(so_far, _passed(self._in_date()))

    def _judge(self, path: ValidationPath) -> TrustVerdict:
        certificates = _chain_of(path)
        so_far = replace(
            _passed(
                Check("chain", "passed", _("The certificate leads to a trusted certification authority."))
            ),
            chain=certificates,
        )
        problem = self._dates() or _key_usage(self.certificate) or self._validated(path, Revocation.NONE)
        if problem is not None:
            return _and(so_far, problem)
        so_far = _and(so_far, _passed(self._in_date()))
        if self.revocation is Revocation.NONE:
            unseen = Check("revocation", "unknown", _("Revocation was not looked at, as the policy asks."))
            return _and(so_far, _passed(unseen))
        # An entry in a list that has gone stale still stands: what was revoked stays revoked.
        for index, certificate in enumerate(certificates[:-1]):
            revoked = self._listed(certificate, certificates[index + 1])
            if revoked is not None:
                return _and(so_far, revoked)
        unknown = self._validated(path, Revocation.REQUIRE)
        if unknown is None:
            known = Check("revocation", "passed", _("No certificate of the chain was revoked."))
            return _and(so_far, _passed(known))
        if self.revocation is Revocation.IF_PRESENT and unknown.sub_indication is SubIndication.TRY_LATER:
            return _and(so_far, _passed(replace(unknown.checks[-1], status="unknown")))
        return _and(so_far, unknown)

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

    def _listed(
        self, certificate: x509.Certificate, issuer: x509.Certificate | None = None
    ) -> TrustVerdict | None:
        for crl, entry in self.store.revocations(certificate):
            key = _public_key(issuer) if issuer else None
            # A later list may have lifted a hold: the newest one is asked below.
            if entry.revocation_date_utc > self.moment or _reason(entry) in _NOT_FOR_GOOD:
                continue
            if key is None or crl.is_signature_valid(key):  # type: ignore[arg-type]
                return self._revoked(certificate == self.certificate, entry.revocation_date_utc)
        return None

    def _revoked(self, is_signer: bool, when: datetime) -> TrustVerdict:
        if is_signer:
            return _failed(
                SubIndication.REVOKED,
                "revocation",
                _("The signer's certificate was revoked on ${date}.", mapping={"date": when}),
            )
        return _failed(
            SubIndication.REVOKED_CA_NO_POE,
            "revocation",
            _(
                "The certificate of an issuing authority was revoked on ${date}.",
                mapping={"date": when},
            ),
        )

    def _paths(self) -> list[ValidationPath]:
        try:
            paths = _finished(
                self._context(Revocation.NONE).path_builder.async_build_paths(_asn1(self.certificate))
            )
        except PathBuildingError:
            return []
        # The builder goes by names; a name can be borrowed, a signature cannot.
        return [
            _Path(path.trust_anchor, list(path.iter_certs(include_root=False))[:-1], path.leaf)
            for path in paths
            if all(starmap(_truly_issued, pairwise(_chain_of(path))))
        ]

    def _context(self, revocation: Revocation) -> ValidationContext:
        rules = NO_REVOCATION if revocation is Revocation.NONE else REQUIRE_REVINFO
        return ValidationContext(
            trust_roots=self.store.roots,
            other_certs=[_asn1(certificate) for certificate in self.above],
            moment=self.moment,
            crls=[] if revocation is Revocation.NONE else self._usable_lists(),
            # A list issued after the moment knows the moment's revocations too: EN 319 102-1, 5.6.2.
            revinfo_policy=CertRevTrustPolicy(rules, retroactive_revinfo=True),
            time_tolerance=timedelta(0),
        )

    def _usable_lists(self) -> list[asn1_crl.CertificateList]:
        """The newest list of each kind and issuer.

        Not one issued after the certificate expired, which need not name it any more (RFC 5280, 3.3).
        """
        newest: dict[object, tuple[x509.CertificateRevocationList, asn1_crl.CertificateList]] = {}
        for crl, parsed in self.store.parsed_lists:
            late = crl.last_update_utc > self.certificate.not_valid_after_utc
            if late and crl.issuer == self.certificate.issuer and not _keeps_expired(crl):
                continue
            kind = (crl.issuer, *(_extension(crl, each) for each in _KINDS_OF_LISTS))
            if kind not in newest or crl.last_update_utc > newest[kind][0].last_update_utc:
                newest[kind] = (crl, parsed)
        return [parsed for _crl, parsed in newest.values()]

    def _validated(self, path: ValidationPath, revocation: Revocation) -> TrustVerdict | None:
        try:
            _finished(async_validate_path(self._context(revocation), path))
        except RevokedError as problem:
            return self._revoked(problem.is_ee_cert, problem.revocation_dt)
        except (ExpiredError, NotYetValidError):
            return _failed(
                SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                "chain",
                _("The certificate of an issuing authority was out of date."),
            )
        except InsufficientRevinfoError:
            return _failed(
                SubIndication.TRY_LATER,
                "revocation",
                _("There is no fresh revocation list for the chain; try again with a newer one."),
            )
        except DisallowedAlgorithmError:
            return _failed(
                SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
                "chain",
                _("A certificate of the chain is signed with an algorithm too weak to trust."),
            )
        except PathValidationError as problem:
            return _failed(
                SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
                "chain",
                _("The chain of certificates is not in order: ${problem}", mapping={"problem": str(problem)}),
            )
        return None


def _passed(check: Check) -> TrustVerdict:
    return TrustVerdict(None, (check,))


def _failed(sub_indication: SubIndication, name: str, reason: TranslationString) -> TrustVerdict:
    return TrustVerdict(sub_indication, (Check(name, "failed", reason),))


def _and(first: TrustVerdict, then: TrustVerdict) -> TrustVerdict:
    return TrustVerdict(then.sub_indication, first.checks + then.checks, first.chain)


def _key_usage(certificate: x509.Certificate) -> TrustVerdict | None:
    """A key that signs documents: digitalSignature, or nonRepudiation alone (RFC 5280, 4.2.1.3; EN 319
    412-2, 4.3.2).
    """
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    if usage.digital_signature or usage.content_commitment:
        return None
    return _failed(
        SubIndication.CHAIN_CONSTRAINTS_FAILURE,
        "key-usage",
        _("The signer's certificate is not for signing documents (its key usage says so)."),
    )


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
            if new and each.subject == lower.issuer and _truly_issued(lower, each):
                found.append(each)
    return tuple(found)


def _truly_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        if isinstance(certificate.signature_hash_algorithm, SHA1):
            return certificate.issuer == issuer.subject and _verifies_sha1(certificate, issuer.public_key())
        certificate.verify_directly_issued_by(issuer)
    except _MALFORMED:
        return False
    return True


def _verifies_sha1(certificate: x509.Certificate, key: object) -> bool:
    """cryptography looks at no such signature: verified here, to be refused as weak and not as absent.

    :raises InvalidSignature: it is not by this key.
    """
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), SHA1())  # noqa: S303
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(SHA1()))  # noqa: S303
    else:
        return False
    return True


def _public_key(certificate: x509.Certificate) -> object:
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        # Version 1 certificates have no extensions; an old root may be one.
        return certificate.version is x509.Version.v1
    except ValueError:
        return False


def _keeps_expired(crl: x509.CertificateRevocationList) -> bool:
    return _extension(crl, _EXPIRED_CERTIFICATES_ON_CRL) is not None


def _extension(crl: x509.CertificateRevocationList, oid: ObjectIdentifier) -> bytes | None:
    return next((each.value.public_bytes() for each in crl.extensions if each.oid == oid), None)


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        reason = entry.extensions.get_extension_for_oid(x509.CRLReason.oid)
    except x509.ExtensionNotFound:
        return None
    assert isinstance(reason.value, x509.CRLReason)
    return reason.value.reason


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _source(given: Path | str | bytes | x509.CertificateRevocationList) -> tuple[bytes, str]:
    if isinstance(given, x509.CertificateRevocationList):
        return given.public_bytes(Encoding.DER), ""
    return (given, "") if isinstance(given, bytes) else (Path(given).read_bytes(), str(given))


def _readable(read: Callable[[bytes, str], list[_Result]], path: Path) -> list[_Result]:
    try:
        return read(*_source(path))
    except (TrustError, OSError) as problem:
        log.error("%s is left out of the trust store: %s", path, problem)
        return []


def _certificates(data: bytes, name: str) -> list[x509.Certificate]:
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except ValueError:
        raise TrustError(_("This is no certificate in PEM or DER: ${name}", mapping={"name": name})) from None


def _revocation_lists(data: bytes, name: str) -> list[bytes]:
    try:
        if b"-----BEGIN" in data:
            blocks = [match.group() for match in _PEM.finditer(data) if match[1] == b"X509 CRL"]
            lists = [x509.load_pem_x509_crl(block) for block in blocks]
        else:
            lists = [x509.load_der_x509_crl(data)]
    except ValueError:
        lists = []
    if not lists:
        raise TrustError(_("This is no revocation list in PEM or DER: ${name}", mapping={"name": name}))
    return [crl.public_bytes(Encoding.DER) for crl in lists]
