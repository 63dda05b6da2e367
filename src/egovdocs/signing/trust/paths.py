"""Certification paths: built and validated by pyhanko-certvalidator (RFC 5280, 6.1), without revocation.

Nothing is fetched: certificates come from the trust store and the caller only.
"""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain, pairwise, starmap
from typing import Any, TypeVar

from asn1crypto import x509 as asn1_x509
from cryptography import x509
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

from ..indications import SubIndication
from .certificates import asn1_certificate, has_strong_key, issued_by
from .verdict import CertificateChain, TrustVerdict, failed

_ = TranslationStringFactory("egovdocs")
_Result = TypeVar("_Result")

# It logs a warning with a traceback for each odd certificate; our verdicts report the same.
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

_MAX_INTERMEDIATES = 5
# Our sentences for pyhanko-certvalidator's, which are recognised by a part of their text.
_PATH_PROBLEMS = {
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


def trust_anchor(certificate: x509.Certificate) -> CertTrustAnchor:
    """Return the anchor with the constraints of its certificate (RFC 5937, 3.2), except dates and policies:
    it is trusted for as long as it is in the store.
    """
    parsed = asn1_certificate(certificate)
    constraints = derive_quals_from_cert(parsed)
    names = constraints.standard_parameters and PKIXValidationParams(
        initial_permitted_subtrees=constraints.standard_parameters.initial_permitted_subtrees,
        initial_excluded_subtrees=constraints.standard_parameters.initial_excluded_subtrees,
    )
    longest = constraints.max_path_length
    return CertTrustAnchor(
        parsed,
        TrustQualifiers(standard_parameters=names, max_path_length=longest, max_aa_path_length=longest),
    )


@lru_cache(maxsize=512)
def issuers_among(certificate: x509.Certificate, given: CertificateChain) -> CertificateChain:
    """Return the given certificates that issued the certificate, directly or through one another; at most
    five.

    Their signatures are verified, because a path builder that goes by names would try every order of many
    certificates of one name. The number is limited, because certificates can issue one another in a ring.
    """
    found: list[x509.Certificate] = []
    for lower in chain((certificate,), found):
        for each in given:
            is_new = each != lower and each not in found and len(found) < _MAX_INTERMEDIATES
            if is_new and issued_by(lower, each):
                found.append(each)
    return tuple(found)


def build_paths(
    certificate: x509.Certificate,
    roots: Sequence[CertTrustAnchor],
    intermediates: Iterable[x509.Certificate],
    moment: datetime,
) -> list[ValidationPath]:
    """Return the paths from the certificate to one of the roots; not validated but for their signatures."""
    context = _context(roots, intermediates, moment)
    try:
        paths: list[ValidationPath] = _run(
            context.path_builder.async_build_paths(asn1_certificate(certificate))
        )
    except PathBuildingError:
        return []
    # The builder compares names, which anybody can copy.
    return [path for path in paths if all(starmap(issued_by, pairwise(chain_of(path))))]


def path_through(
    anchor: TrustAnchor, certificate: x509.Certificate, issuers: CertificateChain
) -> ValidationPath:
    """Return the path of a certificate whose issuers, nearest first, lead to the anchor."""
    above = [asn1_certificate(each) for each in reversed(issuers[:-1])]
    return ValidationPath(anchor, above, asn1_certificate(certificate))


def path_problem(
    path: ValidationPath,
    roots: Sequence[CertTrustAnchor],
    intermediates: Iterable[x509.Certificate],
    moment: datetime,
) -> TrustVerdict | None:
    """Validate a path at a moment (RFC 5280, 6.1). Return None when it is valid, else the failed verdict."""
    weak = failed(
        SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
        "chain",
        _("A certificate of the chain is signed with an algorithm too weak to trust."),
    )
    if not all(map(has_strong_key, chain_of(path)[1:])):
        return weak
    try:
        _run(async_validate_path(_context(roots, intermediates, moment), path))
    except (ExpiredError, NotYetValidError):
        return failed(
            SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
            "chain",
            _("The certificate of an issuing authority was out of date."),
        )
    except DisallowedAlgorithmError:
        return weak
    except PathValidationError as problem:
        return failed(SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE, "chain", _problem_reason(str(problem)))
    return None


def chain_of(path: ValidationPath) -> CertificateChain:
    """Return the certificates of a path, the anchor's last."""
    authority = path.trust_anchor.authority
    assert isinstance(authority, AuthorityWithCert)
    certificates = [authority.certificate, *path.iter_certs(include_root=False)]
    return tuple(x509.load_der_x509_certificate(each.dump()) for each in reversed(certificates))


def _context(
    roots: Sequence[CertTrustAnchor], intermediates: Iterable[x509.Certificate], moment: datetime
) -> ValidationContext:
    others: list[asn1_x509.Certificate] = list(map(asn1_certificate, intermediates))
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=others,
        moment=moment,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
        time_tolerance=timedelta(0),
    )


def _problem_reason(problem: str) -> TranslationString:
    known = (ours for theirs, ours in _PATH_PROBLEMS.items() if theirs in problem)
    unknown = _("The chain of certificates is not in order: ${problem}", mapping={"problem": problem})
    return next(known, unknown)


def _run(coroutine: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine that never waits, in this thread and without an event loop.

    pyhanko-certvalidator is asynchronous because it can fetch, which it is not allowed to here. An event loop
    could not be started in a thread that already runs one.
    """
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: _Result = done.value
        return result
    coroutine.close()
    raise RuntimeError("the path validation waited for something outside")
