"""The structure of signatures (XML Signature 1.1, 4).

It is read strictly: each element once and in its place, and values without comments or child elements.
Canonicalisation drops comments, so a value with one in it would have one meaning for the digest and another
for its reader.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from translationstring import TranslationStringFactory

from ..crypto.algorithms import EXCLUSIVE
from ..indications import NotPassed, SubIndication
from ..namespaces import DS, DS11, XADES
from ..policy import ValidationPolicy
from .parsed_document import SIGNATURE
from .parsing import limit_exceeded, malformed

_ = TranslationStringFactory("egovdocs")

_DS = f"{{{DS}}}"
MANIFEST = f"{_DS}Manifest"
SIGNATURE_VALUE = f"{_DS}SignatureValue"
QUALIFYING_PROPERTIES = f"{{{XADES}}}QualifyingProperties"
# The ancestors of a counter-signature in the properties of another signature, nearest first.
_COUNTER_SIGNATURE_ANCESTORS = (
    f"{{{XADES}}}CounterSignature",
    f"{{{XADES}}}UnsignedSignatureProperties",
    f"{{{XADES}}}UnsignedProperties",
    QUALIFYING_PROPERTIES,
    f"{_DS}Object",
    SIGNATURE,
)
_WHITESPACE = " \t\r\n"
_REMOVE_WHITESPACE = str.maketrans("", "", _WHITESPACE)


@dataclass(frozen=True, slots=True)
class Transform:
    """A transform or a canonicalisation method.

    :ivar prefixes: the PrefixList of exclusive canonicalisation.
    """

    algorithm: str
    element: etree._Element
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A ds:Reference (XML Signature 1.1, 4.4.3)."""

    element: etree._Element
    id: str | None
    uri: str | None
    type: str | None
    transforms: tuple[Transform, ...]
    digest_method: str
    digest_value: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """A ds:Signature as read; nothing in it is verified yet.

    :ivar certificates: the X509Certificate values, DER.
    :ivar countersigned: the ds:Signature element in whose properties this signature is (ETSI EN 319 132-1,
        5.2.7.2).
    """

    element: etree._Element
    id: str | None
    signed_info: etree._Element
    canonicalization: Transform
    method: str
    method_element: etree._Element
    references: tuple[Reference, ...]
    value_element: etree._Element
    value: bytes
    key_info: etree._Element | None
    objects: tuple[etree._Element, ...]
    certificates: tuple[bytes, ...]
    countersigned: etree._Element | None


def read_signature(element: etree._Element, policy: ValidationPolicy) -> Signature:
    """Read a ds:Signature.

    :raises NotPassed: it does not have the structure of XML Signature 1.1, 4.1, or exceeds a limit of the
        policy.
    """
    parts = list(_children(element))
    names = [part.tag for part in parts]
    expected = [f"{_DS}SignedInfo", SIGNATURE_VALUE]
    if names[2:3] == [f"{_DS}KeyInfo"]:
        expected.append(f"{_DS}KeyInfo")
    misplaced = (each for each in element.iter(*expected[:2]) if each.getparent().tag != SIGNATURE)  # type: ignore[union-attr]
    if (
        names[: len(expected)] != expected
        or set(names[len(expected) :]) - {f"{_DS}Object"}
        or any(True for _each in misplaced)
    ):
        raise malformed(_("The signature does not have the parts of an XML signature in their order."))
    signed_info, value = parts[:2]
    key_info = parts[2] if len(expected) == 3 else None
    method, *references = _signed_info(signed_info)
    if len(references) > policy.max_references:
        raise limit_exceeded(_("The signature has more references than are looked at."))
    certificates = _certificates(key_info)
    if (
        len(certificates) > policy.max_certificates
        or sum(map(len, certificates)) > policy.max_certificate_bytes
    ):
        raise limit_exceeded(_("The signature carries more, or longer, certificates than are looked at."))
    return Signature(
        element=element,
        id=element.get("Id"),
        signed_info=signed_info,
        canonicalization=_transform(next(_children(signed_info))),
        method=_algorithm(method),
        method_element=method,
        references=tuple(_reference(reference, policy) for reference in references),
        value_element=value,
        value=decode_value(value),
        key_info=key_info,
        objects=tuple(parts[len(expected) :]),
        certificates=certificates,
        countersigned=_countersigned(element),
    )


