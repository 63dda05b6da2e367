"""How much of a document a signature covers (XML Signature 1.1, 8.1.1), and counter-signatures (ETSI EN 319
132-1, 5.2.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from translationstring import TranslationStringFactory

from ..crypto.algorithms import EXCLUSIVE
from ..indications import Check, NotPassed, SubIndication
from ..namespaces import DS
from ..policy import Coverage, ValidationPolicy
from .c14n import canonicalize
from .parsed_document import ParsedDocument
from .references import VerifiedReference, omitted_signatures, outermost_signatures
from .report import Covers
from .structure import QUALIFYING_PROPERTIES, SIGNATURE_VALUE, Signature, read_signature

_ = TranslationStringFactory("egovdocs")

_COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"
_ABOUT_THE_SIGNATURE = (QUALIFYING_PROPERTIES, f"{{{DS}}}SignatureProperties")
_WHOLE = Check("coverage", "passed", _("The signature covers the whole document."))
_PART = Check("coverage", "passed", _("The signature covers a part of the document."))
_COUNTER = Check("coverage", "passed", _("It is a counter-signature: it covers another signature."))


@dataclass(frozen=True, slots=True)
class SignatureCoverage:
    """What a signature covers.

    :ivar data: the references to what people sign: not to the signature's own properties.
    :ivar is_counter: whether it is a counter-signature.
    """

    signature: Signature
    data: tuple[VerifiedReference, ...]
    covers: Covers
    is_counter: bool = False


def coverage_of(
    signature: Signature,
    verified: Sequence[VerifiedReference],
    document: ParsedDocument,
    policy: ValidationPolicy,
) -> SignatureCoverage:
    """Return what a signature covers.

    :param verified: all its references, those of manifests too.
    :raises NotPassed: it is in the properties of another signature and does not cover that one's value.
    """
    data = tuple(each for each in verified if _is_data(each, signature))
    if signature.countersigned is not None:
        _check_countersigned_value(signature.countersigned, verified, policy)
        return SignatureCoverage(signature, data, "none", is_counter=True)
    if _is_detached_counter_signature(data, document):
        return SignatureCoverage(signature, data, "none", is_counter=True)
    if any(_is_whole(each, document) for each in data) or _covers_enveloped(signature, data, document):
        return SignatureCoverage(signature, data, "whole")
    return SignatureCoverage(signature, data, "part" if data else "none")


def check_coverage(coverage: SignatureCoverage, policy: ValidationPolicy) -> Check:
    """Return the check that passed.

    :raises NotPassed: the signature covers less than the policy requires.
    """
    if coverage.is_counter:
        return _COUNTER
    if coverage.covers == "whole":
        return _WHOLE
    if coverage.covers == "none":
        raise NotPassed(
            SubIndication.SIG_CONSTRAINTS_FAILURE,
            "coverage",
            _("The signature covers nothing but its own properties."),
        )
    if policy.coverage is Coverage.WHOLE:
        raise NotPassed(
            SubIndication.SIG_CONSTRAINTS_FAILURE,
            "coverage",
            _("The signature covers only a part of the document, and the whole must be signed."),
        )
    return _PART


def signed_content(document: ParsedDocument, coverages: Sequence[SignatureCoverage]) -> bytes | None:
    """Return the canonical document without its signatures, when one covers the whole of it; else None."""
    whole = [each for each in coverages if each.covers == "whole"]
    if not whole:
        return None
    (first, *_others) = whole
    if first.signature.element is document.root:
        return _enveloped_content(first.signature)
    verified = next(each for each in first.data if _is_whole(each, document))
    without = (
        outermost_signatures(document.root)
        if any(_omits_all(each, document) for each in whole)
        else [each.signature.element for each in whole]
    )
    plan = verified.plan
    if (
        [method.algorithm for method in plan.canonicalizations] == [EXCLUSIVE]
        and not plan.canonicalizations[0].prefixes
        and len(without) == len(omitted_signatures(plan.omits, document.root, first.signature))
    ):
        return verified.data
    node = document.tree if verified.target.element is None else document.root
    return canonicalize(node, EXCLUSIVE, without=without)


def _omits_all(coverage: SignatureCoverage, document: ParsedDocument) -> bool:
    return any(_is_whole(each, document) and each.plan.omits == "all" for each in coverage.data)


def _enveloped_content(signature: Signature) -> bytes | None:
    """Return the content of an enveloping signature, when it is one element."""
    held = [
        child
        for each in _enveloped(signature)
        for child in each.iterchildren(etree.Element)
        if child.tag not in _ABOUT_THE_SIGNATURE
    ]
    return canonicalize(held[0], EXCLUSIVE) if len(held) == 1 else None


def _is_whole(verified: VerifiedReference, document: ParsedDocument) -> bool:
    target, plan = verified.target.element, verified.plan
    return (target is None or target is document.root) and not plan.from_base64


def _is_data(verified: VerifiedReference, signature: Signature) -> bool:
    """Return whether a reference points at what people sign, and not at a part of the signature itself."""
    target = verified.target.element
    if target is None:
        return True
    around = [target, *target.iterancestors()]
    if signature.element not in around:
        return True
    depth = around.index(signature.element)
    # Going down: Signature, Object, and its content, unless that is the XAdES properties.
    is_property = depth > 1 and around[depth - 2].tag == QUALIFYING_PROPERTIES
    return depth > 0 and not is_property and any(around[depth - 1] is held for held in _enveloped(signature))


def _enveloped(signature: Signature) -> list[etree._Element]:
    """Return the ds:Object elements, except one with only the XAdES properties in it."""
    return [
        each
        for each in signature.objects
        if [child.tag for child in each.iterchildren(etree.Element)] != [QUALIFYING_PROPERTIES]
    ]


def _covers_enveloped(
    signature: Signature, data: Sequence[VerifiedReference], document: ParsedDocument
) -> bool:
    """Return whether it is an enveloping signature, and all that it envelops is signed."""
    enveloped = _enveloped(signature)
    if signature.element is not document.root or not enveloped:
        return False
    signed = [each for each in data if each.plan.omits == "nothing"]
    return all(_is_covered(held, signed) for held in enveloped)


def _is_covered(held: etree._Element, signed: Sequence[VerifiedReference]) -> bool:
    children = [child for child in held.iterchildren(etree.Element) if child.tag != QUALIFYING_PROPERTIES]
    # A digest of decoded base64 covers the text, and not the elements around it.
    targets = {each.target.element for each in signed if not (each.plan.from_base64 and children)}
    if held in targets:
        return True
    texts = [held.text, *(child.tail for child in held)]
    return (
        bool(children) and not any(text and text.strip() for text in texts) and targets.issuperset(children)
    )


def _check_countersigned_value(
    countersigned: etree._Element, verified: Sequence[VerifiedReference], policy: ValidationPolicy
) -> None:
    """Check that a counter-signature in the properties of a signature signs its SignatureValue (ETSI EN 319
    132-1, 5.2.7.2).
    """
    value = read_signature(countersigned, policy).value_element
    if not any(each.target.element is value for each in verified):
        raise NotPassed(
            SubIndication.SIGNED_DATA_NOT_FOUND,
            "coverage",
            _("The counter-signature does not cover the signature it stands in."),
        )


def _is_detached_counter_signature(data: Sequence[VerifiedReference], document: ParsedDocument) -> bool:
    """Return whether a signature outside of another one's properties is marked as a counter-signature and
    signs only other signatures' values (ETSI EN 319 132-1, 5.2.7.1).
    """
    values = [value for each in document.signatures for value in each.iterchildren(SIGNATURE_VALUE)]
    return any(each.reference.type == _COUNTERSIGNED for each in data) and all(
        each.target.element in values for each in data
    )
