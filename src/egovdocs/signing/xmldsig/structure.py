"""Limits, parsing, and reading the structure of a document's signatures (XML Signature 1.1, 4).

Everything is read strictly: each element once and in its place, values without a comment or a child in them
(a comment is dropped by canonicalisation, so a value with one in it says one thing to the digest and
another to its reader).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import etree
from translationstring import TranslationString, TranslationStringFactory

from ..crypto.algorithms import DS, DS11, EXCLUSIVE, XADES, XML
from ..policy import ValidationPolicy
from .c14n import parse
from .report import NotPassed, SubIndication

_ = TranslationStringFactory("egovdocs")

_DS = f"{{{DS}}}"
SIGNATURE = f"{_DS}Signature"
MANIFEST = f"{_DS}Manifest"
SIGNATURE_VALUE = f"{_DS}SignatureValue"
COUNTER_SIGNATURE = tuple(
    f"{{{XADES}}}{name}"
    for name in (
        "CounterSignature",
        "UnsignedSignatureProperties",
        "UnsignedProperties",
        "QualifyingProperties",
    )
)
_ANY_ID: Callable[[etree._Element], list[etree._ElementUnicodeResult]] = etree.XPath(  # type: ignore[assignment]
    "//@*[local-name()='Id' or local-name()='id' or local-name()='ID' or local-name()='iD']"
)
# Names that mean an identifier wherever they stand; any other "id" may be data, such as a row's number.
_ALWAYS_IDS = frozenset(
    {
        "Id",
        "ID",
        f"{{{XML}}}id",
        "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id",
    }
)
_OCTETS_OF_MARKUP = 25
_MOST_ATTRIBUTES = 256
_CROWDED = etree.XPath(f"boolean(//*[count(@*) > {_MOST_ATTRIBUTES}])")
# A tag long enough for more namespaces than that; what only looks like one is passed over.
_LONG_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|(<[^<!?/](?=[^<]{%d})(?>[^<>\"']+|\"[^<\"]*\"|'[^<']*')*)" % (_MOST_ATTRIBUTES * len(' xmlns:a="a"')),
    re.DOTALL,
)
# All but UTF-16 write markup as ASCII does, so that it can be counted before it is parsed.
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(le|be)?|(us-)?ascii|iso-8859-\d+|(windows-|cp)125\d|koi8-[ru]", re.IGNORECASE
)
# White space, comments and processing instructions, each taken as it is first found, then a DTD.
_BEGINS_WITH_DTD = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_DECLARED_ENCODING = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([^\"'>]*)"
)
_LONGEST_DECLARATION = 400
_BEGINNINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"<\0": "UTF-16",
    b"\0<": "UTF-16",
    b"\xef\xbb\xbf": "UTF-8",
}
# How a document begins in UTF-32 and in EBCDIC (XML 1.0, F.1).
_UNUSUAL_BEGINNINGS = {
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\0<": "UTF-32",
    b"<\0\0\0": "UTF-32",
    b"Lo\xa7\x94": "EBCDIC",
}
_WHITESPACE = " \t\r\n"
_WITHOUT_WHITESPACE = str.maketrans("", "", _WHITESPACE)


@dataclass(frozen=True, slots=True)
class Transform:
    """A transform or a canonicalisation method, with what it was given."""

    algorithm: str
    element: etree._Element
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    element: etree._Element
    id: str | None
    uri: str | None
    type: str | None
    transforms: tuple[Transform, ...]
    digest_method: str
    digest_value: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """A ds:Signature as it reads; nothing in it is verified yet."""

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


class Document:
    """A parsed document, its signatures' elements, and its identifiers."""

    def __init__(self, data: bytes, policy: ValidationPolicy) -> None:
        """:raises NotPassed: too big, not well formed, with a DTD, or with no signature or too many of
        them.
        """
        self.root = _parsed(data, policy)
        self._data = data
        self._effort = _effort(data, self.root)
        self._allowance = policy.max_effort
        self.count_whole()
        self.tree = self.root.getroottree()
        self.signatures = list(islice(self.root.iter(SIGNATURE), policy.max_signatures + 1))
        if not self.signatures:
            raise NotPassed(
                SubIndication.FORMAT_FAILURE, "structure", _("The document carries no electronic signature.")
            )
        if len(self.signatures) > policy.max_signatures:
            raise limit(_("The document carries more signatures than are looked at."))

    @cached_property
    def _by_id(self) -> Mapping[str, list[etree._Element]]:
        return _elements_by_id(self.root)

    def check_identifiers(self) -> None:
        """:raises NotPassed: two elements have the same identifier, though nothing may refer to it."""
        twice = _repeated(self.root, self._by_id)
        if twice is not None:
            raise _twice(twice)

    def element_by_id(self, identifier: str) -> etree._Element:
        """The one element with this identifier.

        :raises NotPassed: two elements have it (then each verifier might take another), or none.
        """
        elements = self._by_id.get(identifier, [])
        if len(elements) > 1:
            raise _twice(identifier)
        if not elements:
            raise NotPassed(
                SubIndication.SIGNED_DATA_NOT_FOUND,
                "references",
                _(
                    "The signature refers to “${id}”, which is not in the document.",
                    mapping={"id": identifier},
                ),
            )
        return elements[0]

    def count_whole(self, prefixes: Sequence[str] = ()) -> None:
        """Count that the whole document is made canonical."""
        self.count(self._effort + _effort_of_looking_up(prefixes, self._data, self.root))

    def count_part(self, octets: bytes, root: etree._Element, prefixes: Sequence[str] = ()) -> None:
        """Count that a part of the document, or what was made of it, is made canonical."""
        self.count(_effort(octets, root) + _effort_of_looking_up(prefixes, octets, root))

    def count(self, effort: int) -> None:
        """Count effort, in octets' worth.

        :raises NotPassed: it is more than a document may ask for, in all its references together.
        """
        self._allowance -= effort
        if self._allowance < 0:
            raise limit(_("The document takes more effort to validate than documents are given."))


