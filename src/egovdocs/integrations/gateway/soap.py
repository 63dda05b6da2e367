"""SOAP 1.1 messages whose Body is signed by WS-Security, as the e-government gateway (ШЭП) wants them.

One signature, over the Body alone, in the header (OASIS Web Services Security: SOAP Message Security 1.1, 8;
X.509 Certificate Token Profile 1.1, 3.2). What is read from a message is the Body as the signature's digest
saw it, parsed anew, so nothing can be read that was not signed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.signing import Signer
from egovdocs.signing.c14n import canonical, in_passing
from egovdocs.signing.signers import public_key_of, signature_method, value_verifies

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE = f"{_OASIS}-wssecurity-secext-1.0.xsd"
WSU = f"{_OASIS}-wssecurity-utility-1.0.xsd"
X509V3 = f"{_OASIS}-x509-token-profile-1.0#X509v3"
BASE64 = f"{_OASIS}-soap-message-security-1.0#Base64Binary"

MAX_BYTES = 1024 * 1024
# Canonical form takes time by the square of an element's attributes and of the namespaces in scope.
MAX_MARKUP = 20_000
MAX_IN_ELEMENT = 64

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soap:Envelope xmlns:soap="{soap}"><soap:Header>'
    '<wsse:Security xmlns:wsse="{wsse}" soap:mustUnderstand="1"></wsse:Security>'
    '</soap:Header><soap:Body xmlns:wsu="{wsu}" wsu:Id="{id}">{content}</soap:Body></soap:Envelope>'
)
# Already in canonical form: what is put in is what is signed.
_SIGNED_INFO = (
    '<ds:SignedInfo xmlns:ds="{ds}">'
    '<ds:CanonicalizationMethod Algorithm="{exclusive}"></ds:CanonicalizationMethod>'
    '<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>'
    '<ds:Reference URI="#{id}"><ds:Transforms><ds:Transform Algorithm="{exclusive}">{prefixes}</ds:Transform>'
    '</ds:Transforms><ds:DigestMethod Algorithm="{sha256}"></ds:DigestMethod>'
    "<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
)
_PREFIXES = '<ec:InclusiveNamespaces xmlns:ec="{exclusive}" PrefixList="{prefixes}"></ec:InclusiveNamespaces>'
_SIGNATURE = (
    '<ds:Signature xmlns:ds="{ds}">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo>'
    '<wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType="{base64}" ValueType="{x509v3}">'
    "{certificate}</wsse:KeyIdentifier></wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>"
)
_NAMES = {
    "soap": SOAP,
    "ds": DS,
    "exclusive": EXCLUSIVE,
    "sha256": SHA256,
    "wsse": WSSE,
    "wsu": WSU,
    "x509v3": X509V3,
    "base64": BASE64,
}


class Malformed(ValueError):  # noqa: N818 - says what is wrong
    """This is no SOAP message, or one that is not looked at; the text names nothing out of it."""


class NotTrusted(ValueError):  # noqa: N818 - says what is wrong
    """The message does not have the signature it should have."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it reads; nothing in it is verified."""

    envelope: etree._Element
    header: etree._Element | None
    body: etree._Element

    @property
    def is_fault(self) -> bool:
        """Does it say that something went wrong (SOAP 1.1, 4.4)? Often nobody signs that."""
        return len(self.body) == 1 and self.body[0].tag == f"{{{SOAP}}}Fault"


