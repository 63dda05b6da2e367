"""What a time-stamp of a signature is over, octet by octet (ETSI EN 319 132-1, 5.3 and 5.5.2).

DSS, which made most archive time-stamps there are, computes them likewise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from ..crypto.algorithms import XADES
from ..xmldsig.c14n import Spend, canonical, parse
from ..xmldsig.references import Verified
from ..xmldsig.structure import Signature

_QUALIFYING_PROPERTIES = f"{{{XADES}}}QualifyingProperties"


def signature_imprint(signature: Signature, algorithm: str, prefixes: Sequence[str] = ()) -> bytes:
    """What a SignatureTimeStamp is over: the SignatureValue (EN 319 132-1, 5.3)."""
    return canonical(signature.value_element, algorithm, prefixes=prefixes)


def archive_imprint(
    signature: Signature,
    verified: Sequence[Verified],
    before: Iterable[bytes],
    algorithm: str,
    prefixes: Sequence[str] = (),
    *,
    unreferenced_only: bool = False,
    spend: Spend | None = None,
) -> bytes:
    """What an ArchiveTimeStamp is over: all data, the signature, and what vouched for it until then
    (EN 319 132-1, 5.5.2.2, not distributed).

    :param verified: the signature's references in their order.
    :param before: the unsigned properties that stand before it, in canonical form.
    :param algorithm: the canonicalisation the time-stamp names, with its ``prefixes``.
    :param unreferenced_only: of the ds:Object elements only those that no reference is to (TS 101 903 v1.3.2,
        7.7.1, the property of that version).
    :param spend: as for :func:`egovdocs.signing.xmldsig.c14n.canonical`.
    """

    def octets(element: etree._Element) -> bytes:
        return canonical(element, algorithm, prefixes=prefixes, spend=spend)

    parts = [_octets_of(each, algorithm, prefixes, spend) for each in verified]
    parts += [octets(signature.signed_info), octets(signature.value_element)]
    if signature.key_info is not None:
        parts.append(octets(signature.key_info))
    parts += before
    referenced = {each.target.element for each in verified} if unreferenced_only else set()
    parts += [
        octets(each)
        for each in signature.objects
        if each not in referenced and each.find(_QUALIFYING_PROPERTIES) is None
    ]
    return b"".join(parts)


def _octets_of(verified: Verified, algorithm: str, prefixes: Sequence[str], spend: Spend | None) -> bytes:
    """The octets of a reference; where its transforms leave nodes, canonical as the time-stamp has it."""
    plan = verified.plan
    if plan.canonicalizations or plan.from_base64:
        return verified.octets
    root = parse(verified.octets)
    if spend is not None:
        spend(verified.octets, root, prefixes)
    return canonical(root.getroottree(), algorithm, prefixes=prefixes)
