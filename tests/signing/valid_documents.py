"""Valid documents: templates of many forms, and the names of those that the JDK makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cryptography import x509
from tests.signing.templates import (
    C14N,
    DS,
    ENVELOPED,
    EXCLUSIVE,
    FILTER2,
    MORE,
    XPATH,
    properties,
    properties_reference,
    reference,
    signature,
    transform,
    unprefixed,
)

JDK = {
    "ec": [
        *(f"c14n-{number}" for number in range(6)),
        *("detached", "detached-xpointer", "enveloping", "xpath", "filter2", "prefix-list"),
        "xpointer-comments",
    ],
    "rsa": [
        *(f"{kind}-{bits}" for kind in ("rsa", "mgf1") for bits in (256, 384, 512)),
        *("pss-parameters", "pss-defaults"),
    ],
}


def _xades(certificate: x509.Certificate, **changes: Any) -> str:
    return str(
        signature(
            ENVELOPED.replace("<ds:Reference ", '<ds:Reference Id="content" '),
            properties_reference(),
            objects=properties(certificate, **changes),
        )
    )


SHAPES: dict[str, Callable[[x509.Certificate], str]] = {
    "plain": lambda certificate: f"<a>{signature(ENVELOPED)}</a>",
    "unprefixed": lambda certificate: f"<a>{unprefixed(signature(ENVELOPED))}</a>",
    "unprefixed, inclusive": lambda certificate: (
        '<a xmlns="urn:a" xmlns:b="urn:b"><b:c/>'
        f"{unprefixed(signature(ENVELOPED, canonicalization=C14N))}</a>"
    ),
    "xml:lang on ancestors": lambda certificate: (
        '<a xml:lang="kk"><b xml:lang="ru" xml:space="preserve">'
        f"{signature(ENVELOPED, canonicalization=C14N)}</b></a>"
    ),
    "no canonicalisation named": lambda certificate: (
        f"<a>{signature(reference('', transform(DS + 'enveloped-signature')))}</a>"
    ),
    "around the root": lambda certificate: f"<?a b?><!-- c --><a>{signature(ENVELOPED)}</a><!-- d --><?e?>",
    "Cyrillic names": lambda certificate: f'<д:а xmlns:д="urn:d" д:б="в">{signature(ENVELOPED)}</д:а>',
    "CDATA and references": lambda certificate: f"<a><![CDATA[<b> & c]]>&#13;&lt;{signature(ENVELOPED)}</a>",
    "the root by its id": lambda certificate: (
        '<!-- a --><a Id="r">'
        + signature(reference("#r", transform(DS + "enveloped-signature")))
        + "</a><?b?>"
    ),
    "NCALayer": lambda certificate: (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\r\n<a><!-- b --><b>в</b>'
        + signature(
            reference(
                "",
                transform(DS + "enveloped-signature"),
                transform(C14N + "#WithComments"),
            ),
            canonicalization=C14N,
        )
        + "</a>"
    ),
    "two references": lambda certificate: (
        f'<a><b Id="b">1</b>{signature(ENVELOPED, reference("#b", digest=MORE + "sha384"))}</a>'
    ),
    "XPath": lambda certificate: (
        "<a>"
        + signature(
            reference(
                "",
                transform(
                    XPATH, f'<ds:XPath xmlns:x="{DS}">\n not(ancestor-or-self::x:Signature) </ds:XPath>'
                ),
            )
        )
        + "</a>"
    ),
    "XPath Filter 2": lambda certificate: (
        "<a>"
        + signature(
            reference(
                "",
                transform(
                    FILTER2,
                    f'<f:XPath xmlns:f="{FILTER2}" Filter="subtract">/descendant::ds:Signature</f:XPath>',
                ),
                transform(EXCLUSIVE),
            )
        )
        + "</a>"
    ),
    "XAdES": lambda certificate: f"<a>{_xades(certificate)}</a>",
    "XAdES with a data object": lambda certificate: (
        "<a>"
        + _xades(
            certificate,
            data='<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#content">'
            "<xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>",
        )
        + "</a>"
    ),
    "XAdES with issuer and number": lambda certificate: (
        "<a>"
        + _xades(
            certificate,
            more=f"<xades:IssuerSerial><ds:X509IssuerName>{certificate.issuer.rfc4514_string()}</ds:X509IssuerName>"
            f"<ds:X509SerialNumber>{certificate.serial_number}</ds:X509SerialNumber></xades:IssuerSerial>",
        )
        + "</a>"
    ),
}
PARTS: dict[str, str] = {
    "detached": f'<a xml:lang="kk"><b Id="b">в</b>{signature(reference("#b"))}</a>',
    "by xpointer": (
        '<a><b Id="b"><!-- c --></b>' + signature(reference("#xpointer(id(&apos;b&apos;))")) + "</a>"
    ),
    "nested, enveloped": (
        '<a><b Id="b">в'
        + signature(reference("#b", transform(DS + "enveloped-signature"), transform(EXCLUSIVE)))
        + "</b><c/></a>"
    ),
    "base64": (f'<a><b Id="b">0JA=</b>{signature(reference("#b", transform(DS + "base64")))}</a>'),
}
ENVELOPING: dict[str, str] = {
    "object": signature(reference("#o"), objects='<ds:Object Id="o"><b xmlns="">в</b></ds:Object>'),
    "child": signature(reference("#b"), objects='<ds:Object><b Id="b">в</b></ds:Object>'),
}