def parse(data: bytes, most: int = MAX_BYTES) -> etree._Element:
    """The root of an XML document from outside: UTF-8, no DTD, no entity, no comment, of bounded effort.

    :param most: bytes that are looked at.
    :raises Malformed: it is none.
    """
    if len(data) > most or data.count(b"<") + data.count(b"=") > MAX_MARKUP:
        raise Malformed("larger than messages that are looked at")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = in_passing(partial(etree.fromstring, parser=parser), data)
    except (etree.XMLSyntaxError, ValueError):
        raise Malformed("not well-formed XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed("a document with a DTD")
    if _is_crowded(root):
        raise Malformed("an element with more attributes or namespaces than are looked at")
    return root


def read(data: bytes, most: int = MAX_BYTES) -> Message:
    """A message's parts.

    :param most: bytes that are looked at.
    :raises Malformed: it is no SOAP 1.1 message.
    """
    envelope = parse(data, most)
    parts = [child for child in envelope if isinstance(child.tag, str)]
    names = [part.tag for part in parts]
    if envelope.tag != f"{{{SOAP}}}Envelope" or names[-1:] != [f"{{{SOAP}}}Body"]:
        raise Malformed("not a SOAP 1.1 message")
    if names[:-1] not in ([], [f"{{{SOAP}}}Header"]):
        raise Malformed("not a SOAP 1.1 message")
    return Message(envelope, parts[0] if len(parts) == 2 else None, parts[-1])


def seal(content: etree._Element, signer: Signer) -> bytes:
    """A message with this content in its Body, signed."""
    names = _NAMES | {"id": f"body-{secrets.token_hex(8)}"}
    # The prefix in an xsi:type is no visible use of it: it has to be named, or it would go unsigned.
    types = (element.get(f"{{{XSI}}}type", "") for element in content.iter(etree.Element))
    prefixes = sorted({prefix for prefix, colon, _name in (kind.partition(":") for kind in types) if colon})
    envelope = _ENVELOPE.format(**names, content=etree.tostring(content, encoding="unicode", with_tail=False))
    octets = envelope.encode()
    body = read(octets, len(octets)).body
    signed_info = _SIGNED_INFO.format(
        **names,
        method=signature_method(signer.certificate.public_key()),
        prefixes=_PREFIXES.format(exclusive=EXCLUSIVE, prefixes=" ".join(prefixes)) if prefixes else "",
        digest=_base64(sha256(canonical(body, EXCLUSIVE, prefixes=prefixes, comments=False)).digest()),
    )
    signature = _SIGNATURE.format(
        **names,
        signed_info=signed_info,
        value=_base64(signer.sign(signed_info.encode())),
        certificate=_base64(signer.certificate.public_bytes(Encoding.DER)),
    )
    return envelope.replace("</wsse:Security>", f"{signature}</wsse:Security>", 1).encode()


def unseal(message: Message, certificate: Certificate) -> etree._Element:
    """What the Body holds, from the very octets that this certificate's key signed.

    The certificate named in the message decides nothing.

    :raises NotTrusted: there is no such signature over the whole Body.
    """
    signature = _signature(message)
    signed_info, value = _parts(signature, "SignedInfo", "SignatureValue", "KeyInfo")[:2]
    canonicalization, method, reference = _parts(
        signed_info, "CanonicalizationMethod", "SignatureMethod", "Reference"
    )
    transforms, digest_method, digest = _parts(reference, "Transforms", "DigestMethod", "DigestValue")
    (transform,) = _parts(transforms, "Transform")
    algorithms = [each.get("Algorithm") for each in (canonicalization, transform, digest_method)]
    if algorithms != [EXCLUSIVE, EXCLUSIVE, SHA256]:
        raise NotTrusted("an algorithm that is not used here")

    identifier = message.body.get(f"{{{WSU}}}Id")
    if not identifier or reference.get("URI") != f"#{identifier}":
        raise NotTrusted("the signature is not over the Body")
    if sum(identifier == value for value in _identifiers(message.envelope)) != 1:
        raise NotTrusted("an identifier that occurs twice")

    key = public_key_of(certificate)
    made = method.get("Algorithm") == signature_method(key) and value_verifies(
        key, _octets(value), _canonical(signed_info, canonicalization)
    )
    if not made:
        raise NotTrusted("the signature is not by the key it should be by")
    body = _canonical(message.body, transform)
    if not hmac.compare_digest(sha256(body).digest(), _octets(digest)):
        raise NotTrusted("the Body was changed after it was signed")
    return _only(parse(body, len(body)))


def fault(code: str, text: str, detail: etree._Element) -> etree._Element:
    """What the Body of a fault holds (SOAP 1.1, 4.4).

    :param code: "Client" or "Server".
    """
    element = etree.Element(f"{{{SOAP}}}Fault", nsmap={"soap": SOAP})
    etree.SubElement(element, "faultcode").text = f"soap:{code}"
    etree.SubElement(element, "faultstring").text = text
    etree.SubElement(element, "detail").append(detail)
    return element


def _signature(message: Message) -> etree._Element:
    """The one signature; a second would let two readers take two."""
    found = list(message.envelope.iter(f"{{{DS}}}Signature"))
    if message.header is None or not found:
        raise NotTrusted("no signature")
    place = [each.tag for each in found[0].iterancestors()]
    if len(found) > 1 or place[:2] != [f"{{{WSSE}}}Security", f"{{{SOAP}}}Header"] or len(place) != 3:
        raise NotTrusted("more than one signature, or not where it belongs")
    return found[0]


def _parts(element: etree._Element, *names: str) -> list[etree._Element]:
    children = list(element.iterchildren(etree.Element))
    if [child.tag for child in children] != [f"{{{DS}}}{name}" for name in names]:
        raise NotTrusted("a signature of a shape that is not used here")
    return children


def _canonical(element: etree._Element, method: etree._Element) -> bytes:
    namespaces = method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    prefixes = () if namespaces is None else tuple(namespaces.get("PrefixList", "").split())
    try:
        return canonical(element, EXCLUSIVE, prefixes=prefixes, comments=False)
    except etree.C14NError:
        raise NotTrusted("a message without a canonical form") from None


def _identifiers(envelope: etree._Element) -> Iterable[str]:
    for element in envelope.iter(etree.Element):
        for name, value in element.items():
            if etree.QName(name).localname.lower() == "id":
                yield str(value)


def _only(body: etree._Element) -> etree._Element:
    children = list(body)
    if len(children) != 1:
        raise NotTrusted("a Body that does not hold one element")
    return children[0]


def _is_crowded(root: etree._Element) -> bool:
    in_scope = 0
    for event, found in etree.iterwalk(root, events=("start-ns", "end-ns", "start")):
        if event == "start":
            crowded = len(found.attrib) > MAX_IN_ELEMENT
        else:
            in_scope += 1 if event == "start-ns" else -1
            crowded = in_scope > MAX_IN_ELEMENT
        if crowded:
            return True
    return False


def _octets(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotTrusted("a value that is not base64") from None


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
