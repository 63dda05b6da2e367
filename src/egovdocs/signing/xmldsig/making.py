"""Making signatures: enveloped XAdES baseline B (ETSI EN 319 132-1, level B-B) in one blessed profile.

``prepare`` and ``PreparedSignature.complete`` split the work for a key that is elsewhere, in the signer's
browser or on a token; ``sign`` is the two with a local key between them. Canonicalisation is libxml2's.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from translationstring import TranslationStringFactory

from ..crypto.signers import Signer, public_key_of, signature_method, value_verifies
from ..errors import SignatureValueMismatch, UnsignableDocument
from ..policy import ValidationPolicy, moment_of
from .structure import repeated_identifier

_ = TranslationStringFactory("egovdocs")

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"


@dataclass(frozen=True)
class Profile:
    """The algorithms of a signature (XML Signature 1.1, 6); the signature method follows from the key."""

    canonicalization: str
    digest: str


BASELINE = Profile(
    canonicalization="http://www.w3.org/2001/10/xml-exc-c14n#",
    digest="http://www.w3.org/2001/04/xmlenc#sha256",
)

# The text is already in canonical form, so that assets/signing/check.js can write the same text and compare.
_SIGNED_PROPERTIES = (
    '<xades:SignedProperties xmlns:xades="{xades}" Id="{id}-properties">'
    "<xades:SignedSignatureProperties>"
    "<xades:SigningTime>{time}</xades:SigningTime>"
    "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
    '<ds:DigestMethod xmlns:ds="{ds}" Algorithm="{digest}"></ds:DigestMethod>'
    '<ds:DigestValue xmlns:ds="{ds}">{certificate_digest}</ds:DigestValue>'
    "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
    "</xades:SignedSignatureProperties>"
    "<xades:SignedDataObjectProperties>"
    '<xades:DataObjectFormat ObjectReference="#{id}-content">'
    "<xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat>"
    "</xades:SignedDataObjectProperties>"
    "</xades:SignedProperties>"
)
_SIGNED_INFO = (
    '<ds:SignedInfo xmlns:ds="{ds}">'
    '<ds:CanonicalizationMethod Algorithm="{canonicalization}"></ds:CanonicalizationMethod>'
    '<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>'
    '<ds:Reference Id="{id}-content" URI=""><ds:Transforms>'
    '<ds:Transform Algorithm="{ds}enveloped-signature"></ds:Transform>'
    '<ds:Transform Algorithm="{canonicalization}"></ds:Transform></ds:Transforms>'
    '<ds:DigestMethod Algorithm="{digest}"></ds:DigestMethod>'
    "<ds:DigestValue>{content_digest}</ds:DigestValue></ds:Reference>"
    '<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#{id}-properties"><ds:Transforms>'
    '<ds:Transform Algorithm="{canonicalization}"></ds:Transform></ds:Transforms>'
    '<ds:DigestMethod Algorithm="{digest}"></ds:DigestMethod>'
    "<ds:DigestValue>{properties_digest}</ds:DigestValue></ds:Reference>"
    "</ds:SignedInfo>"
)
_SIGNATURE = (
    '<ds:Signature xmlns:ds="{ds}" Id="{id}">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue>'
    "<ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>"
    '<ds:Object><xades:QualifyingProperties xmlns:xades="{xades}" Target="#{id}">'
    "{signed_properties}</xades:QualifyingProperties></ds:Object></ds:Signature>"
)


def sign(
    document: bytes, signer: Signer, profile: Profile = BASELINE, *, at: datetime | None = None
) -> bytes:
    """Sign a whole XML document: XAdES baseline B (ETSI EN 319 132-1, 6.3), enveloped.

    :param document: any well-formed XML in any encoding; the result is in UTF-8.
    :param at: the signing time to claim; now when left out.
    :returns: the document with ``ds:Signature`` as its root's last child.
    :raises UnsignableDocument: see :func:`prepare`.
    :raises UnsupportedKey: the signer's key is neither RSA of 2048 bits or more nor P-256.
    """
    prepared = prepare(document, signer.certificate, profile, chain=signer.chain, at=at)
    return prepared.complete(signer.sign(prepared.signed_info))


def prepare(
    document: bytes,
    certificate: x509.Certificate,
    profile: Profile = BASELINE,
    *,
    chain: Iterable[x509.Certificate] = (),
    at: datetime | None = None,
) -> PreparedSignature:
    """Prepare everything of a signature but its value.

    :param chain: issuers' certificates to put beside the signer's, nearest first.
    :param at: the signing time to claim; now when left out.
    :raises UnsignableDocument: not well formed, too large or too deep, has a DTD, is signed already, has an
        identifier twice, or has namespaces that verifiers canonicalise differently (Canonical XML, section
        1.3, leaves relative ones undefined).
    :raises UnsupportedKey: the certificate's key is neither RSA of 2048 bits or more nor P-256.
    """
    method = signature_method(public_key_of(certificate))
    content = canonical(document)
    if len(content) > ValidationPolicy.max_bytes:
        raise _too_large()
    time = moment_of(at).astimezone(UTC)
    certificate_der = certificate.public_bytes(Encoding.DER)
    names = {"ds": DS, "xades": XADES, "id": f"signature-{secrets.token_hex(8)}", **vars(profile)}
    signed_properties = _SIGNED_PROPERTIES.format(
        **names, time=f"{time:%Y-%m-%dT%H:%M:%SZ}", certificate_digest=_digest(certificate_der)
    )
    signed_info = _SIGNED_INFO.format(
        **names,
        method=method,
        content_digest=_digest(content),
        properties_digest=_digest(signed_properties.encode()),
    )
    return PreparedSignature(
        document=document,
        content=content,
        signed_info=signed_info.encode(),
        signed_properties=signed_properties.encode(),
        certificate_der=certificate_der,
        chain_der=tuple(issuer.public_bytes(Encoding.DER) for issuer in chain),
    )


def canonical(document: bytes) -> bytes:
    """What the signature's digest is of: Exclusive XML Canonicalization 1.0 without comments.

    :raises UnsignableDocument: see :func:`prepare`.
    """
    return etree.tostring(_parse(document), method="c14n", exclusive=True, with_comments=False)


@dataclass(frozen=True)
class PreparedSignature:
    """A signature that lacks only its value (XML Signature 1.1, 3.1.2).

    ``document`` is what was given; ``content`` its canonical form, the bytes the signature's digest is of;
    ``signed_info`` the bytes to sign; ``signed_properties`` the canonical bytes of the second reference.
    """

    document: bytes
    content: bytes
    signed_info: bytes
    signed_properties: bytes
    certificate_der: bytes
    chain_der: tuple[bytes, ...] = ()

    @cached_property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate_der)

    def complete(self, signature_value: bytes) -> bytes:
        """Put the value in and return the signed document.

        :raises SignatureValueMismatch: the value is not the certificate's key's over ``signed_info``.
        """
        if not value_verifies(public_key_of(self.certificate), signature_value, self.signed_info):
            raise SignatureValueMismatch(
                _("The signature was not made with the key of the chosen certificate.")
            )
        (signature_id,) = re.findall(r' Id="([^"]+)-properties"', self.signed_properties.decode())
        signature = _SIGNATURE.format(
            ds=DS,
            xades=XADES,
            id=signature_id,
            signed_info=self.signed_info.decode(),
            value=_base64(signature_value),
            certificates="".join(
                f"<ds:X509Certificate>{_base64(der)}</ds:X509Certificate>"
                for der in (self.certificate_der, *self.chain_der)
            ),
            signed_properties=self.signed_properties.decode(),
        )
        return _enveloped(self.document, signature.encode())

    def dump(self) -> dict[str, str]:
        """Everything as text, to be kept until the value comes."""
        return {
            "document": _base64(self.document),
            "content": _base64(self.content),
            "signed_info": self.signed_info.decode(),
            "signed_properties": self.signed_properties.decode(),
            "certificates": " ".join(_base64(der) for der in (self.certificate_der, *self.chain_der)),
        }

    @classmethod
    def load(cls, dumped: Mapping[str, str]) -> PreparedSignature:
        """What :meth:`dump` gave, back again."""
        certificate, *chain = map(base64.b64decode, dumped["certificates"].split())
        return cls(
            document=base64.b64decode(dumped["document"]),
            content=base64.b64decode(dumped["content"]),
            signed_info=dumped["signed_info"].encode(),
            signed_properties=dumped["signed_properties"].encode(),
            certificate_der=certificate,
            chain_der=tuple(chain),
        )


def _parse(document: bytes) -> etree._ElementTree:
    if len(document) > ValidationPolicy.max_bytes:
        raise _too_large()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        if "depth" in str(problem):
            raise UnsignableDocument(
                _("The document is nested deeper than documents that are looked at.")
            ) from None
        if "XML_PARSE_HUGE" in str(problem):
            raise _too_large() from None
        raise UnsignableDocument(
            _("This is not well-formed XML: ${problem}", mapping={"problem": str(problem)})
        ) from None
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise UnsignableDocument(_("A document with a DTD (<!DOCTYPE …>) or entities cannot be signed."))
    if tree.docinfo.xml_version != "1.0":
        raise UnsignableDocument(_("Only XML 1.0 can be signed."))
    if next(root.iter(f"{{{DS}}}Signature"), None) is not None:
        raise UnsignableDocument(_("The document is signed already; one document has one signer."))
    twice = repeated_identifier(root)
    if twice is not None:
        raise UnsignableDocument(
            _("The identifier “${id}” occurs twice in the document.", mapping={"id": twice})
        )
    for _event, (_prefix, uri) in etree.iterwalk(root, events=("start-ns",)):
        if uri and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s&<>\"]+", uri):
            raise UnsignableDocument(
                _(
                    "The namespace ${uri} is relative or has a character such as '&' in it;"
                    " verifiers would not agree about the document.",
                    mapping={"uri": repr(uri)},
                )
            )
    return tree


def _too_large() -> UnsignableDocument:
    return UnsignableDocument(_("The document is larger than documents that are looked at."))


def _enveloped(document: bytes, signature: bytes) -> bytes:
    # A node moved between trees would take over the new parent's prefixes, so the text is put in, not a node.
    tree = _parse(document)
    place = etree.Comment(secrets.token_hex(32))
    tree.getroot().append(place)
    text = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return text.replace(etree.tostring(place), signature)


def _digest(data: bytes) -> str:
    return _base64(sha256(data).digest())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