def repeated_identifier(root: etree._Element) -> str | None:
    """An identifier that two elements have, if there is one: a signature on them would not be accepted."""
    return _repeated(root, _elements_by_id(root))


def _elements_by_id(root: etree._Element) -> Mapping[str, list[etree._Element]]:
    """Elements by their identifier, however it is spelt: Id, ID, id, xml:id, wsu:Id; of several with the
    same, two.
    """
    found: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for attribute in _ANY_ID(root):
        owner, owners = attribute.getparent(), found[str(attribute)]
        assert owner is not None
        if len(owners) < 2 and owner not in owners:
            owners.append(owner)
    return found


def _repeated(root: etree._Element, by_id: Mapping[str, list[etree._Element]]) -> str | None:
    twice = {value for value, owners in by_id.items() if len(owners) > 1}
    for attribute in _ANY_ID(root) if twice else ():
        if attribute.attrname in _ALWAYS_IDS and str(attribute) in twice:
            return str(attribute)
    return None


def read_signature(element: etree._Element, policy: ValidationPolicy) -> Signature:
    """Read a ds:Signature.

    :raises NotPassed: it is not in the shape of XML Signature 1.1, 4.1, or exceeds the policy's numbers.
    """
    parts = list(_children(element))
    names = [part.tag for part in parts]
    shape = [f"{_DS}SignedInfo", SIGNATURE_VALUE]
    if names[2:3] == [f"{_DS}KeyInfo"]:
        shape.append(f"{_DS}KeyInfo")
    strays = (each for each in element.iter(*shape[:2]) if each.getparent().tag != SIGNATURE)  # type: ignore[union-attr]
    if (
        names[: len(shape)] != shape
        or set(names[len(shape) :]) - {f"{_DS}Object"}
        or any(True for _each in strays)
    ):
        raise _malformed(_("The signature does not have the parts of an XML signature in their order."))
    signed_info, value = parts[:2]
    key_info = parts[2] if len(shape) == 3 else None
    method, *references = _signed_info(signed_info)
    if len(references) > policy.max_references:
        raise limit(_("The signature has more references than are looked at."))
    certificates = _certificates(key_info)
    if (
        len(certificates) > policy.max_certificates
        or sum(map(len, certificates)) > policy.max_certificate_bytes
    ):
        raise limit(_("The signature carries more, or longer, certificates than are looked at."))
    return Signature(
        element=element,
        id=element.get("Id"),
        signed_info=signed_info,
        canonicalization=_transform(next(_children(signed_info))),
        method=_algorithm(method),
        method_element=method,
        references=tuple(_reference(reference, policy) for reference in references),
        value_element=value,
        value=octets(value),
        key_info=key_info,
        objects=tuple(parts[len(shape) :]),
        certificates=certificates,
        countersigned=_countersigned(element),
    )


def value_text(element: etree._Element) -> str:
    """The text of an element that holds a value.

    :raises NotPassed: there is anything but text in it.
    """
    if len(element):
        raise _malformed(_("Something stands inside a value of the signature, such as a comment."))
    return (element.text or "").strip(_WHITESPACE)


