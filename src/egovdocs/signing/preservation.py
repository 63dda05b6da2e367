"""Evidence taken and renewed, so that a signature outlives its certificate (ETSI EN 319 132-1, levels B-T,
B-LT and B-LTA).

It is taken while time-stamps and revocation data can still be had, and renewed by an archive time-stamp each
time before it ages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from translationstring import TranslationStringFactory

from .crypto.algorithms import EXCLUSIVE
from .errors import EvidenceError
from .policy import ValidationPolicy
from .timestamps.timestamper import Timestamper
from .timestamps.tokens import verify_token
from .trust.certificates import PARSE_ERRORS, read_certificate
from .trust.store import TrustStore
from .validation import validate
from .xades.augmentation import parse_for_evidence, read_only_signature
from .xades.evidence_properties import Evidence, Renewal
from .xades.imprints import archive_imprint, signature_imprint
from .xmldsig.c14n import canonicalize
from .xmldsig.parsed_document import ParsedDocument
from .xmldsig.references import verify_reference
from .xmldsig.structure import Signature
from .xmldsig.transforms import plan_transforms

_ = TranslationStringFactory("egovdocs")


def gather_evidence(document: bytes, trust: TrustStore, timestamper: Timestamper) -> Evidence:
    """Take the evidence of levels B-T and B-LT for a document that has just been validated (ETSI EN 319
    132-1, 5.3 and 5.4).

    The store must have fresh revocation data about every certificate in both chains.

    :raises EvidenceError: the document has not exactly one signature with a certificate, or that certificate
        is not trusted at the proven time, or its revocation status is not known.
    :raises TimestampError: no time-stamp can be had, or its authority is not trusted.
    """
    policy = ValidationPolicy(trust)
    signature, _properties = read_only_signature(parse_for_evidence(document, policy), policy)
    signer, *carried = _certificates(signature)
    imprint = signature_imprint(signature, EXCLUSIVE)
    token = timestamper.stamp(imprint)
    token_verdict = verify_token(token, imprint, trust)
    verdict = trust.check_certificate(signer, chain=carried, at=token.time)
    if not verdict.passed:
        raise EvidenceError(verdict.reason)
    needed = (*verdict.chain, *token_verdict.chain, *verdict.delegates, *token_verdict.delegates)
    return Evidence(
        timestamp=token.der,
        certificates=_ders(needed, without={signer, *carried, token.certificate, *token.chain}),
        revocation_lists=_unique(verdict.crls, token_verdict.crls),
        ocsp_responses=_unique(verdict.ocsp_responses, token_verdict.ocsp_responses),
    )


def renew_evidence(
    document: bytes,
    evidence: Evidence,
    trust: TrustStore,
    timestamper: Timestamper,
    *,
    at: datetime | None = None,
) -> Evidence:
    """Take an archive time-stamp over a document and its evidence, before the last time-stamp ages.

    The store must have fresh revocation data about the authorities of that time-stamp and of the new one.

    :param at: the moment of the renewal; now when left out.
    :raises EvidenceError: the evidence does not prove anything any more.
    :raises TimestampError: no time-stamp can be had, or its authority is not trusted.
    """
    policy = ValidationPolicy(trust)
    report = validate(document, policy, at=at, evidence=evidence)
    if not any(each.proven_time for each in report.signatures):
        raise EvidenceError(_("The evidence proves nothing any more: it cannot be renewed."))
    imprint = _renewal_imprint(ParsedDocument(document, policy), evidence, policy)
    token = timestamper.stamp(imprint)
    verdict = verify_token(token, imprint, trust)
    known, last = evidence.readable_certificates, evidence.last_token
    last_verdict = trust.check_certificate(last.certificate, chain=(*last.chain, *known), at=token.time)
    if not last_verdict.passed:
        raise EvidenceError(last_verdict.reason)
    crls = _unique(verdict.crls, last_verdict.crls)
    responses = _unique(verdict.ocsp_responses, last_verdict.ocsp_responses)
    renewal = Renewal(
        timestamp=token.der,
        certificates=_ders(
            (*verdict.chain, *verdict.delegates, *last_verdict.delegates),
            without={*known, token.certificate, *token.chain},
        ),
        revocation_lists=tuple(der for der in crls if der not in evidence.all_revocation_lists),
        ocsp_responses=tuple(der for der in responses if der not in evidence.all_ocsp_responses),
    )
    return replace(evidence, renewals=(*evidence.renewals, renewal))


def _renewal_imprint(document: ParsedDocument, evidence: Evidence, policy: ValidationPolicy) -> bytes:
    signature, properties = read_only_signature(document, policy)
    verified = [
        verify_reference(each, plan_transforms(each.transforms, policy), signature, document)
        for each in signature.references
    ]
    unsigned = None if properties is None else properties.unsigned
    carried = [] if unsigned is None else [*unsigned.iterchildren(etree.Element)]
    before = [*(canonicalize(each, EXCLUSIVE) for each in carried), *evidence.properties()]
    return archive_imprint(signature, verified, before, EXCLUSIVE)


def _certificates(signature: Signature) -> list[x509.Certificate]:
    """Return the certificates in a signature, the signer's first."""
    try:
        certificates = [read_certificate(der) for der in signature.certificates]
    except PARSE_ERRORS:
        certificates = []
    issuers = {each.issuer for each in certificates if each.issuer != each.subject}
    leaves = [each for each in certificates if each.subject not in issuers]
    if len(leaves) != 1:
        raise EvidenceError(_("The signature does not carry the certificate of its signer."))
    return [*leaves, *(each for each in certificates if each not in leaves)]


def _ders(certificates: Iterable[x509.Certificate], *, without: set[x509.Certificate]) -> tuple[bytes, ...]:
    unique = dict.fromkeys(certificates)
    return tuple(each.public_bytes(Encoding.DER) for each in unique if each not in without)


def _unique(*groups: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))
