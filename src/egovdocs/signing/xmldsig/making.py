"""Making of signatures: enveloped XAdES baseline B (ETSI EN 319 132-1, level B-B) in one profile.

``prepare`` and ``PreparedSignature.complete`` split the work for a key that is elsewhere, in the signer's
browser or on a token; ``sign`` calls both with a local key.
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

from ..crypto.algorithms import EXCLUSIVE, SHA256
from ..crypto.rsa_ec import public_key_of, signature_method, value_verifies
from ..crypto.signers import Signer
from ..errors import SignatureValueMismatch, UnsignableDocument
from ..moments import moment_of
from ..namespaces import DS, XADES
from ..policy import ValidationPolicy
from .parsed_document import repeated_identifier

_ = TranslationStringFactory("egovdocs")


@dataclass(frozen=True)
class Profile:
    """The algorithms of a signature (XML Signature 1.1, 6); the signature method follows from the key."""

    canonicalization: str
    digest: str


BASELINE = Profile(canonicalization=EXCLUSIVE, digest=SHA256)

# The text is in canonical form, because assets/signing/check.js makes the same text and compares.
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

    :param document: well-formed XML in any encoding; the result is in UTF-8.
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
    """Prepare a signature without its value.

    :param chain: issuers' certificates to put beside the signer's, nearest first.
    :param at: the signing time to claim; now when left out.
    :raises UnsignableDocument: the document is not well formed, too large or too deep, has a DTD, is signed
        already, has an identifier twice, or has namespaces that verifiers canonicalise differently (Canonical
        XML 1.0, 1.3, leaves relative ones undefined).
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
    """Return the bytes that the signature's digest is of: Exclusive XML Canonicalization 1.0 without
    comments.

    :raises UnsignableDocument: see :func:`prepare`.
    """
    return etree.tostring(_parse(document), method="c14n", exclusive=True, with_comments=False)


@dataclass(frozen=True)
class PreparedSignature:
    """A signature without its value (XML Signature 1.1, 3.1.2).

    :ivar document: as it was given.
    :ivar content: its canonical form, the bytes of the first reference.
    :ivar signed_info: the bytes to sign.
    :ivar signed_properties: the canonical bytes of the second reference.
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
        """Return the signed document with this signature value.

        :raises SignatureValueMismatch: the value was not made with the certificate's key over
            ``signed_info``.
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
        """Return the prepared signature as text values, to be stored until the value comes."""
        return {
            "document": _base64(self.document),
            "content": _base64(self.content),
            "signed_info": self.signed_info.decode(),
            "signed_properties": self.signed_properties.decode(),
            "certificates": " ".join(_base64(der) for der in (self.certificate_der, *self.chain_der)),
        }

    @classmethod
    def load(cls, dumped: Mapping[str, str]) -> PreparedSignature:
        """Return the prepared signature that :meth:`dump` was called on."""
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
    repeated = repeated_identifier(root)
    if repeated is not None:
        raise UnsignableDocument(
            _("The identifier “${id}” occurs twice in the document.", mapping={"id": repeated})
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
    # lxml changes prefixes of a node that moves between trees, so text is inserted and not a node.
    tree = _parse(document)
    marker = etree.Comment(secrets.token_hex(32))
    tree.getroot().append(marker)
    text = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return text.replace(etree.tostring(marker), signature)


def _digest(data: bytes) -> str:
    return _base64(sha256(data).digest())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
