"""What a signature's references point at, what their transforms leave of it, and whether that is unchanged.

Transforms are recognised, never evaluated: each is one of a few known shapes, or is named as unsupported
(XML Signature 1.1, 4.4.3 and 6.6; XML Signature Best Practices, 2.1).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import Literal

from lxml import etree
from signxml.algorithms import CanonicalizationMethod as Canonicalization
from translationstring import TranslationStringFactory

from ..crypto.algorithms import BASE64, CANONICALIZATIONS, DIGESTS, DS, ENVELOPED, FILTER2, XPATH
from ..policy import ValidationPolicy
from .c14n import canonical, parse
from .report import NotPassed, SubIndication
from .structure import (
    MANIFEST,
    SIGNATURE,
    Document,
    Reference,
    Signature,
    Transform,
    limit,
    not_allowed,
    read_manifest,
)

_ = TranslationStringFactory("egovdocs")

LeavesOut = Literal["nothing", "own", "all"]

_STRING = etree.XPath("string()")
_OTHER_POINTER = re.compile(r"#[^()]+\(")
_XPOINTER_ID = re.compile(r"#xpointer\(id\((?:'([^']+)'|\"([^\"]+)\")\)\)")


def _expression(*parts: str) -> re.Pattern[str]:
    """An XPath expression of these tokens, with white space between any two of them (XPath 1.0, 3.7)."""
    return re.compile(
        r"[ \t\r\n]*".join(["", *(part if part is _SIGNATURE else re.escape(part) for part in parts), ""])
    )


_SIGNATURE = r"([^\s:()\[\]|/]+):Signature"
_INSIDE = ("ancestor-or-self", "::", _SIGNATURE)
_OWN = ("here", "(", ")", "/", "ancestor", "::", _SIGNATURE, "[", "1", "]")
_NOT_IN_A_SIGNATURE = _expression("not", "(", *_INSIDE, ")")
# What XML Signature 1.1, 6.6.4 says the enveloped-signature transform means.
_NOT_IN_THIS_SIGNATURE = _expression(
    "count", "(", *_INSIDE, "|", *_OWN, ")", ">", "count", "(", *_INSIDE, ")"
)
_EVERY_SIGNATURE = (_expression("/", "descendant", "::", _SIGNATURE), _expression("//", _SIGNATURE))
_THIS_SIGNATURE = _expression(*_OWN)


@dataclass(frozen=True, slots=True)
class Plan:
    """The transforms of a reference, understood: which signatures to leave out, then how to make octets."""

    leaves_out: LeavesOut
    from_base64: bool
    canonicalizations: tuple[Transform, ...]

    @property
    def is_plain(self) -> bool:
        """Whether the octets are those of the whole target, as markup."""
        return self.leaves_out == "nothing" and not self.from_base64


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference points at: the document (``element`` None) or an element."""

    element: etree._Element | None
    comments: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """A reference whose digest holds, and the octets it is of."""

    reference: Reference
    target: Target
    plan: Plan
    octets: bytes


def plan_of(transforms: Sequence[Transform], policy: ValidationPolicy) -> Plan:
    """Understand a reference's transforms.

    :raises NotPassed: one is not allowed, or not one of the shapes we know.
    """
    leaves_out: LeavesOut = "nothing"
    from_base64 = False
    canonicalizations: list[Transform] = []
    for transform in transforms:
        algorithm = transform.algorithm
        if algorithm not in policy.transforms:
            raise _unsupported(algorithm)
        if algorithm in CANONICALIZATIONS and not from_base64:
            canonicalizations.append(transform)
        elif canonicalizations or from_base64:
            raise _unsupported(algorithm)
        elif algorithm == ENVELOPED:
            leaves_out = _more(leaves_out, "own")
        elif algorithm == BASE64 and leaves_out == "nothing":
            from_base64 = True
        elif algorithm in (XPATH, FILTER2):
            leaves_out = _more(leaves_out, _recognised(transform))
        else:
            raise _unsupported(algorithm)
    return Plan(leaves_out, from_base64, tuple(canonicalizations))


