"""SOAP messages: the structure and signature of our own, and what is rejected of others."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from tests.integrations.gateway.echo_requests import (
    IIN,
    NAMESPACES,
    OTHER_IIN,
    issue_key,
    signed_request,
    verified,
)

from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.messages import SYNC
from egovdocs.sandbox.authority import IssuedKey


@pytest.fixture(scope="module")
def key() -> IssuedKey:
    return issue_key()


@pytest.fixture(scope="module")
def other() -> IssuedKey:
    return issue_key()


def test_the_signature_has_the_structure_of_the_gateway(key: IssuedKey) -> None:
    envelope = etree.fromstring(signed_request(key.signer))
    (body,) = envelope.xpath("/soap:Envelope/soap:Body", namespaces=NAMESPACES)
    (signature,) = envelope.xpath(
        "/soap:Envelope/soap:Header/wsse:Security/ds:Signature", namespaces=NAMESPACES
    )
    (reference,) = signature.findall("ds:SignedInfo/ds:Reference", NAMESPACES)
    assert reference.get("URI") == "#" + body.get(f"{{{soap.WSU}}}Id")
    (identifier,) = signature.xpath(
        "ds:KeyInfo/wsse:SecurityTokenReference/wsse:KeyIdentifier", namespaces=NAMESPACES
    )
    assert identifier.get("ValueType").endswith("#X509v3")
    assert base64.b64decode(identifier.text) == key.certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_python_xmlsec_verifies_our_signatures(algorithm: Literal["rsa", "ec"]) -> None:
    key = issue_key(algorithm)
    root = etree.fromstring(signed_request(key.signer))
    verify_with_xmlsec(root, key)
    root.find("soap:Body", NAMESPACES).set("altered", "yes")
    with pytest.raises(xmlsec.Error):
        verify_with_xmlsec(root, key)


def verify_with_xmlsec(root: etree._Element, key: IssuedKey) -> None:
    """:raises xmlsec.Error: the Body is not signed by this key."""
    context = xmlsec.SignatureContext()
    context.register_id(root.find("soap:Body", NAMESPACES), "Id", soap.WSU)
    context.key = xmlsec.Key.from_memory(
        key.certificate.public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatCertPem
    )
    context.verify(root.find(".//ds:Signature", NAMESPACES))


@pytest.mark.skipif(not shutil.which("xmlsec1"), reason="xmlsec1 is not installed")
def test_xmlsec1_verifies_our_signatures(key: IssuedKey, tmp_path: Path) -> None:
    message, certificate = tmp_path / "message.xml", tmp_path / "certificate.pem"
    message.write_bytes(signed_request(key.signer))
    certificate.write_bytes(key.certificate.public_bytes(Encoding.PEM))
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", certificate]
    command += ["--id-attr:Id", f"{soap.SOAP}:Body", message]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    message.write_bytes(signed_request(key.signer).replace(IIN.encode(), OTHER_IIN.encode()))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("prefixes", [None, "soap m"])
def test_signatures_of_another_implementation_are_verified(other: IssuedKey, prefixes: str | None) -> None:
    """A message in the manner of WSS4J and python-xmlsec: pretty-printed, with other prefixes."""
    key = issue_key("rsa")
    root = etree.fromstring(
        f"""<S:Envelope xmlns:S="{soap.SOAP}" xmlns:m="urn:m">
  <S:Header><w:Security xmlns:w="{soap.WSSE}"/></S:Header>
  <S:Body xmlns:u="{soap.WSU}" u:Id="id-7"><m:word xmlns:x="urn:x">сөз<!-- no --> ә</m:word></S:Body>
