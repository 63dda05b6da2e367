"""The validation of one signature, in this order: structure, algorithms, cryptography, coverage, XAdES,
trust.

Each step adds a check; the first that fails ends the validation and sets the sub-indication.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from translationstring import TranslationStringFactory

from .crypto.algorithms import CANONICALIZATIONS, RSA_PSS
from .indications import Check, Indication, NotPassed, SubIndication
from .policy import ValidationPolicy
from .trust.purposes import is_for_timestamps
from .trust.verdict import TrustVerdict
from .xades.evidence_properties import Evidence
from .xades.poe import ProofOfExistence, prove_existence
from .xades.properties import (
    QualifyingProperties,
    check_properties,
    has_outdated_properties,
    read_properties,
)
from .xmldsig.c14n import canonicalize
from .xmldsig.coverage import SignatureCoverage, check_coverage, coverage_of
from .xmldsig.parsed_document import ParsedDocument
from .xmldsig.references import (
    VerifiedReference,
    check_digest_method,
    verify_manifests,
    verify_reference,
)
from .xmldsig.report import Level, SignatureReport
from .xmldsig.rsa_pss import check_pss_parameters, pss_digests
from .xmldsig.signing_key import (
    CertifiedKey,
    carried_keys,
    check_key,
    check_key_values,
    find_signing_key,
    read_key,
    verify_signature,
)
from .xmldsig.structure import Signature, algorithm_not_allowed, read_signature
from .xmldsig.transforms import TransformPlan, plan_transforms

_ = TranslationStringFactory("egovdocs")
_log = logging.getLogger(__name__)

_ISSUER_CHECK_EFFORT = 25_000
"""The effort of checking whether one certificate issued another, in bytes made canonical (measured)."""

_STRUCTURE = Check("structure", "passed", _("The signature has the shape of an XML signature."))
_ALGORITHMS = Check("algorithms", "passed", _("Its algorithms and transforms are allowed ones."))
_REFERENCES = Check("references", "passed", _("What was signed has not been changed."))
_VALUE = Check("signature", "passed", _("The signature was made with the key of the certificate it carries."))
_PROPERTIES = Check(
    "properties", "passed", _("The XAdES properties are signed and belong to this signature.")
)
_OUTDATED_PROPERTIES = Check(
    "properties",
    "unknown",
    _("The signature has XAdES properties of a version before 1.3.2, which were not looked at."),
)
_UNEXPECTED = Check("structure", "failed", _("The signature could not be processed."))


@dataclass
class SignatureValidation:
    """A signature, and what the steps found out about it so far.

    :ivar element: the ds:Signature.
    :ivar key: the signer's key, when there can be no other.
    :ivar coverage: None until the coverage is known.
    """

    element: etree._Element
    document: ParsedDocument
    policy: ValidationPolicy
    moment: datetime
    evidence: Evidence | None
    checks: list[Check] = field(default_factory=list)
    level: Level = "XML-DSig"
    key: CertifiedKey | None = None
    trust: TrustVerdict | None = None
    signing_time: datetime | None = None
    poe: ProofOfExistence | None = None
    coverage: SignatureCoverage | None = None
    is_counter: bool = False
    signature: Signature = field(init=False)

    def report(self) -> SignatureReport:
        sub_indication = None
        try:
            self._run()
        except NotPassed as end:
            sub_indication = end.sub_indication
            self.checks.append(end.check)
        except Exception:
            _log.exception("unexpected error in the validation of a signature")
            sub_indication = SubIndication.POLICY_PROCESSING_ERROR
            self.checks.append(_UNEXPECTED)
        is_covered = self.coverage is not None and not sub_indication
        return SignatureReport(
            indication=sub_indication.indication if sub_indication else Indication.TOTAL_PASSED,
            sub_indication=sub_indication,
            # A failure for want of a time-stamp comes before the failures of time-stamps.
            checks=(*self.checks, *(self.poe.checks if self.poe else ())),
            level=self.level,
            covers=self.coverage.covers if self.coverage else "none",
            signer=self.key.holder if self.key else None,
            certificate=self.key.certificate if self.key else None,
            chain=self.trust.chain if self.trust else (),
            signing_time=self.signing_time,
            proven_time=self.poe.time if self.poe else None,
            counter_signature=self.is_counter,
            covered=tuple(each.data for each in self.coverage.data) if is_covered and self.coverage else (),
        )

    def _run(self) -> None:
        self.signature = signature = read_signature(self.element, self.policy)
        self.is_counter = signature.countersigned is not None
        properties = read_properties(signature)
        if properties is not None:
            self.level, self.signing_time = "XAdES-B", properties.signing_time
        self.checks.append(_STRUCTURE)

        plans = self._check_algorithms()
        carried = carried_keys(signature)
        if len(carried) == 1:
            self.key = carried[0]
        signed_info = self._signed_info()
        self.key = find_signing_key(
            signature, carried, self._trusted_keys(), signed_info, self.document.count_effort
        )
        check_key(self.key, signature.method, self.policy)
        self.checks.append(_ALGORITHMS)

        verified = [
            verify_reference(reference, plan, signature, self.document)
            for reference, plan in zip(signature.references, plans, strict=True)
        ]
        in_manifests, outside = verify_manifests(verified, signature, self.document, self.policy)
        self.checks.append(_REFERENCES)
        self.checks += map(_outside, outside)
        if not verify_signature(signature, self.key, signed_info):
            raise NotPassed(
                SubIndication.SIG_CRYPTO_FAILURE,
                "signature",
                _("The signature was not made with the key of the certificate it carries."),
            )
        check_key_values(signature, self.key)
        self.checks.append(_VALUE)

        self.document.check_identifiers()
        self.coverage = coverage_of(signature, [*verified, *in_manifests], self.document, self.policy)
        self.is_counter = self.coverage.is_counter
        self.checks.append(check_coverage(self.coverage, self.policy))
        if properties is not None:
            check_properties(
                properties, signature, self.key.certificate, verified, self.document, self.policy
            )
            self.checks.append(_PROPERTIES)
        elif has_outdated_properties(signature):
            self.checks.append(_OUTDATED_PROPERTIES)
        self._check_trust(self.key, carried, verified, properties)

    def _check_algorithms(self) -> list[TransformPlan]:
        """Check that the policy allows the algorithms. Return the transforms of each reference."""
        signature, policy = self.signature, self.policy
        if signature.method not in policy.signature_methods:
            raise algorithm_not_allowed(signature.method)
        if signature.canonicalization.algorithm not in policy.canonicalizations & CANONICALIZATIONS:
            raise algorithm_not_allowed(signature.canonicalization.algorithm)
        digests = [reference.digest_method for reference in signature.references]
        if signature.method == RSA_PSS:
            digests += pss_digests(signature.method_element)
        for digest in digests:
            check_digest_method(digest, policy)
        if signature.method == RSA_PSS:
            check_pss_parameters(signature.method_element)
        return [plan_transforms(reference.transforms, policy) for reference in signature.references]

    def _signed_info(self) -> bytes:
        """Return the canonical SignedInfo, which the signature value is over."""
        method = self.signature.canonicalization
        try:
            return canonicalize(
                self.signature.signed_info,
                method.algorithm,
                prefixes=method.prefixes,
                count_effort=self.document.count_part_effort,
            )
        except etree.C14NError:
            raise NotPassed(
                SubIndication.FORMAT_FAILURE,
                "signature",
                _("The document has no canonical form: one of its namespaces is relative."),
            ) from None

    def _trusted_keys(self) -> list[CertifiedKey]:
        """Return the keys to try for a signature that carries no certificate."""
        if self.signature.certificates:
            return []
        return [read_key(each.public_bytes(Encoding.DER)) for each in self.policy.trust.end_entity_anchors]

    def _check_trust(
        self,
        key: CertifiedKey,
        carried: Sequence[CertifiedKey],
        verified: Sequence[VerifiedReference],
        properties: QualifyingProperties | None,
    ) -> None:
        """Judge the signer's certificate at the proven time, or at the given moment when no time is
        proven.
        """
        if is_for_timestamps(key.certificate):
            raise NotPassed(
                SubIndication.CHAIN_CONSTRAINTS_FAILURE,
                "key-usage",
                _("The signer's certificate is for time-stamps, not for documents."),
            )
        self.document.count_effort(_ISSUER_CHECK_EFFORT * len(carried) * (len(carried) - 1))
        self.poe = poe = prove_existence(
            self.document,
            self.signature,
            verified,
            properties.unsigned if properties else None,
            key.certificate,
            tuple(each.certificate for each in carried if each is not key),
            self.policy,
            self.moment,
            self.evidence,
        )
        if properties is not None and poe.time is not None:
            self.level = "XAdES-T"
            if poe.is_complete:
                self.level = "XAdES-LTA" if poe.is_archived else "XAdES-LT"
        self.trust = poe.trust.check_certificate(
            key.certificate,
            chain=poe.chain,
            at=poe.time or self.moment,
            revocation=self.policy.revocation,
        )
        *before, last = self.trust.checks
        self.checks += before
        if self.trust.sub_indication is not None:
            raise NotPassed(self.trust.sub_indication, last.name, last.reason)
        self.checks.append(last)


def _outside(uri: str) -> Check:
    return Check(
        "references",
        "unknown",
        _(
            "The manifest names something outside the document, which was not looked at: ${uri}",
            mapping={"uri": uri},
        ),
    )
