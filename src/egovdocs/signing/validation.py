"""Validation of XML signatures, in this order: limits and structure, algorithms, cryptography, coverage,
XAdES, trust.

Each step leaves a check behind; the first that fails ends it and names the sub-indication (ETSI EN 319
102-1, 5). The document is parsed once, and nothing of it is read but what a digest was compared over.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from translationstring import TranslationStringFactory

from .crypto.algorithms import CANONICALIZATIONS, DS, EXCLUSIVE, RSA_PSS, XADES
from .policy import Coverage, ValidationPolicy, moment_of
from .timestamps.tokens import is_for_timestamps
from .trust.store import TrustVerdict
from .xades import properties as xades
from .xades.poe import Proof, prove
from .xmldsig import references
from .xmldsig import signing_key as keys
from .xmldsig.c14n import canonical
from .xmldsig.references import Plan, Verified
from .xmldsig.report import (
    Check,
    Covers,
    Indication,
    Level,
    NotPassed,
    SignatureReport,
    SubIndication,
    ValidationReport,
)
from .xmldsig.signing_key import Key
from .xmldsig.structure import SIGNATURE_VALUE, Document, Signature, not_allowed, read_signature

if TYPE_CHECKING:
    from .xades.augmentation import Evidence

_ = TranslationStringFactory("egovdocs")
_log = logging.getLogger(__name__)

_EFFORT_OF_TWO = 25_000
"""What it takes to see whether one certificate issued another, in the time of octets (measured)."""
_QUALIFYING_PROPERTIES = f"{{{XADES}}}QualifyingProperties"
_ABOUT_THE_SIGNATURE = (_QUALIFYING_PROPERTIES, f"{{{DS}}}SignatureProperties")

_STRUCTURE = Check("structure", "passed", _("The signature has the shape of an XML signature."))
_ALGORITHMS = Check("algorithms", "passed", _("Its algorithms and transforms are allowed ones."))
_REFERENCES = Check("references", "passed", _("What was signed has not been changed."))
_VALUE = Check("signature", "passed", _("The signature was made with the key of the certificate it carries."))
_PROPERTIES = Check(
    "properties", "passed", _("The XAdES properties are signed and belong to this signature.")
)
_OLD_PROPERTIES = Check(
    "properties",
    "unknown",
    _("The signature has XAdES properties of a version before 1.3.2, which were not looked at."),
)
_WHOLE = Check("coverage", "passed", _("The signature covers the whole document."))
_PART = Check("coverage", "passed", _("The signature covers a part of the document."))
_ONLY_COUNTER = Check(
    "structure", "failed", _("The document carries nothing but signatures of other signatures.")
)
_COUNTER = Check("coverage", "passed", _("It is a counter-signature: it covers another signature."))


def validate(
    document: bytes | bytearray | memoryview,
    policy: ValidationPolicy,
    *,
    at: datetime | None = None,
    evidence: Evidence | None = None,
) -> ValidationReport:
    """Tell whether a document's signatures are valid.

    A signature whose time is proven, by a time-stamp in it or in the evidence, is judged at that time: what
    happened to its certificate afterwards does it no harm (ETSI EN 319 102-1, 5.5 and 5.6).

    :param at: the moment to judge at; now when left out. Without a zone it is taken as UTC.
    :param evidence: what :func:`egovdocs.signing.gather_evidence` took when the document came.
    :returns: a report, whatever the bytes are.
    :raises TypeError: the policy, the moment or the evidence is none; nothing else is ever raised.
    """
    moment = moment_of(at)
    if not isinstance(policy, ValidationPolicy):
        raise TypeError(f"policy must be a ValidationPolicy, not {policy!r}")
    if not hasattr(evidence, "all_certificates") and evidence is not None:
        raise TypeError("evidence must be such as gather_evidence gives")
    try:
        return _report(Document(_octets(document), policy), policy, moment, evidence)
    except NotPassed as end:
        return ValidationReport(end.sub_indication.indication, end.sub_indication, checks=(end.check,))
    except Exception:
        # A stranger's bytes must never stop the one who asks; what slipped through is ours to mend.
        _log.exception("validation failed unexpectedly")
        return ValidationReport(
            Indication.INDETERMINATE, SubIndication.POLICY_PROCESSING_ERROR, checks=(_unexpected(),)
        )


def _octets(document: object) -> bytes:
    if not isinstance(document, bytes | bytearray | memoryview):
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "structure",
            _(
                "The document was not given in octets, as it was signed: ${kind}",
                mapping={"kind": type(document).__name__},
            ),
        )
    return bytes(document)


def _report(
    document: Document, policy: ValidationPolicy, moment: datetime, evidence: Evidence | None
) -> ValidationReport:
    validations = [
        _Validation(element, document, policy, moment, evidence) for element in document.signatures
    ]
    reports = tuple(validation.report() for validation in validations)
    main = [report for report in reports if not report.counter_signature]
    worst = next(
        (
            report
            for indication in (Indication.TOTAL_FAILED, Indication.INDETERMINATE)
            for report in main
            if report.indication is indication
        ),
        None,
    )
    if worst is not None:
        return ValidationReport(worst.indication, worst.sub_indication, reports)
    if not main:
        return ValidationReport(
            Indication.TOTAL_FAILED, SubIndication.FORMAT_FAILURE, reports, checks=(_ONLY_COUNTER,)
        )
    return ValidationReport(Indication.TOTAL_PASSED, None, reports, content=_content(document, validations))


def _content(document: Document, validations: Sequence[_Validation]) -> bytes | None:
    """The document without its signatures, when one covers the whole of it."""
    whole = [each for each in validations if each.covers == "whole"]
    if not whole:
        return None
    (first, *_others) = whole
    if first.element is document.root:
        return _enveloped_content(first)
    verified = next(each for each in first.data if _is_whole(each, document))
    without = (
        references.outermost(document.root)
        if any(_leaves_out_all(each, document) for each in whole)
        else [each.element for each in whole]
    )
    plan = verified.plan
    if (
        [method.algorithm for method in plan.canonicalizations] == [EXCLUSIVE]
        and not plan.canonicalizations[0].prefixes
        and len(without) == len(references.left_out(plan.leaves_out, document.root, first.signature))
    ):
        return verified.octets
    node = document.tree if verified.target.element is None else document.root
    return canonical(node, EXCLUSIVE, without=without)


def _leaves_out_all(validation: _Validation, document: Document) -> bool:
    return any(_is_whole(each, document) and each.plan.leaves_out == "all" for each in validation.data)


def _enveloped_content(validation: _Validation) -> bytes | None:
    """What an enveloping signature holds, if it holds one element."""
    held = [
        child
        for each in validation.enveloped
        for child in each.iterchildren(etree.Element)
        if child.tag not in _ABOUT_THE_SIGNATURE
    ]
    return canonical(held[0], EXCLUSIVE) if len(held) == 1 else None


def _is_whole(verified: Verified, document: Document) -> bool:
    target, plan = verified.target.element, verified.plan
    return (target is None or target is document.root) and not plan.from_base64


@dataclass
class _Validation:
    """One signature on its way through the steps."""

    element: etree._Element
    document: Document
    policy: ValidationPolicy
    moment: datetime
    evidence: Evidence | None
    checks: list[Check] = field(default_factory=list)
    level: Level = "XML-DSig"
    covers: Covers = "none"
    key: Key | None = None
    trust: TrustVerdict | None = None
    signing_time: datetime | None = None
    proof: Proof | None = None
    data: list[Verified] = field(default_factory=list)
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
            _log.exception("validation failed unexpectedly")
            sub_indication = SubIndication.POLICY_PROCESSING_ERROR
            self.checks.append(_unexpected())
        return SignatureReport(
            indication=sub_indication.indication if sub_indication else Indication.TOTAL_PASSED,
            sub_indication=sub_indication,
            # What failed for want of a time-stamp is told before what is wrong with the time-stamp.
            checks=(*self.checks, *(self.proof.checks if self.proof else ())),
            level=self.level,
            covers=self.covers,
            signer=self.key.holder if self.key else None,
            certificate=self.key.certificate if self.key else None,
            chain=self.trust.chain if self.trust else (),
            signing_time=self.signing_time,
            proven_time=self.proof.time if self.proof else None,
            counter_signature=self.is_counter,
            covered=() if sub_indication else tuple(each.octets for each in self.data),
        )

    def _run(self) -> None:
        self.signature = signature = read_signature(self.element, self.policy)
        self.is_counter = signature.countersigned is not None
        properties = xades.read_properties(signature)
        if properties is not None:
            self.level, self.signing_time = "XAdES-B", properties.signing_time
        self.checks.append(_STRUCTURE)

        plans = self._plans()
        carried = keys.keys_in(signature)
        if len(carried) == 1:
            self.key = carried[0]
        signed_info = self._signed_info()
        self.key = keys.signing_key(
            signature, carried, self._trusted_keys(), signed_info, self.document.count
        )
        keys.check_key(self.key, signature.method, self.policy)
        self.checks.append(_ALGORITHMS)

        verified = [
            references.verify(reference, plan, signature, self.document)
            for reference, plan in zip(signature.references, plans, strict=True)
        ]
        in_manifests, elsewhere = references.verify_manifests(verified, signature, self.document, self.policy)
        self.checks.append(_REFERENCES)
        self.checks += map(_elsewhere, elsewhere)
        if not keys.value_verifies(signature, self.key, signed_info):
            raise NotPassed(
                SubIndication.SIG_CRYPTO_FAILURE,
                "signature",
                _("The signature was not made with the key of the certificate it carries."),
            )
        keys.check_key_value(signature, self.key)
        self.checks.append(_VALUE)

        self.document.check_identifiers()
        self._coverage([*verified, *in_manifests])
        if properties is not None:
            xades.check_properties(
                properties, signature, self.key.certificate, verified, self.document, self.policy
            )
            self.checks.append(_PROPERTIES)
        elif xades.are_of_old(signature):
            self.checks.append(_OLD_PROPERTIES)
        self._trust(carried, verified, properties)

    def _plans(self) -> list[Plan]:
        signature, policy = self.signature, self.policy
        if signature.method not in policy.signature_methods:
            raise not_allowed(signature.method)
        if signature.canonicalization.algorithm not in policy.canonicalizations & CANONICALIZATIONS:
            raise not_allowed(signature.canonicalization.algorithm)
        digests = [reference.digest_method for reference in signature.references]
        if signature.method == RSA_PSS:
            digests += keys.pss_digests(signature.method_element)
        for digest in digests:
            references.check_digest_method(digest, policy)
        if signature.method == RSA_PSS:
            keys.check_pss_parameters(signature.method_element)
        return [references.plan_of(reference.transforms, policy) for reference in signature.references]

    def _signed_info(self) -> bytes:
        method = self.signature.canonicalization
        try:
            return canonical(
                self.signature.signed_info,
                method.algorithm,
                prefixes=method.prefixes,
                spend=self.document.count_part,
            )
        except etree.C14NError:
            raise NotPassed(
                SubIndication.FORMAT_FAILURE,
                "signature",
                _("The document has no canonical form: one of its namespaces is relative."),
            ) from None

    def _trusted_keys(self) -> list[Key]:
        if self.signature.certificates:
            return []
        return [
            keys.read_key(each.public_bytes(Encoding.DER)) for each in self.policy.trust.trusted_as_themselves
        ]

    def _coverage(self, verified: Sequence[Verified]) -> None:
        self.data = [each for each in verified if self._is_data(each)]
        if self.signature.countersigned is not None:
            self._countersigns(verified)
            return
        if self._countersigns_apart():
            self.is_counter = True
            self.checks.append(_COUNTER)
            return
        if any(_is_whole(each, self.document) for each in self.data) or self._covers_enveloped():
            self.covers = "whole"
            self.checks.append(_WHOLE)
            return
        self.covers = "part" if self.data else "none"
        if self.covers == "none":
            raise NotPassed(
                SubIndication.SIG_CONSTRAINTS_FAILURE,
                "coverage",
                _("The signature covers nothing but its own properties."),
            )
        if self.policy.coverage is Coverage.WHOLE:
            raise NotPassed(
                SubIndication.SIG_CONSTRAINTS_FAILURE,
                "coverage",
                _("The signature covers only a part of the document, and the whole must be signed."),
            )
        self.checks.append(_PART)

    def _is_data(self, verified: Verified) -> bool:
        """Whether a reference is to what people sign, and not to a piece of the signature itself."""
        target = verified.target.element
        if target is None:
            return True
        around = [target, *target.iterancestors()]
        if self.element not in around:
            return True
        depth = around.index(self.element)
        # Signature, Object, and what is in it, unless that is the XAdES properties.
        own = depth > 1 and around[depth - 2].tag == _QUALIFYING_PROPERTIES
        return depth > 0 and not own and any(around[depth - 1] is held for held in self.enveloped)

    @property
    def enveloped(self) -> list[etree._Element]:
        """The ds:Object elements, but for one with nothing in it but the XAdES properties."""
        return [
            each
            for each in self.signature.objects
            if [child.tag for child in each.iterchildren(etree.Element)] != [_QUALIFYING_PROPERTIES]
        ]

    def _covers_enveloped(self) -> bool:
        """Whether it is an enveloping signature, and all it envelops is signed."""
        if self.element is not self.document.root or not self.enveloped:
            return False
        signed = [each for each in self.data if each.plan.leaves_out == "nothing"]
        return all(self._is_covered(held, signed) for held in self.enveloped)

    def _is_covered(self, held: etree._Element, signed: Sequence[Verified]) -> bool:
        children = [
            child for child in held.iterchildren(etree.Element) if child.tag != _QUALIFYING_PROPERTIES
        ]
        # Decoded base64 says nothing about the elements the text stood in.
        targets = {each.target.element for each in signed if not (each.plan.from_base64 and children)}
        if held in targets:
            return True
        texts = [held.text, *(child.tail for child in held)]
        return (
            bool(children)
            and not any(text and text.strip() for text in texts)
            and targets.issuperset(children)
        )

    def _countersigns(self, verified: Sequence[Verified]) -> None:
        """EN 319 132-1, 5.2.7.2: it signs the other's SignatureValue."""
        assert self.signature.countersigned is not None
        value = read_signature(self.signature.countersigned, self.policy).value_element
        if not any(each.target.element is value for each in verified):
            raise NotPassed(
                SubIndication.SIGNED_DATA_NOT_FOUND,
                "coverage",
                _("The counter-signature does not cover the signature it stands in."),
            )
        self.checks.append(_COUNTER)

    def _countersigns_apart(self) -> bool:
        """EN 319 132-1, 5.2.7.1: it stands by itself, signs only other signatures' values, and says so."""
        values = [value for each in self.document.signatures for value in each.iterchildren(SIGNATURE_VALUE)]
        return any(each.reference.type == xades.COUNTERSIGNED for each in self.data) and all(
            each.target.element in values for each in self.data
        )

    def _trust(
        self, carried: Sequence[Key], verified: Sequence[Verified], properties: xades.Properties | None
    ) -> None:
        assert self.key is not None
        if is_for_timestamps(self.key.certificate):
            raise NotPassed(
                SubIndication.CHAIN_CONSTRAINTS_FAILURE,
                "key-usage",
                _("The signer's certificate is for time-stamps, not for documents."),
            )
        self.document.count(_EFFORT_OF_TWO * len(carried) * (len(carried) - 1))
        self.proof = proof = prove(
            self.document,
            self.signature,
            verified,
            properties.unsigned if properties else None,
            self.key.certificate,
            tuple(key.certificate for key in carried if key is not self.key),
            self.policy,
            self.moment,
            self.evidence,
        )
        if properties is not None and proof.time is not None:
            self.level = "XAdES-T"
            if proof.complete:
                self.level = "XAdES-LTA" if proof.archived else "XAdES-LT"
        self.trust = proof.trust.check_certificate(
            self.key.certificate,
            chain=proof.chain,
            at=proof.time or self.moment,
            revocation=self.policy.revocation,
        )
        *before, last = self.trust.checks
        self.checks += before
        if self.trust.sub_indication is not None:
            raise NotPassed(self.trust.sub_indication, last.name, last.reason)
        self.checks.append(last)


def _elsewhere(uri: str) -> Check:
    return Check(
        "references",
        "unknown",
        _(
            "The manifest names something outside the document, which was not looked at: ${uri}",
            mapping={"uri": uri},
        ),
    )


def _unexpected() -> Check:
    return Check("structure", "failed", _("The signature could not be processed."))