</S:Envelope>"""
    )
    signature = xmlsec.template.create(
        root, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    root[0][0].append(signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri="#id-7")
    transform = xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    if prefixes:
        xmlsec.template.transform_add_c14n_inclusive_namespaces(transform, prefixes.split())
    xmlsec.template.ensure_key_info(signature)
    context = xmlsec.SignatureContext()
    context.register_id(root[1], "Id", soap.WSU)
    context.key = xmlsec.Key.from_memory(
        key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        xmlsec.constants.KeyDataFormatPem,
    )
    context.sign(signature)
    data = etree.tostring(root)
    assert verified(data, key).text == "сөз ә"
    with pytest.raises(soap.UntrustedMessage, match="key"):
        verified(data, other)


# What is rejected


def test_the_signed_content_is_read(key: IssuedKey) -> None:
    content = verified(signed_request(key.signer), key)
    assert content.tag == f"{{{SYNC}}}SendMessage"
    assert content.findtext("request/requestData/data/iin") == IIN


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(IIN.encode(), OTHER_IIN.encode()),
        lambda data: data.replace(b"<soap:Body ", b'<soap:Body more="x" '),
        lambda data: data.replace(b'xmlns:m="http://message', b'xmlns:m="http://massage'),
        lambda data: re.sub(rb"<ds:Signature.*</ds:Signature>", b"", data),
        lambda data: re.sub(rb"(<ds:Signature .*</ds:Signature>)", rb"\1\1", data),
        lambda data: data.replace(b"exc-c14n#", b"exc-c14n#WithComments"),
        lambda data: data.replace(b"xmlenc#sha256", b"xmlenc#sha512"),
        lambda data: data.replace(b"ecdsa-sha256", b"hmac-sha256"),
        lambda data: re.sub(rb"<ds:DigestValue>.", b"<ds:DigestValue>!", data),
        lambda data: re.sub(rb'URI="#[^"]+"', b'URI=""', data),
        lambda data: re.sub(rb"<ds:SignatureValue>[^<]+", b"<ds:SignatureValue>AAAA", data),
        lambda data: data.replace(b"<soap:Header>", b"<soap:Header><soap:deeper>").replace(
            b"</soap:Header>", b"</soap:deeper></soap:Header>"
        ),
    ],
)
def test_any_change_is_detected(key: IssuedKey, change: Callable[[bytes], bytes]) -> None:
    data = signed_request(key.signer)
    changed = change(data)
    assert changed != data
    with pytest.raises(soap.UntrustedMessage):
        verified(changed, key)


def test_signature_wrapping_is_detected(key: IssuedKey) -> None:
    """The signed Body is moved into the header and replaced by another (McIntosh and Austel, 2005)."""
    data = signed_request(key.signer).decode()
    (body,) = re.findall(r"<soap:Body.*</soap:Body>", data)
    forged = body.replace(IIN, OTHER_IIN)
    for attack in (
        data.replace(body, forged).replace("</soap:Header>", f"<x>{body}</x></soap:Header>"),
        data.replace(body, re.sub(r'wsu:Id="[^"]+"', 'wsu:Id="other"', forged)).replace(
            "</soap:Header>", f"<x>{body}</x></soap:Header>"
        ),
        data.replace(body, forged).replace(
            "</soap:Header>", f"<x>{body.replace('wsu:Id', 'ID')}</x></soap:Header>"
        ),
    ):
        with pytest.raises(soap.UntrustedMessage):
            verified(attack.encode(), key)
    with pytest.raises(soap.MalformedMessage):
        soap.parse_message(data.replace(body, forged + body).encode())


def test_a_comment_does_not_split_a_text(key: IssuedKey) -> None:
    data = signed_request(key.signer).replace(IIN.encode(), f"{IIN[:6]}<!-- x -->{IIN[6:]}".encode())
    assert verified(data, key).findtext("request/requestData/data/iin") == IIN


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>Bad gateway",
        b"<html/>",
        b'<!DOCTYPE x [<!ENTITY e "x">]>'
        + f'<s:Envelope xmlns:s="{soap.SOAP}"><s:Body/></s:Envelope>'.encode(),
        f'<s:Envelope xmlns:s="{soap.SOAP}"/>'.encode(),
        f'<s:Envelope xmlns:s="{soap.SOAP}"><s:Body/><s:Header/></s:Envelope>'.encode(),
        b"<a>" * 300 + b"</a>" * 300,
        b" " * (soap.MAX_BYTES + 1),
    ],
)
def test_other_data_are_not_parsed(data: bytes) -> None:
    with pytest.raises(soap.MalformedMessage):
        soap.parse_message(data)


MANY_NAMESPACES = "".join(f' xmlns:n{number}="urn:{number}"' for number in range(9000)).encode()
MANY_ATTRIBUTES = "".join(f' a{number}=""' for number in range(9000)).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"<soap:Envelope", b"<soap:Envelope" + MANY_NAMESPACES),
        lambda data: data.replace(b"<ds:SignedInfo", b"<ds:SignedInfo" + MANY_NAMESPACES),
        lambda data: data.replace(b"<ds:SignatureMethod", b"<ds:SignatureMethod" + MANY_ATTRIBUTES),
        lambda data: data.replace(b"</ds:SignedInfo>", b"<a/>" * 30_000 + b"</ds:SignedInfo>"),
        lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
)
def test_expensive_messages_are_not_parsed(key: IssuedKey, change: Callable[[bytes], bytes]) -> None:
    start = time.process_time()
    with pytest.raises(soap.MalformedMessage):
        soap.parse_message(change(signed_request(key.signer)))
    assert time.process_time() - start < 2


def test_entities_are_not_resolved(key: IssuedKey, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    data = signed_request(key.signer).replace(
        b"<soap:Envelope", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><soap:Envelope'.encode(), 1
    )
    with pytest.raises(soap.MalformedMessage, match="DTD"):
        soap.parse_message(data.replace(IIN.encode(), b"&e;"))


def test_parsed_names_are_not_kept_in_memory() -> None:
    """lxml keeps each name that a thread has parsed: a sender of new names could fill the memory."""

    def megabytes() -> float:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def message(number: int) -> bytes:
        name = f"n{number}-{'n' * 200}-"
        return f"<a>{''.join(f'<{name}{each}/>' for each in range(15_000))}</a>".encode()

    for number in range(5):
        soap.parse_xml(message(number), 16 * soap.MAX_BYTES)
    before = megabytes()
    for number in range(5, 25):
        soap.parse_xml(message(number), 16 * soap.MAX_BYTES)
    assert megabytes() - before < 15
