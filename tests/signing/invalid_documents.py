"""Invalid documents: changes of a valid one, and templates with faults."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from lxml import etree
from tests.signing.factories import SigningWorld
from tests.signing.templates import (
    DS,
    ENVELOPED,
    MORE,
    XADES,
    XPATH,
    properties,
    properties_reference,
    signature,
)


def find(root: etree._Element, name: str, namespace: str = DS) -> etree._Element:
    return next(root.iter(f"{{{namespace}}}{name}"))


def flip(element: etree._Element) -> None:
    data = bytearray(base64.b64decode(element.text or ""))
    data[-1] ^= 1
    element.text = base64.b64encode(data).decode()


def _digest_of_nothing(root: etree._Element) -> None:
    flip(find(root, "DigestValue"))


def _value(root: etree._Element) -> None:
    flip(find(root, "SignatureValue"))


def _comment_in_digest(root: etree._Element) -> None:
    value = find(root, "DigestValue")
    comment = etree.Comment("x")
    comment.tail = value.text
    value.text = "AAAA"
    value.append(comment)


def _comment_in_certificate(root: etree._Element) -> None:
    find(root, "X509Certificate").append(etree.Comment("x"))


def _junk_in_value(root: etree._Element) -> None:
    value = find(root, "SignatureValue")
    value.text = f"{value.text}!"


def _second_signed_info(root: etree._Element) -> None:
    info = find(root, "SignedInfo")
    info.addnext(etree.fromstring(etree.tostring(info)))


def _no_references(root: etree._Element) -> None:
    info = find(root, "SignedInfo")
    for each in info.findall(f"{{{DS}}}Reference"):
        info.remove(each)


def _other_target(root: etree._Element) -> None:
    find(root, "QualifyingProperties", XADES).set("Target", "#other")


def _second_properties(root: etree._Element) -> None:
    holder = find(root, "Object")
    holder.append(etree.fromstring(etree.tostring(holder[0])))


def _signing_time(root: etree._Element) -> None:
    find(root, "SigningTime", XADES).text = "2020-01-01T00:00:00Z"


def _not_a_time(root: etree._Element) -> None:
    find(root, "SigningTime", XADES).text = "yesterday"


def _duplicate(spelling: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        identifier = find(root, "SignedProperties", XADES).get("Id")
        etree.SubElement(find(root, "Object"), "extra").set(spelling, str(identifier))

    return change


def _method(name: str, algorithm: str) -> Callable[[etree._Element], None]:
    return lambda root: find(root, name).set("Algorithm", algorithm)


def _uri(uri: str) -> Callable[[etree._Element], None]:
    return lambda root: find(root, "Reference").set("URI", uri)


def _many_references(root: etree._Element) -> None:
    info = find(root, "SignedInfo")
    for _number in range(1000):
        info.append(etree.fromstring(etree.tostring(info[2])))


def _many_transforms(root: etree._Element) -> None:
    transforms = find(root, "Transforms")
    for _number in range(10):
        transforms.append(etree.fromstring(etree.tostring(transforms[1])))


def _drop_uri(root: etree._Element) -> None:
    del find(root, "Reference").attrib["URI"]


CHANGES: dict[str, tuple[Callable[[etree._Element], None], str, str]] = {
    "content": (lambda r: r[0].set("x", "1"), "HASH_FAILURE", "references"),
    "content's text": (lambda r: setattr(r[0], "text", "Өтiніш"), "HASH_FAILURE", "references"),
    "an element more": (lambda r: r.insert(0, etree.Element("c")), "HASH_FAILURE", "references"),
    "a processing instruction more": (
        lambda r: r.addprevious(etree.ProcessingInstruction("p")),
        "HASH_FAILURE",
        "references",
    ),
    "digest": (_digest_of_nothing, "HASH_FAILURE", "references"),
    "signature value": (_value, "SIG_CRYPTO_FAILURE", "signature"),
    "signing time": (_signing_time, "HASH_FAILURE", "references"),
    "not a time": (_not_a_time, "FORMAT_FAILURE", "properties"),
    "comment in a digest": (_comment_in_digest, "FORMAT_FAILURE", "structure"),
    "comment in a certificate": (_comment_in_certificate, "FORMAT_FAILURE", "structure"),
    "junk in the value": (_junk_in_value, "FORMAT_FAILURE", "structure"),
    "two SignedInfo": (_second_signed_info, "FORMAT_FAILURE", "structure"),
    "no references": (_no_references, "FORMAT_FAILURE", "structure"),
    "another's properties": (_other_target, "FORMAT_FAILURE", "properties"),
    "two sets of properties": (_second_properties, "FORMAT_FAILURE", "properties"),
    **{
        f"duplicate {spelling}": (_duplicate(spelling), "FORMAT_FAILURE", "identifiers")
        for spelling in ("Id", "ID", "id", "iD", "{urn:wsu}Id", "{http://www.w3.org/XML/1998/namespace}id")
    },
    "HMAC": (_method("SignatureMethod", MORE + "hmac-sha256"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "RSA with SHA-1": (
        _method("SignatureMethod", DS + "rsa-sha1"),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "DSA": (_method("SignatureMethod", DS + "dsa-sha1"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "ECDSA with SHA-1": (
        _method("SignatureMethod", MORE + "ecdsa-sha1"),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "RSA by an EC key": (_method("SignatureMethod", MORE + "rsa-sha256"), "SIG_CRYPTO_FAILURE", "signature"),
    "unheard-of": (_method("SignatureMethod", "urn:nothing"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "SHA-1 digest": (_method("DigestMethod", DS + "sha1"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "MD5 digest": (_method("DigestMethod", MORE + "md5"), "CRYPTO_CONSTRAINTS_FAILURE", "algorithms"),
    "unknown canonicalisation": (
        _method("CanonicalizationMethod", "http://www.w3.org/2010/xml-c14n2"),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "XSLT": (
        _method("Transform", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        "SIG_CONSTRAINTS_FAILURE",
        "transforms",
    ),
    "XPath without an expression": (_method("Transform", XPATH), "SIG_CONSTRAINTS_FAILURE", "transforms"),
    "outside": (_uri("http://127.0.0.1/"), "SIGNED_DATA_NOT_FOUND", "references"),
    "a file": (_uri("file:///etc/passwd"), "SIGNED_DATA_NOT_FOUND", "references"),
    "nothing there": (_uri("#nothing"), "SIGNED_DATA_NOT_FOUND", "references"),
    "no URI": (_drop_uri, "SIGNED_DATA_NOT_FOUND", "references"),
    "an xpointer of its own": (_uri("#xpointer(//b)"), "SIG_CONSTRAINTS_FAILURE", "transforms"),
    "a thousand references": (_many_references, "FORMAT_FAILURE", "limits"),
    "many transforms": (_many_transforms, "FORMAT_FAILURE", "limits"),
}
UNSIGNED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "structure"),
    "no XML": (b"%PDF-1.7", "structure"),
    "no signature": (b"<a/>", "structure"),
    "a DTD": (b"<!DOCTYPE a><a/>", "structure"),
    "an entity": (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "structure"),
    "a bomb": (
        b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
        + b"]><a x='&j;'>&j;</a>",
        "structure",
    ),
    "too big": (b"<a>" + b"x" * 10_000_000 + b"</a>", "limits"),
    "too many tags": (b"<a>" + b"<b/>" * 1_000_000 + b"</a>", "limits"),
    "too many attributes": (b"<a " + b" ".join(b'a%d="1"' % n for n in range(1_000_000)) + b"/>", "limits"),
    "a crowd of attributes": (
        b"<a " + b" ".join(b'a%d="1"' % n for n in range(300)) + b"/>",
        "limits",
    ),
    "EBCDIC": ('<?xml version="1.0" encoding="IBM037"?><a/>'.encode("cp037"), "structure"),
    "too deep": (b"<a>" * 100_000 + b"</a>" * 100_000, "limits"),
    "too many signatures": (
        b"<a>" + f'<ds:Signature xmlns:ds="{DS}"/>'.encode() * 1000 + b"</a>",
        "limits",
    ),
    "an empty signature": (f'<ds:Signature xmlns:ds="{DS}"/>'.encode(), "structure"),
}


def _object(world: SigningWorld, **changes: Any) -> str:
    return str(
        signature(
            ENVELOPED,
            properties_reference(**({"to": changes.pop("to")} if "to" in changes else {})),
            objects=properties(world.person.certificate, **changes),
        )
    )


XADES_FAULTS: dict[str, tuple[Callable[[SigningWorld], str], str, str]] = {
    "another certificate's digest": (
        lambda world: f"<a>{_object(world, digest=bytes(32))}</a>",
        "NO_SIGNING_CERTIFICATE_FOUND",
        "properties",
    ),
    "another serial number": (
        lambda world: (
            "<a>"
            + _object(
                world,
                more="<xades:IssuerSerial><ds:X509IssuerName>CN=a</ds:X509IssuerName>"
                "<ds:X509SerialNumber>1</ds:X509SerialNumber></xades:IssuerSerial>",
            )
            + "</a>"
        ),
        "NO_SIGNING_CERTIFICATE_FOUND",
        "properties",
    ),
    "SHA-1": (
        lambda world: f"<a>{_object(world, method=DS + 'sha1')}</a>",
        "CRYPTO_CONSTRAINTS_FAILURE",
        "algorithms",
    ),
    "elsewhere": (
        lambda world: f'<a><b Id="other"/>{_object(world, to="other")}</a>',
        "FORMAT_FAILURE",
        "properties",
    ),
    "not signed": (
        lambda world: f"<a>{signature(ENVELOPED, objects=properties(world.person.certificate))}</a>",
        "FORMAT_FAILURE",
        "properties",
    ),
    "about other data": (
        lambda world: (
            "<a>"
            + _object(
                world,
                data='<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#no"/>'
                "</xades:SignedDataObjectProperties>",
            )
            + "</a>"
        ),
        "FORMAT_FAILURE",
        "properties",
    ),
    "nothing but properties": (
        lambda world: (
            "<a>" + signature(properties_reference(), objects=properties(world.person.certificate)) + "</a>"
        ),
        "SIG_CONSTRAINTS_FAILURE",
        "coverage",
    ),
}
