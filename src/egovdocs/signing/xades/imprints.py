"""The bytes that a time-stamp of a signature is over (ETSI EN 319 132-1, 5.3 and 5.5.2).

DSS, which made most existing archive time-stamps, computes them in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from ..xmldsig.c14n import EffortCounter, canonicalize, parse
from ..xmldsig.references import VerifiedReference
from ..xmldsig.structure import QUALIFYING_PROPERTIES, Signature


def signature_imprint(signature: Signature, algorithm: str, prefixes: Sequence[str] = ()) -> bytes:
    """Return the bytes of a SignatureTimeStamp: the canonical SignatureValue (ETSI EN 319 132-1, 5.3)."""
    return canonicalize(signature.value_element, algorithm, prefixes=prefixes)


def archive_imprint(
    signature: Signature,
    verified: Sequence[VerifiedReference],
    before: Iterable[bytes],
    algorithm: str,
    prefixes: Sequence[str] = (),
    *,
    unreferenced_only: bool = False,
    count_effort: EffortCounter | None = None,
) -> bytes:
    """Return the bytes of an ArchiveTimeStamp: all data, the signature, and the earlier evidence (ETSI EN 319
    132-1, 5.5.2.2, not distributed).

    :param verified: the signature's references in their order.
    :param before: the unsigned properties before the time-stamp, in canonical form.
    :param algorithm: the canonicalisation that the time-stamp names, with its ``prefixes``.
    :param unreferenced_only: of the ds:Object elements, include only those without a reference to them (the
        property of TS 101 903 v1.3.2, 7.7.1).
    :param count_effort: as for :func:`egovdocs.signing.xmldsig.c14n.canonicalize`.
    """

    def canonical_bytes(element: etree._Element) -> bytes:
        return canonicalize(element, algorithm, prefixes=prefixes, count_effort=count_effort)

    parts = [_reference_bytes(each, algorithm, prefixes, count_effort) for each in verified]
    parts += [canonical_bytes(signature.signed_info), canonical_bytes(signature.value_element)]
    if signature.key_info is not None:
        parts.append(canonical_bytes(signature.key_info))
    parts += before
    referenced = {each.target.element for each in verified} if unreferenced_only else set()
    parts += [
        canonical_bytes(each)
        for each in signature.objects
        if each not in referenced and each.find(QUALIFYING_PROPERTIES) is None
    ]
    return b"".join(parts)


def _reference_bytes(
    verified: VerifiedReference, algorithm: str, prefixes: Sequence[str], count_effort: EffortCounter | None
) -> bytes:
    """Return the bytes of a reference; canonical by the time-stamp's algorithm when its transforms result in
    nodes.
    """
    plan = verified.plan
    if plan.canonicalizations or plan.from_base64:
        return verified.data
    root = parse(verified.data)
    if count_effort is not None:
        count_effort(verified.data, root, prefixes)
    return canonicalize(root.getroottree(), algorithm, prefixes=prefixes)