def target_of(reference: Reference, document: Document) -> Target:
    """What the reference points at, in this very document.

    :raises NotPassed: it points outside, at nothing, or at two things.
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
        raise _unsupported(uri)
    raise NotPassed(
        SubIndication.SIGNED_DATA_NOT_FOUND,
        "references",
        _("The signature refers to something outside the document: ${uri}", mapping={"uri": uri or "—"}),
    )


def verify(reference: Reference, plan: Plan, signature: Signature, document: Document) -> Verified:
    """Follow the reference, apply its transforms, compare the digest (XML Signature 1.1, 3.2.1).

    :raises NotPassed: nothing to digest, too much to digest, or the digest differs.
    """
    target = target_of(reference, document)
    data = _octets(target, plan, signature, document)
    digest = DIGESTS[reference.digest_method](data).digest()
    if not hmac.compare_digest(digest, reference.digest_value):
        changed = _("The document has been changed since it was signed.")
        if reference.uri:
            changed = _("“${uri}” has been changed since it was signed.", mapping={"uri": reference.uri})
        raise NotPassed(SubIndication.HASH_FAILURE, "references", changed)
    return Verified(reference, target, plan, data)


def verify_manifests(
    verified: Sequence[Verified], signature: Signature, document: Document, policy: ValidationPolicy
) -> tuple[list[Verified], list[str]]:
    """Follow what signed manifests refer to (XML Signature 1.1, 5.1), and manifests in them.

    XML Signature leaves it to the application what to make of a reference that does not hold. As in the
    European DSS: one whose data are here and have changed is fatal, one whose data are elsewhere is told.

    :returns: what holds, and the addresses of what is not in the document.
    :raises NotPassed: as :func:`plan_of` and :func:`verify`.
    """
    found: list[Verified] = []
    elsewhere: list[str] = []
    for each in chain(verified, found):
        manifest = each.target.element
        if manifest is None or manifest.tag != MANIFEST or each.plan.from_base64:
            continue
        listed = read_manifest(manifest, policy)
        if len(verified) + len(found) + len(listed) > policy.max_references:
            raise limit(_("The signature has more references than are looked at."))
        for reference in listed:
            check_digest_method(reference.digest_method, policy)
            plan = plan_of(reference.transforms, policy)
            if reference.uri is None or (not reference.uri.startswith("#") and reference.uri):
                elsewhere.append(reference.uri or "—")
            else:
                found.append(verify(reference, plan, signature, document))
    return found, elsewhere


def check_digest_method(algorithm: str, policy: ValidationPolicy) -> None:
    """:raises NotPassed: the policy does not allow it, or nobody knows it."""
    if algorithm not in policy.digest_methods or algorithm not in DIGESTS:
        raise not_allowed(algorithm)


def left_out(leaves_out: LeavesOut, target: etree._Element, signature: Signature) -> list[etree._Element]:
    """The outermost signatures inside the target that the transforms leave out.

    :raises NotPassed: the target itself is inside one of them, so that nothing would be left.
    """
    if leaves_out == "nothing":
        return []
    own = signature.element
    around = {target, *target.iterancestors()}
    if (own in around) if leaves_out == "own" else any(each.tag == SIGNATURE for each in around):
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "references",
            _("The transforms of a reference leave nothing of what it points at."),
        )
    if leaves_out == "own":
        return [own] if target in own.iterancestors() else []
    return outermost(target)


def outermost(target: etree._Element) -> list[etree._Element]:
    """The signatures below an element that are in no other signature."""
    found = target.iter(SIGNATURE)
    return [each for each in found if next(each.iterancestors(SIGNATURE), None) is None]


def _octets(target: Target, plan: Plan, signature: Signature, document: Document) -> bytes:
    node, root = (
        (document.tree, document.root) if target.element is None else (target.element, target.element)
    )
    without = left_out(plan.leaves_out, root, signature)
    first = next(iter(plan.canonicalizations), None)
    if root is document.root:
        document.count_whole(first.prefixes if first else ())
    if plan.from_base64:
        return _decoded(str(_STRING(root)))
    data = _canonical(node, first, target.comments, without, document)
    for method in plan.canonicalizations[1:]:
        parsed = parse(data)
        document.count_part(data, parsed, method.prefixes)
        data = _canonical(parsed.getroottree(), method, True, [], document)
    return data


def _canonical(
    node: etree._ElementTree | etree._Element,
    method: Transform | None,
    comments: bool,
    without: list[etree._Element],
    document: Document,
) -> bytes:
    # Without a method named, octets come by Canonical XML 1.0 (XML Signature 1.1, 4.4.3.2).
    algorithm, prefixes = (
        (method.algorithm, method.prefixes) if method else (Canonicalization.CANONICAL_XML_1_0.value, ())
    )
    try:
        return canonical(
            node,
            algorithm,
            prefixes=prefixes,
            comments=comments,
            without=without,
            spend=document.count_part,
        )
    except etree.C14NError:
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "references",
            _("The document has no canonical form: one of its namespaces is relative."),
        ) from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise NotPassed(
            SubIndication.FORMAT_FAILURE, "references", _("What a reference decodes as base64 is not base64.")
        ) from None


def _recognised(transform: Transform) -> LeavesOut:
    """What an XPath or XPath Filter 2 transform leaves out, if its expressions are ones we know by heart."""
    expressions = list(transform.element.iterchildren(etree.Element))
    recognise = _filtered if transform.algorithm == FILTER2 else _selected
    found = [each for each in map(recognise, expressions) if each is not None]
    if not found or len(found) < len(expressions) or (transform.algorithm == XPATH and len(found) > 1):
        raise _unsupported(transform.algorithm)
    return reduce(_more, found)


def _selected(expression: etree._Element) -> LeavesOut | None:
    """What is not selected (XML Signature 1.1, 6.6.3)."""
    if expression.tag == f"{{{DS}}}XPath":
        if _names_signatures(_NOT_IN_A_SIGNATURE, expression):
            return "all"
        if _names_signatures(_NOT_IN_THIS_SIGNATURE, expression):
            return "own"
    return None


def _filtered(expression: etree._Element) -> LeavesOut | None:
    """What a filter takes away (XML-Signature XPath Filter 2.0, 3.4).

    Not "intersect /", of which libxmlsec and the JDK make something else, and not the same.
    """
    if expression.tag == f"{{{FILTER2}}}XPath" and expression.get("Filter") == "subtract":
        if any(_names_signatures(shape, expression) for shape in _EVERY_SIGNATURE):
            return "all"
        if _names_signatures(_THIS_SIGNATURE, expression):
            return "own"
    return None


def _more(one: LeavesOut, other: LeavesOut) -> LeavesOut:
    return "all" if "all" in (one, other) else "own" if "own" in (one, other) else "nothing"


def _names_signatures(shape: re.Pattern[str], expression: etree._Element) -> bool:
    if len(expression):
        return False
    match = shape.fullmatch(expression.text or "")
    return match is not None and {expression.nsmap.get(prefix) for prefix in match.groups()} == {DS}


def _unsupported(algorithm: str) -> NotPassed:
    return NotPassed(
        SubIndication.SIG_CONSTRAINTS_FAILURE,
        "transforms",
        _(
            "The signature uses a transform that is not supported: ${algorithm}",
            mapping={"algorithm": algorithm},
        ),
    )