def octets(element: etree._Element) -> bytes:
    """The octets an element holds in base64.

    :raises NotPassed: it is not base64, or there is anything else in it.
    """
    try:
        text = value_text(element).translate(_WITHOUT_WHITESPACE)
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise _malformed(_("A value of the signature is not in base64."))
    return data


def key_values(key_info: etree._Element | None) -> list[etree._Element]:
    """What names a key in a ds:KeyInfo: what each ds:KeyValue holds, if it is of XML Signature 1.1, and each
    dsig11:DEREncodedKeyValue.
    """
    if key_info is None:
        return []
    held = [
        each
        for value in key_info.iterchildren(f"{_DS}KeyValue")
        for each in value.iterchildren(f"{_DS}*", f"{{{DS11}}}*")
    ]
    return [*held, *key_info.iterchildren(f"{{{DS11}}}DEREncodedKeyValue")]


def _parsed(data: bytes, policy: ValidationPolicy) -> etree._Element:
    if len(data) > policy.max_bytes or data.count(b"<") + data.count(b"=") > policy.max_markup:
        raise limit(_("The document is larger than documents that are looked at."))
    _check_declaration(data)
    if data.count(b"=") > _MOST_ATTRIBUTES and _declares_a_crowd(_markup(data)):
        raise _crowded()
    if _BEGINS_WITH_DTD.match(data):
        raise _with_dtd()
    try:
        root = parse(data)
    except (etree.XMLSyntaxError, ValueError) as problem:
        if "depth" in str(problem):
            raise limit(_("The document is nested deeper than documents that are looked at.")) from None
        if "XML_PARSE_HUGE" in str(problem):
            raise limit(_("The document is larger than documents that are looked at.")) from None
        raise NotPassed(
            SubIndication.FORMAT_FAILURE,
            "structure",
            _("This is not a well-formed XML document: ${problem}", mapping={"problem": str(problem)}),
        ) from None
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None:
        raise _with_dtd()
    if docinfo.xml_version != "1.0":
        raise _malformed(
            _(
                "The document is in XML ${version}; only XML 1.0 can be signed.",
                mapping={"version": docinfo.xml_version},
            )
        )
    _check_encoding(docinfo.encoding)
    if data.count(b"=") > _MOST_ATTRIBUTES and _CROWDED(root):
        raise _crowded()
    return root


def _check_declaration(data: bytes) -> None:
    """Look at the encoding a document says it is in, as far as that can be seen before it is parsed."""
    unusual = _UNUSUAL_BEGINNINGS.get(data[:4])
    actual = next((name for mark, name in _BEGINNINGS.items() if data.startswith(mark)), None)
    head = data[:_LONGEST_DECLARATION].replace(b"\0", b"") if actual == "UTF-16" else data
    match = _DECLARED_ENCODING.match(head)
    declared = match[1].decode("latin-1") if match else None
    _check_encoding(unusual or declared)
    if declared and actual and not declared.upper().startswith(actual):
        raise _malformed(
            _(
                "The document says that it is in ${declared}, and is in ${actual}.",
                mapping={"declared": declared, "actual": actual},
            )
        )


def _check_encoding(encoding: str | None) -> None:
    if not _ENCODINGS.fullmatch(encoding or "UTF-8"):
        raise _malformed(_("The document is in an unusual encoding, ${name}.", mapping={"name": encoding}))


def _markup(data: bytes) -> bytes:
    """A document with an octet for each character of its markup, as all encodings but UTF-16 have it."""
    if b"\0" not in data:
        return data
    encoding = "utf-16-be" if data[:1] in (b"\0", b"\xfe") else "utf-16-le"
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _declares_a_crowd(markup: bytes) -> bool:
    """Whether an element has more namespaces than elements are given.

    To be known before it is parsed: what lxml tells of them takes the square of their number.
    """
    return markup.count(b"xmlns") > _MOST_ATTRIBUTES and any(
        (tag[1] or b"").count(b"xmlns") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(markup)
    )


def _effort(data: bytes, root: etree._Element) -> int:
    """What making it canonical once costs, in octets' worth.

    A tag or an attribute takes the time of many octets. And libxml2 looks, in each element, at all namespaces
    in scope for each of them. The factors are measured.
    """
    tags = data.count(b"<")
    markup = _OCTETS_OF_MARKUP * (tags + data.count(b"="))
    namespaces = _markup(data).count(b"xmlns")
    if tags * namespaces**2 > len(data):
        namespaces = _most_open(root, "start-ns", "end-ns")
    return len(data) + markup + tags * namespaces**2 // 3


