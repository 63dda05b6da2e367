"""Augmentation: evidence put into the document that it is about (ETSI EN 319 132-1, 5.3 to 5.5).

The original bytes are kept as they came; the augmented document is made from them and the kept evidence.
"""

from __future__ import annotations

from xml.parsers import expat

from lxml import etree
from translationstring import TranslationStringFactory

from ..errors import EvidenceError
from ..indications import NotPassed
from ..namespaces import XADES
from ..policy import ValidationPolicy
from ..trust.store import TrustStore
from ..xmldsig.parsed_document import ParsedDocument
from ..xmldsig.structure import Signature, read_signature
from .evidence_properties import Evidence
from .properties import QualifyingProperties, read_properties

_ = TranslationStringFactory("egovdocs")


def augment(document: bytes, evidence: Evidence) -> bytes:
    """Return the document with the evidence in its signature.

    The level is XAdES-B-LTA when the evidence was renewed, else -LT, or -T when it has no revocation data
    (ETSI EN 319 132-1, 5.3, 5.4.1, 5.4.2, 5.5). The properties are inserted at one place; all other bytes
    stay as they are.

    :raises EvidenceError: the document has not exactly one XAdES signature, has a time-stamp already, has
        properties that leave no place for others, or is in an encoding that expat cannot read.
    """
    policy = ValidationPolicy(TrustStore([]))
    _signature, properties = read_only_signature(parse_for_evidence(document, policy), policy)
    if properties is None:
        raise EvidenceError(_("The signature is a plain XML signature: it has no place for evidence."))
    inner = b"".join(evidence.properties()).decode()
    text = (
        f'<xades:UnsignedProperties xmlns:xades="{XADES}"><xades:UnsignedSignatureProperties>{inner}'
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )
    parent = properties.element
    if properties.unsigned is not None:
        if properties.unsigned.find(f"{{{XADES}}}SignatureTimeStamp") is not None:
            raise EvidenceError(_("The signature carries a time-stamp already."))
        text, parent = inner, properties.unsigned
    elif parent.find(f"{{{XADES}}}UnsignedProperties") is not None:
        raise EvidenceError(_("The signature's unsigned properties leave no place for evidence."))
    offset = _end_tag_offset(document, parent)
    encoding = parent.getroottree().docinfo.encoding or "UTF-8"
    # Python would write another byte order mark for "UTF-16".
    if encoding.upper() == "UTF-16":
        encoding += "BE" if document.startswith(b"\xfe\xff") else "LE"
    if not len(parent) and document.endswith("/>".encode(encoding), 0, offset):
        raise EvidenceError(_("The signature's unsigned properties leave no place for evidence."))
    return document[:offset] + text.encode(encoding) + document[offset:]


def parse_for_evidence(document: bytes, policy: ValidationPolicy) -> ParsedDocument:
    """Parse a document.

    :raises EvidenceError: it could not be validated either.
    """
    try:
        return ParsedDocument(document, policy)
    except NotPassed as problem:
        raise EvidenceError(problem.check.reason) from None


def read_only_signature(
    document: ParsedDocument, policy: ValidationPolicy
) -> tuple[Signature, QualifyingProperties | None]:
    """Return the document's only signature, counter-signatures aside, with its properties.

    :raises EvidenceError: it has several, or a malformed one.
    """
    try:
        signatures = [read_signature(each, policy) for each in document.signatures]
        main = [each for each in signatures if each.countersigned is None]
        if len(main) != 1:
            raise EvidenceError(_("Evidence is taken for documents with one signature; this has more."))
        return main[0], read_properties(main[0])
    except NotPassed as problem:
        raise EvidenceError(problem.check.reason) from None


def _end_tag_offset(document: bytes, element: etree._Element) -> int:
    """Return where the element's end tag begins, in bytes."""
    root = element.getroottree().getroot()
    number = next(n for n, each in enumerate(root.iter(etree.Element)) if each is element)
    opened: list[int] = []
    count = 0
    offset = -1
    parser = expat.ParserCreate()

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        opened.append(count)
        count += 1

    def end(_name: str) -> None:
        nonlocal offset
        if opened.pop() == number:
            offset = parser.CurrentByteIndex

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise EvidenceError(_("The document is in an encoding in which it cannot be added to.")) from None
    return offset