def read_manifest(manifest: etree._Element, policy: ValidationPolicy) -> list[Reference]:
    """Return the references of a ds:Manifest (XML Signature 1.1, 5.1).

    :raises NotPassed: it has none, too many, or other elements.
    """
    parts = list(islice(_children(manifest), policy.max_references + 1))
    if {part.tag for part in parts} != {f"{_DS}Reference"}:
        raise malformed(_("The signature's manifest holds anything but references."))
    if len(parts) > policy.max_references:
        raise limit_exceeded(_("The signature has more references than are looked at."))
    return [_reference(part, policy) for part in parts]


def value_text(element: etree._Element) -> str:
    """Return the text of an element that holds a value.

    :raises NotPassed: there is something other than text in it.
    """
    if len(element):
        raise malformed(_("Something stands inside a value of the signature, such as a comment."))
    return (element.text or "").strip(_WHITESPACE)


def decode_value(element: etree._Element) -> bytes:
    """Decode the base64 value of an element.

    :raises NotPassed: it is not base64, or there is something else in it.
    """
    try:
        text = value_text(element).translate(_REMOVE_WHITESPACE)
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise malformed(_("A value of the signature is not in base64."))
    return data


def key_values(key_info: etree._Element | None) -> list[etree._Element]:
    """Return the elements that name a key in a ds:KeyInfo: the content of each ds:KeyValue, as far as it is
    of XML Signature 1.1, and each dsig11:DEREncodedKeyValue.
    """
    if key_info is None:
        return []
    values = [
        each
        for value in key_info.iterchildren(f"{_DS}KeyValue")
        for each in value.iterchildren(f"{_DS}*", f"{{{DS11}}}*")
    ]
    return [*values, *key_info.iterchildren(f"{{{DS11}}}DEREncodedKeyValue")]


def algorithm_not_allowed(algorithm: str) -> NotPassed:
    return NotPassed(
        SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
        "algorithms",
        _(
            "The signature uses an algorithm that is not allowed: ${algorithm}",
            mapping={"algorithm": algorithm},
        ),
    )


def _signed_info(signed_info: etree._Element) -> list[etree._Element]:
    """Return the signature method and the references."""
    names = [child.tag for child in _children(signed_info)]
    expected = [f"{_DS}CanonicalizationMethod", f"{_DS}SignatureMethod"]
    if names[:2] != expected or len(names) < 3 or set(names[2:]) != {f"{_DS}Reference"}:
        raise malformed(_("SignedInfo does not have its parts in their order."))
    return list(_children(signed_info))[1:]


def _reference(element: etree._Element, policy: ValidationPolicy) -> Reference:
    parts = list(_children(element))
    transforms: tuple[Transform, ...] = ()
    if parts and parts[0].tag == f"{_DS}Transforms":
        transforms = tuple(map(_transform, _children(parts.pop(0))))
    if [part.tag for part in parts] != [f"{_DS}DigestMethod", f"{_DS}DigestValue"]:
        raise malformed(_("A reference of the signature does not have its parts in their order."))
    if len(transforms) > policy.max_transforms:
        raise limit_exceeded(_("A reference of the signature has more transforms than are looked at."))
    return Reference(
        element=element,
        id=element.get("Id"),
        uri=element.get("URI"),
        type=element.get("Type"),
        transforms=transforms,
        digest_method=_algorithm(parts[0]),
        digest_value=decode_value(parts[1]),
    )


def _transform(element: etree._Element) -> Transform:
    prefixes: tuple[str, ...] = ()
    for child in _children(element):
        if child.tag == f"{{{EXCLUSIVE}}}InclusiveNamespaces":
            prefixes = tuple(dict.fromkeys(child.get("PrefixList", "").split()))
    return Transform(_algorithm(element), element, prefixes)


def _algorithm(element: etree._Element) -> str:
    algorithm = element.get("Algorithm")
    if algorithm is None:
        raise malformed(_("The signature does not name one of its algorithms."))
    return algorithm


def _certificates(key_info: etree._Element | None) -> tuple[bytes, ...]:
    if key_info is None:
        return ()
    return tuple(
        decode_value(element) for element in key_info.iterfind(f"{_DS}X509Data/{_DS}X509Certificate")
    )


def _countersigned(element: etree._Element) -> etree._Element | None:
    ancestors = list(islice(element.iterancestors(), len(_COUNTER_SIGNATURE_ANCESTORS)))
    is_counter = tuple(ancestor.tag for ancestor in ancestors) == _COUNTER_SIGNATURE_ANCESTORS
    return ancestors[-1] if is_counter else None


def _children(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterchildren(etree.Element)
