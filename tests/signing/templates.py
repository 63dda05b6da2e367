"""Templates of XML signatures, which libxmlsec fills in."""

from __future__ import annotations

import base64
import hashlib

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from egovdocs.sandbox.authority import IssuedKey

DS = "http://www.w3.org/2000/09/xmldsig#"
DS11 = "http://www.w3.org/2009/xmldsig11#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
XADES141 = "http://uri.etsi.org/01903/v1.4.1#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
ENC = "http://www.w3.org/2001/04/xmlenc#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
SHA256 = f"{ENC}sha256"
ECDSA = f"{MORE}ecdsa-sha256"


def transform(algorithm: str, inside: str = "") -> str:
    return f'<ds:Transform Algorithm="{algorithm}">{inside}</ds:Transform>'


def reference(uri: str, *transforms: str, digest: str = SHA256, attributes: str = "") -> str:
    listed = f"<ds:Transforms>{''.join(transforms)}</ds:Transforms>" if transforms else ""
    return (
        f'<ds:Reference URI="{uri}" {attributes}>{listed}'
        f'<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference>'
    )


ENVELOPED = reference("", transform(f"{DS}enveloped-signature"), transform(EXCLUSIVE))


def signature(
    *references: str,
    method: str = ECDSA,
    canonicalization: str = EXCLUSIVE,
    objects: str = "",
    identifier: str = "sig",
    key_info: str = "<ds:X509Data><ds:X509Certificate/></ds:X509Data>",
) -> str:
    """Return a ds:Signature to be filled in."""
    return (
        f'<ds:Signature xmlns:ds="{DS}" Id="{identifier}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{canonicalization}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/>{"".join(references)}</ds:SignedInfo>'
        f'<ds:SignatureValue Id="{identifier}-value"/><ds:KeyInfo>{key_info}</ds:KeyInfo>'
        f"{objects}</ds:Signature>"
    )


def unprefixed(template: str) -> str:
    """Return the same signature in a default namespace."""
    return (
        template.replace("ds:", "").replace("xmlns:ds=", "xmlns=").replace(f'xmlns="{DS}" xmlns="', 'xmlns="')
    )


def properties(
    certificate: x509.Certificate,
    identifier: str = "sig",
    *,
    target: str | None = None,
    digest: bytes | None = None,
    method: str = SHA256,
    more: str = "",
    data: str = "",
    unsigned: str = "",
) -> str:
    """Return a ds:Object with XAdES qualifying properties.

    :param more: put into the Cert element, after its digest.
    :param data: put after the SignedSignatureProperties.
    :param unsigned: put after the SignedProperties.
    """
    der = certificate.public_bytes(Encoding.DER)
    value = base64.b64encode(digest if digest is not None else hashlib.sha256(der).digest()).decode()
    return (
        f'<ds:Object><xades:QualifyingProperties xmlns:xades="{XADES}" Target="{target or "#" + identifier}">'
        f'<xades:SignedProperties Id="{identifier}-properties"><xades:SignedSignatureProperties>'
        "<xades:SigningTime>2026-01-02T03:04:05.678+05:00</xades:SigningTime><xades:SigningCertificateV2>"
        f'<xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="{method}"/>'
        f"<ds:DigestValue>{value}</ds:DigestValue></xades:CertDigest>{more}</xades:Cert>"
        f"</xades:SigningCertificateV2></xades:SignedSignatureProperties>{data}</xades:SignedProperties>"
        f"{unsigned}</xades:QualifyingProperties></ds:Object>"
    )


def unsigned_properties(inside: str) -> str:
    """Return UnsignedProperties with these signature properties."""
    return (
        f"<xades:UnsignedProperties><xades:UnsignedSignatureProperties>{inside}"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )


def properties_reference(identifier: str = "sig", to: str = "") -> str:
    return reference(
        f"#{to or identifier + '-properties'}",
        transform(EXCLUSIVE),
        attributes=f'Type="{SIGNED_PROPERTIES}"',
    )


def fill_in(template: str | bytes, key: IssuedKey, which: str = "") -> bytes:
    """Let libxmlsec fill in the digests, the value and the certificate of a document's signatures.

    :param which: the identifier of the only signature to fill in; all when left out.
    """
    pem = key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signing = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
    signing.load_cert_from_memory(key.certificate.public_bytes(Encoding.PEM), xmlsec.KeyFormat.PEM)
    root = etree.fromstring(template.encode() if isinstance(template, str) else template)
    xmlsec.tree.add_ids(root, ["Id"])
    for node in list(root.iter(f"{{{DS}}}Signature")):
        if not which or node.get("Id") == which:
            context = xmlsec.SignatureContext()
            context.key = signing
            context.sign(node)
    return etree.tostring(root.getroottree(), encoding="utf-8")
