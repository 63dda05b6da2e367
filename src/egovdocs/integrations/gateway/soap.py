"""SOAP 1.1 messages whose Body is signed by WS-Security, as the e-government gateway (ШЭП) requires.

A message has one signature in its header, over the Body alone (OASIS Web Services Security: SOAP Message
Security 1.1, 8; X.509 Certificate Token Profile 1.1, 3.2). The content is parsed from the octets that were
digested, so nothing unsigned can be read.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.signing import Signer
from egovdocs.signing.crypto.rsa_ec import public_key_of, signature_method, value_verifies
from egovdocs.signing.xmldsig.c14n import canonicalize, parse_isolated

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
# The time of canonicalization grows with the square of an element's attributes and namespaces in scope.
MAX_MARKUP = 20_000
MAX_PER_ELEMENT = 64

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soap:Envelope xmlns:soap="{soap}"><soap:Header>'
    '<wsse:Security xmlns:wsse="{wsse}" soap:mustUnderstand="1"></wsse:Security>'
    '</soap:Header><soap:Body xmlns:wsu="{wsu}" wsu:Id="{id}">{content}</soap:Body></soap:Envelope>'
)
# Written in canonical form, so that the text is the signed octets.
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


class MalformedMessage(ValueError):  # noqa: N818 - says what is wrong
    """The octets are no SOAP message, or exceed a limit; the text quotes nothing of them."""


class UntrustedMessage(ValueError):  # noqa: N818 - says what is wrong
    """The message lacks the required signature."""


@dataclass(frozen=True, slots=True)
class SoapMessage:
    """The parts of a message; nothing in it is verified."""

    envelope: etree._Element
    header: etree._Element | None
    body: etree._Element

    @property
    def is_fault(self) -> bool:
        """Whether the Body is a fault (SOAP 1.1, 4.4). Faults are often unsigned."""
        return len(self.body) == 1 and self.body[0].tag == f"{{{SOAP}}}Fault"


def parse_xml(data: bytes, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Return the root of an untrusted XML document in UTF-8, without DTD and comments.

    :raises MalformedMessage: it is no such document, or exceeds a limit.
    """
    if len(data) > max_bytes or data.count(b"<") + data.count(b"=") > MAX_MARKUP:
        raise MalformedMessage("larger than allowed")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = parse_isolated(partial(etree.fromstring, parser=parser), data)
    except (etree.XMLSyntaxError, ValueError):
        raise MalformedMessage("not well-formed XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedMessage("a document with a DTD")
    if _exceeds_limit(root):
        raise MalformedMessage("an element with more attributes or namespaces than allowed")
    return root


def parse_message(data: bytes, max_bytes: int = MAX_BYTES) -> SoapMessage:
    """Return the parts of a message, unverified.

    :raises MalformedMessage: it is no SOAP 1.1 message, or exceeds a limit.
    """
    envelope = parse_xml(data, max_bytes)
    parts = [child for child in envelope if isinstance(child.tag, str)]
    names = [part.tag for part in parts]
    if envelope.tag != f"{{{SOAP}}}Envelope" or names[-1:] != [f"{{{SOAP}}}Body"]:
        raise MalformedMessage("not a SOAP 1.1 message")
    if names[:-1] not in ([], [f"{{{SOAP}}}Header"]):
        raise MalformedMessage("not a SOAP 1.1 message")
    return SoapMessage(envelope, parts[0] if len(parts) == 2 else None, parts[-1])


def sign_message(content: etree._Element, signer: Signer) -> bytes:
    """Return a signed message with this content in its Body."""
    names = _NAMES | {"id": f"body-{secrets.token_hex(8)}"}
    # A prefix in the value of xsi:type is not "visibly utilized" (Exclusive C14N, 3): unless it is listed,
    # its namespace declaration is not signed.
    types = (element.get(f"{{{XSI}}}type", "") for element in content.iter(etree.Element))
    prefixes = sorted({prefix for prefix, colon, _name in (kind.partition(":") for kind in types) if colon})
    envelope = _ENVELOPE.format(**names, content=etree.tostring(content, encoding="unicode", with_tail=False))
    octets = envelope.encode()
    body = parse_message(octets, len(octets)).body
    signed_info = _SIGNED_INFO.format(
        **names,
        method=signature_method(signer.certificate.public_key()),
        prefixes=_PREFIXES.format(exclusive=EXCLUSIVE, prefixes=" ".join(prefixes)) if prefixes else "",
        digest=_base64(sha256(canonicalize(body, EXCLUSIVE, prefixes=prefixes, comments=False)).digest()),
    )
    signature = _SIGNATURE.format(
        **names,
        signed_info=signed_info,
        value=_base64(signer.sign(signed_info.encode())),
        certificate=_base64(signer.certificate.public_bytes(Encoding.DER)),
    )
    return envelope.replace("</wsse:Security>", f"{signature}</wsse:Security>", 1).encode()


def verify_message(message: SoapMessage, certificate: Certificate) -> etree._Element:
    """Return the one element of the Body, parsed from the octets that this certificate's key signed.

    The certificate in the message is ignored.

    :raises UntrustedMessage: there is no such signature over the whole Body.
    """
    signature = _find_signature(message)
    signed_info, value = _parts(signature, "SignedInfo", "SignatureValue", "KeyInfo")[:2]
    canonicalization, method, reference = _parts(
        signed_info, "CanonicalizationMethod", "SignatureMethod", "Reference"
    )
    transforms, digest_method, digest = _parts(reference, "Transforms", "DigestMethod", "DigestValue")
    (transform,) = _parts(transforms, "Transform")
    algorithms = [each.get("Algorithm") for each in (canonicalization, transform, digest_method)]
    if algorithms != [EXCLUSIVE, EXCLUSIVE, SHA256]:
        raise UntrustedMessage("an algorithm that is not allowed")

    identifier = message.body.get(f"{{{WSU}}}Id")
    if not identifier or reference.get("URI") != f"#{identifier}":
        raise UntrustedMessage("the signature is not over the Body")
    if sum(identifier == value for value in _identifiers(message.envelope)) != 1:
        raise UntrustedMessage("an identifier that occurs twice")

    key = public_key_of(certificate)
    verified = method.get("Algorithm") == signature_method(key) and value_verifies(
        key, _decode(value), _canonical(signed_info, canonicalization)
    )
    if not verified:
        raise UntrustedMessage("the signature is not by the expected key")
    body = _canonical(message.body, transform)
    if not hmac.compare_digest(sha256(body).digest(), _decode(digest)):
        raise UntrustedMessage("the Body was changed after it was signed")
    return _only_child(parse_xml(body, len(body)))


def is_in_date(certificate: Certificate, now: datetime) -> bool:
    """Whether ``now`` is within the validity period of a certificate."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def build_fault(code: str, text: str, detail: etree._Element) -> etree._Element:
    """Return the element ``Fault`` (SOAP 1.1, 4.4).

    :param code: "Client" or "Server".
    """
    element = etree.Element(f"{{{SOAP}}}Fault", nsmap={"soap": SOAP})
    etree.SubElement(element, "faultcode").text = f"soap:{code}"
    etree.SubElement(element, "faultstring").text = text
    etree.SubElement(element, "detail").append(detail)
    return element


def _find_signature(message: SoapMessage) -> etree._Element:
    """Return the signature; with more than one, two readers could verify different ones."""
    found = list(message.envelope.iter(f"{{{DS}}}Signature"))
    if message.header is None or not found:
        raise UntrustedMessage("no signature")
    path = [each.tag for each in found[0].iterancestors()]
    if len(found) > 1 or path[:2] != [f"{{{WSSE}}}Security", f"{{{SOAP}}}Header"] or len(path) != 3:
        raise UntrustedMessage("more than one signature, or not in the header Security")
    return found[0]


def _parts(element: etree._Element, *names: str) -> list[etree._Element]:
    children = list(element.iterchildren(etree.Element))
    if [child.tag for child in children] != [f"{{{DS}}}{name}" for name in names]:
        raise UntrustedMessage("a signature of unexpected structure")
    return children


def _canonical(element: etree._Element, method: etree._Element) -> bytes:
    namespaces = method.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    prefixes = () if namespaces is None else tuple(namespaces.get("PrefixList", "").split())
    try:
        return canonicalize(element, EXCLUSIVE, prefixes=prefixes, comments=False)
    except etree.C14NError:
        raise UntrustedMessage("a message that cannot be canonicalized") from None


def _identifiers(envelope: etree._Element) -> Iterable[str]:
    for element in envelope.iter(etree.Element):
        for name, value in element.items():
            if etree.QName(name).localname.lower() == "id":
                yield str(value)


def _only_child(body: etree._Element) -> etree._Element:
    children = list(body)
    if len(children) != 1:
        raise UntrustedMessage("a Body that does not have one element")
    return children[0]


def _exceeds_limit(root: etree._Element) -> bool:
    in_scope = 0
    for event, found in etree.iterwalk(root, events=("start-ns", "end-ns", "start")):
        if event == "start":
            exceeds = len(found.attrib) > MAX_PER_ELEMENT
        else:
            in_scope += 1 if event == "start-ns" else -1
            exceeds = in_scope > MAX_PER_ELEMENT
        if exceeds:
            return True
    return False


def _decode(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise UntrustedMessage("a value that is not base64") from None


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