def _effort_of_looking_up(prefixes: Sequence[str], data: bytes, root: etree._Element) -> int:
    """libxml2 looks in each element for each prefix of a PrefixList, among all that its ancestors declare."""
    if not prefixes:
        return 0
    return len(prefixes) * data.count(b"<") * _most_open(root, "start", "end", "start-ns", "end-ns") // 2


def _most_open(root: etree._Element, *events: str) -> int:
    """How many levels, or declarations of namespaces, are open at once at most."""
    most = now = 0
    for event, _what in etree.iterwalk(root, events=events):
        now += 1 if event.startswith("start") else -1
        most = max(most, now)
    return most


def _signed_info(signed_info: etree._Element) -> list[etree._Element]:
    """The signature method and the references."""
    names = [child.tag for child in _children(signed_info)]
    shape = [f"{_DS}CanonicalizationMethod", f"{_DS}SignatureMethod"]
    if names[:2] != shape or len(names) < 3 or set(names[2:]) != {f"{_DS}Reference"}:
        raise _malformed(_("SignedInfo does not have its parts in their order."))
    return list(_children(signed_info))[1:]


def read_manifest(manifest: etree._Element, policy: ValidationPolicy) -> list[Reference]:
    """The references of a ds:Manifest (XML Signature 1.1, 5.1).

    :raises NotPassed: it has none, or holds anything else, or too many of them.
    """
    parts = list(islice(_children(manifest), policy.max_references + 1))
    if {part.tag for part in parts} != {f"{_DS}Reference"}:
        raise _malformed(_("The signature's manifest holds anything but references."))
    if len(parts) > policy.max_references:
        raise limit(_("The signature has more references than are looked at."))
    return [_reference(part, policy) for part in parts]


def _reference(element: etree._Element, policy: ValidationPolicy) -> Reference:
    parts = list(_children(element))
    transforms: tuple[Transform, ...] = ()
    if parts and parts[0].tag == f"{_DS}Transforms":
        transforms = tuple(map(_transform, _children(parts.pop(0))))
    if [part.tag for part in parts] != [f"{_DS}DigestMethod", f"{_DS}DigestValue"]:
        raise _malformed(_("A reference of the signature does not have its parts in their order."))
    if len(transforms) > policy.max_transforms:
        raise limit(_("A reference of the signature has more transforms than are looked at."))
    return Reference(
        element=element,
        id=element.get("Id"),
        uri=element.get("URI"),
        type=element.get("Type"),
        transforms=transforms,
        digest_method=_algorithm(parts[0]),
        digest_value=octets(parts[1]),
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
        raise _malformed(_("The signature does not name one of its algorithms."))
    return algorithm


def _certificates(key_info: etree._Element | None) -> tuple[bytes, ...]:
    if key_info is None:
        return ()
    return tuple(octets(element) for element in key_info.iterfind(f"{_DS}X509Data/{_DS}X509Certificate"))


def _countersigned(element: etree._Element) -> etree._Element | None:
    """The signature whose unsigned property this one is, if it is one (EN 319 132-1, 5.2.7.2)."""
    ancestors = list(islice(element.iterancestors(), 6))
    tags = tuple(ancestor.tag for ancestor in ancestors)
    if tags == (*COUNTER_SIGNATURE, f"{_DS}Object", SIGNATURE):
        return ancestors[5]
    return None


def _children(element: etree._Element) -> Iterator[etree._Element]:
    return element.iterchildren(etree.Element)


def not_allowed(algorithm: str) -> NotPassed:
    return NotPassed(
        SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
        "algorithms",
        _(
            "The signature uses an algorithm that is not allowed: ${algorithm}",
            mapping={"algorithm": algorithm},
        ),
    )


def _with_dtd() -> NotPassed:
    return _malformed(_("The document has a DTD (<!DOCTYPE …>), which can change what it says."))


def _crowded() -> NotPassed:
    return limit(_("An element of the document has more attributes than are looked at."))


def _twice(identifier: str) -> NotPassed:
    return NotPassed(
        SubIndication.FORMAT_FAILURE,
        "identifiers",
        _("The identifier “${id}” occurs twice in the document.", mapping={"id": identifier}),
    )


def _malformed(reason: TranslationString) -> NotPassed:
    return NotPassed(SubIndication.FORMAT_FAILURE, "structure", reason)


def limit(reason: TranslationString) -> NotPassed:
    return NotPassed(SubIndication.FORMAT_FAILURE, "limits", reason)
