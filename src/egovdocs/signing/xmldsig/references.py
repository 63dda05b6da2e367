"""References: what they point at, and whether it is unchanged (XML Signature 1.1, 3.2.1, 4.4.3 and 5.1)."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from lxml import etree
from signxml.algorithms import CanonicalizationMethod as Canonicalization
from translationstring import TranslationStringFactory

from ..crypto.algorithms import DIGESTS
from ..indications import NotPassed, SubIndication
from ..policy import ValidationPolicy
from .c14n import canonicalize, parse
from .parsed_document import SIGNATURE, ParsedDocument
from .parsing import limit_exceeded
from .structure import MANIFEST, Reference, Signature, Transform, algorithm_not_allowed, read_manifest
from .transforms import Omission, TransformPlan, plan_transforms, transform_not_supported

_ = TranslationStringFactory("egovdocs")

_STRING = etree.XPath("string()")
_OTHER_POINTER = re.compile(r"#[^()]+\(")
_XPOINTER_ID = re.compile(r"#xpointer\(id\((?:'([^']+)'|\"([^\"]+)\")\)\)")


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference points at: the document (``element`` None) or an element.

    :ivar comments: whether the node-set includes comments (XML Signature 1.1, 4.4.3.3).
    """

    element: etree._Element | None
    comments: bool


@dataclass(frozen=True, slots=True)
class VerifiedReference:
    """A reference whose digest matches, and the bytes that were digested."""

    reference: Reference
    target: Target
    plan: TransformPlan
    data: bytes


def verify_reference(
    reference: Reference, plan: TransformPlan, signature: Signature, document: ParsedDocument
) -> VerifiedReference:
    """Resolve a reference, apply its transforms and compare the digest (XML Signature 1.1, 3.2.1).

    :raises NotPassed: there is nothing to digest, too much of it, or the digest differs.
    """
    target = _resolve_target(reference, document)
    data = _transformed(target, plan, signature, document)
    digest = DIGESTS[reference.digest_method](data).digest()
    if not hmac.compare_digest(digest, reference.digest_value):
        changed = _("The document has been changed since it was signed.")
        if reference.uri:
            changed = _("“${uri}” has been changed since it was signed.", mapping={"uri": reference.uri})
        raise NotPassed(SubIndication.HASH_FAILURE, "references", changed)
    return VerifiedReference(reference, target, plan, data)


def verify_manifests(
    verified: Sequence[VerifiedReference],
    signature: Signature,
    document: ParsedDocument,
    policy: ValidationPolicy,
) -> tuple[list[VerifiedReference], list[str]]:
    """Verify the references of signed manifests (XML Signature 1.1, 5.1), and of manifests in them.

    XML Signature leaves it to the application what a reference that does not match means. As in the European
    DSS, it is fatal when the data are in this document, and reported when they are elsewhere.

    :returns: the references that match, and the addresses of data outside the document.
    :raises NotPassed: as :func:`plan_transforms` and :func:`verify_reference`.
    """
    found: list[VerifiedReference] = []
    outside: list[str] = []
    for each in chain(verified, found):
        manifest = each.target.element
        if manifest is None or manifest.tag != MANIFEST or each.plan.from_base64:
            continue
        listed = read_manifest(manifest, policy)
        if len(verified) + len(found) + len(listed) > policy.max_references:
            raise limit_exceeded(_("The signature has more references than are looked at."))
        for reference in listed:
            check_digest_method(reference.digest_method, policy)
            plan = plan_transforms(reference.transforms, policy)
            if reference.uri is None or (not reference.uri.startswith("#") and reference.uri):
                outside.append(reference.uri or "—")
            else:
                found.append(verify_reference(reference, plan, signature, document))
    return found, outside


def check_digest_method(algorithm: str, policy: ValidationPolicy) -> None:
    """:raises NotPassed: the policy does not allow it, or it is not implemented."""
    if algorithm not in policy.digest_methods or algorithm not in DIGESTS:
        raise algorithm_not_allowed(algorithm)


def omitted_signatures(omits: Omission, target: etree._Element, signature: Signature) -> list[etree._Element]:
    """Return the outermost signatures inside the target that the transforms omit.

    :raises NotPassed: the target itself is inside one of them, so that nothing would be left.
    """
    if omits == "nothing":
        return []
    own = signature.element
    around = {target, *target.iterancestors()}
    if (own in around) if omits == "own" else any(each.tag == SIGNATURE for each in around):
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "references",
            _("The transforms of a reference leave nothing of what it points at."),
        )
    if omits == "own":
        return [own] if target in own.iterancestors() else []
    return outermost_signatures(target)


def outermost_signatures(target: etree._Element) -> list[etree._Element]:
    """Return the signatures below an element that are not inside another signature."""
    found = target.iter(SIGNATURE)
    return [each for each in found if next(each.iterancestors(SIGNATURE), None) is None]


def _resolve_target(reference: Reference, document: ParsedDocument) -> Target:
    """Return what the reference points at in this document.

    :raises NotPassed: it points outside, at nothing, or at two elements.
    """
    uri = reference.uri
    if uri == "":
        return Target(None, comments=False)
    if uri == "#xpointer(/)":
        return Target(None, comments=True)
    if uri and (match := _XPOINTER_ID.fullmatch(uri)):
        return Target(document.element_by_id(match[1] or match[2]), comments=True)
    if uri and uri.startswith("#") and not _OTHER_POINTER.match(uri):
        return Target(document.element_by_id(uri[1:]), comments=False)
    if uri and uri.startswith("#"):
        raise transform_not_supported(uri)
    raise NotPassed(
        SubIndication.SIGNED_DATA_NOT_FOUND,
        "references",
        _("The signature refers to something outside the document: ${uri}", mapping={"uri": uri or "—"}),
    )


def _transformed(
    target: Target, plan: TransformPlan, signature: Signature, document: ParsedDocument
) -> bytes:
    node, root = (
        (document.tree, document.root) if target.element is None else (target.element, target.element)
    )
    without = omitted_signatures(plan.omits, root, signature)
    first = next(iter(plan.canonicalizations), None)
    if root is document.root:
        document.count_document_effort(first.prefixes if first else ())
    if plan.from_base64:
        return _decode(str(_STRING(root)))
    data = _canonicalize(node, first, target.comments, without, document)
    for method in plan.canonicalizations[1:]:
        parsed = parse(data)
        document.count_part_effort(data, parsed, method.prefixes)
        data = _canonicalize(parsed.getroottree(), method, True, [], document)
    return data


def _canonicalize(
    node: etree._ElementTree | etree._Element,
    method: Transform | None,
    comments: bool,
    without: list[etree._Element],
    document: ParsedDocument,
) -> bytes:
    # Canonical XML 1.0 is the default (XML Signature 1.1, 4.4.3.2).
    algorithm, prefixes = (
        (method.algorithm, method.prefixes) if method else (Canonicalization.CANONICAL_XML_1_0.value, ())
    )
    try:
        return canonicalize(
            node,
            algorithm,
            prefixes=prefixes,
            comments=comments,
            without=without,
            count_effort=document.count_part_effort,
        )
    except etree.C14NError:
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "references",
            _("The document has no canonical form: one of its namespaces is relative."),
        ) from None


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise NotPassed(
            SubIndication.FORMAT_FAILURE, "references", _("What a reference decodes as base64 is not base64.")
        ) from None
