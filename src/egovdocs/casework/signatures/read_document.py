"""Read a stored document: only what its accepted signature covers."""

from __future__ import annotations

from hashlib import sha256

from lxml import etree

from egovdocs.content import Case, Document, Licence
from egovdocs.signing import canonical

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


class Altered(Exception):  # noqa: N818 - says what it is
    """A stored document is not what was accepted: the database was tampered with."""


def read_document(owner: Case | Licence, kind: str) -> bytes:
    """Return the content of a signed document, in canonical form, without its signature.

    The signature was validated when the document was accepted, by a certificate that may have expired since;
    the checksum stored then proves that this is what it covered.

    :param owner: the case or licence.
    :param kind: the key among the owner's documents; for a licence the number of an order.
    :raises KeyError: there is no such document.
    :raises Altered: it is not what was accepted.
    """
    document = owner.documents[kind]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(document.data, parser)
    for signature in root.findall(SIGNATURE):
        _remove(signature)
    content = canonical(etree.tostring(root.getroottree()))
    if document.report is None or sha256(content).hexdigest() != document.report["content_sha256"]:
        raise Altered(f"{kind} of {owner.__name__}")
    return content


def edition_of_document(owner: Case | Licence, document: Document) -> str:
    """Return the edition of the owner's service under which a stored document was made."""
    return document.edition or owner.edition


def _remove(element: etree._Element) -> None:
    """Remove an element but not the text after it, as the enveloped-signature transform does (XML-DSig
    6.6.4).
    """
    parent, before, text = element.getparent(), element.getprevious(), element.tail or ""
    assert parent is not None
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)
