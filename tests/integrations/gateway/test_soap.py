"""Messages through the gateway: shape, signature, and everything that is not believed."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from egovdocs.content import Person
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway import soap, xmlutil
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, RequestRejected
from egovdocs.integrations.gateway.messages import (
    MAX_CLOCK_DIFFERENCE,
    SYNC,
    GatewayRequest,
    Sender,
    build_fault,
    new_data,
)
from egovdocs.integrations.gateway.messages import build_request as build_request
from egovdocs.integrations.gateway.replay_cache import ReplayCache
from egovdocs.integrations.state_registers import entities_messages, notary_messages, persons_messages
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Signer

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
YEAR = timedelta(days=365)
IIN = "910203450036"
NAMES = {"soap": soap.SOAP, "ds": soap.DS, "wsse": soap.WSSE, "wsu": soap.WSU, "sync": SYNC}


def issue(algorithm: str = "ec") -> IssuedKey:
    return Authority.create("Корень", algorithm="ec").issue_system(
        "Портал",
        "940140000385",
        algorithm=algorithm,  # type: ignore[arg-type]
        not_before=NOW - YEAR,
        not_after=NOW + YEAR,
    )


@pytest.fixture(scope="module")
def ours() -> IssuedKey:
    return issue()


@pytest.fixture(scope="module")
def other() -> IssuedKey:
    return issue()


def question(signer: Signer, *, message_id: str = "m-1", at: datetime = NOW, service: str = "echo") -> bytes:
    data = persons_messages.build_request(IIN, "portal")
    return soap.sign_message(build_request(service, message_id, at, Sender("portal", "s3cret"), data), signer)


def unsealed(data: bytes, key: IssuedKey) -> etree._Element:
    return soap.verify_message(soap.parse_message(data), key.certificate)


# Shape


def test_the_request_has_the_gateways_shape(ours: IssuedKey) -> None:
    envelope = etree.fromstring(question(ours.signer))
    (send,) = envelope.xpath("/soap:Envelope/soap:Body/sync:SendMessage", namespaces=NAMES)
    info = send.xpath("request/requestInfo", namespaces=NAMES)[0]
    assert [child.tag for child in info] == ["messageId", "serviceId", "messageDate", "sender"]
    assert [info.findtext(name) for name in ("messageId", "serviceId", "messageDate")] == [
        "m-1",
        "echo",
        "2026-06-01T10:00:00.000Z",
    ]
    assert [child.tag for child in info.find("sender")] == ["senderId", "password"]
    data = send.find("request/requestData/data")
    assert data.get(f"{{{soap.XSI}}}type") == "m:Request"
    assert data.nsmap["m"] == "http://message.persistence.interactive.nat"
    assert [child.tag for child in data] == ["messageId", "messageDate", "senderCode", "iin"]


def test_the_signature_has_the_gateways_shape(ours: IssuedKey) -> None:
    envelope = etree.fromstring(question(ours.signer))
    (body,) = envelope.xpath("/soap:Envelope/soap:Body", namespaces=NAMES)
    (signature,) = envelope.xpath("/soap:Envelope/soap:Header/wsse:Security/ds:Signature", namespaces=NAMES)
    (reference,) = signature.findall("ds:SignedInfo/ds:Reference", NAMES)
    assert reference.get("URI") == "#" + body.get(f"{{{soap.WSU}}}Id")
    (key,) = signature.xpath("ds:KeyInfo/wsse:SecurityTokenReference/wsse:KeyIdentifier", namespaces=NAMES)
    assert key.get("ValueType").endswith("#X509v3")
    assert base64.b64decode(key.text) == ours.certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_a_stranger_verifies_what_we_sign(algorithm: str) -> None:
    key = issue(algorithm)
    root = etree.fromstring(question(key.signer))
    judge(root, key)
    root.find("soap:Body", NAMES).set("altered", "yes")
    with pytest.raises(xmlsec.Error):
        judge(root, key)


def judge(root: etree._Element, key: IssuedKey) -> None:
    """:raises xmlsec.Error: python-xmlsec does not find the Body signed by this key."""
    context = xmlsec.SignatureContext()
    context.register_id(root.find("soap:Body", NAMES), "Id", soap.WSU)
    context.key = xmlsec.Key.from_memory(
        key.certificate.public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatCertPem
    )
    context.verify(root.find(".//ds:Signature", NAMES))


@pytest.mark.skipif(not shutil.which("xmlsec1"), reason="xmlsec1 is not installed")
def test_xmlsec1_verifies_what_we_sign(ours: IssuedKey, tmp_path: Path) -> None:
    message, certificate = tmp_path / "message.xml", tmp_path / "certificate.pem"
    message.write_bytes(question(ours.signer))
    certificate.write_bytes(ours.certificate.public_bytes(Encoding.PEM))
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", certificate]
    command += ["--id-attr:Id", f"{soap.SOAP}:Body", message]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    message.write_bytes(question(ours.signer).replace(IIN.encode(), b"860517300425"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("prefixes", [None, "soap m"])
def test_what_a_stranger_signs_is_read(other: IssuedKey, prefixes: str | None) -> None:
    """A message as WSS4J and python-xmlsec make it: pretty-printed, prefixes of their own."""
    key = issue("rsa")
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
    assert unsealed(data, key).text == "сөз ә"
    with pytest.raises(soap.UntrustedMessage, match="key"):
        unsealed(data, other)


# What is not believed


def test_what_was_signed_is_what_is_read(ours: IssuedKey) -> None:
    content = unsealed(question(ours.signer), ours)
    assert content.tag == f"{{{SYNC}}}SendMessage"
    assert content.findtext("request/requestData/data/iin") == IIN


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(IIN.encode(), b"860517300425"),
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
def test_any_change_is_noticed(ours: IssuedKey, change: Callable[[bytes], bytes]) -> None:
    data = question(ours.signer)
    changed = change(data)
    assert changed != data
    with pytest.raises(soap.UntrustedMessage):
        unsealed(changed, ours)


def test_wrapping_does_not_help(ours: IssuedKey) -> None:
    """The signed Body moved into the header, another in its place (McIntosh and Austel, 2005)."""
    data = question(ours.signer).decode()
    (body,) = re.findall(r"<soap:Body.*</soap:Body>", data)
    forged = body.replace(IIN, "860517300425")
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
            unsealed(attack.encode(), ours)
    with pytest.raises(soap.MalformedMessage):
        soap.parse_message(data.replace(body, forged + body).encode())


def test_a_comment_hides_nothing(ours: IssuedKey) -> None:
    data = question(ours.signer).replace(IIN.encode(), f"{IIN[:6]}<!-- x -->{IIN[6:]}".encode())
    assert unsealed(data, ours).findtext("request/requestData/data/iin") == IIN


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
def test_what_is_no_message_is_not_looked_at(data: bytes) -> None:
    with pytest.raises(soap.MalformedMessage):
        soap.parse_message(data)


NAMESPACES = "".join(f' xmlns:n{number}="urn:{number}"' for number in range(9000)).encode()
ATTRIBUTES = "".join(f' a{number}=""' for number in range(9000)).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"<soap:Envelope", b"<soap:Envelope" + NAMESPACES),
        lambda data: data.replace(b"<ds:SignedInfo", b"<ds:SignedInfo" + NAMESPACES),
        lambda data: data.replace(b"<ds:SignatureMethod", b"<ds:SignatureMethod" + ATTRIBUTES),
        lambda data: data.replace(b"</ds:SignedInfo>", b"<a/>" * 30_000 + b"</ds:SignedInfo>"),
        lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
)
def test_a_message_that_would_take_long_is_not_looked_at(
    ours: IssuedKey, change: Callable[[bytes], bytes]
) -> None:
    start = time.process_time()
    with pytest.raises(soap.MalformedMessage):
        soap.parse_message(change(question(ours.signer)))
    assert time.process_time() - start < 2


def test_no_entity_is_put_in(ours: IssuedKey, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    data = question(ours.signer).replace(
        b"<soap:Envelope", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><soap:Envelope'.encode(), 1
    )
    with pytest.raises(soap.MalformedMessage, match="DTD"):
        soap.parse_message(data.replace(IIN.encode(), b"&e;"))


# Who answers through the gateway


def echo(request: GatewayRequest) -> etree._Element:
    data = new_data("urn:echo", "Response")
    xmlutil.add(data, "iin", xmlutil.text(request.data, "iin"))
    return data


def refuse(request: GatewayRequest) -> etree._Element:
    raise RequestRejected("closed", "come tomorrow")


@pytest.fixture
def answers(ours: IssuedKey, other: IssuedKey) -> GatewayEndpoint:
    return GatewayEndpoint(
        other.signer, [ours.certificate], {"echo": echo, "closed": refuse}, clock=lambda: NOW
    )


def test_an_answer_names_the_question_and_is_signed(
    answers: GatewayEndpoint, ours: IssuedKey, other: IssuedKey
) -> None:
    reply = answers.reply(question(ours.signer))
    assert (reply.status, reply.code) == (200, "SCSS001")
    response = unsealed(reply.body, other)
    info = response.find("response/responseInfo")
    assert [child.tag for child in info] == [
        "messageId",
        "correlationId",
        "responseDate",
        "status",
        "sessionId",
    ]
    assert info.findtext("correlationId") == "m-1"
    assert info.findtext("status/code") == "SCSS001"
    assert response.findtext("response/responseData/data/iin") == IIN


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("replayed", {}),
        ("stale", {"message_id": "m-2", "at": NOW - MAX_CLOCK_DIFFERENCE - timedelta(seconds=1)}),
        ("stale", {"message_id": "m-3", "at": NOW + MAX_CLOCK_DIFFERENCE + timedelta(seconds=1)}),
        ("unknown-service", {"message_id": "m-4", "service": "other"}),
        ("closed", {"message_id": "m-5", "service": "closed"}),
    ],
)
def test_a_refused_question_gets_a_signed_fault(
    answers: GatewayEndpoint, ours: IssuedKey, other: IssuedKey, code: str, change: dict[str, object]
) -> None:
    answers.reply(question(ours.signer))
    reply = answers.reply(question(ours.signer, **change))  # type: ignore[arg-type]
    assert (reply.status, reply.code) == (500, code)
    element = unsealed(reply.body, other)
    assert element.tag == f"{{{soap.SOAP}}}Fault"
    found = element.find(f"detail/{{{SYNC}}}SendMessageFault1_SendMessageFault/ErrorInfo/errorCode")
    assert found is not None
    assert found.text == code


def test_a_stranger_gets_a_fault(answers: GatewayEndpoint, other: IssuedKey) -> None:
    assert answers.reply(question(other.signer)).code == "bad-signature"
    assert answers.reply(b"<x/>").code == "bad-message"
    assert answers.reply(soap.sign_message(etree.Element("x"), other.signer)).code == "bad-signature"


def test_an_expired_caller_gets_a_fault(ours: IssuedKey, other: IssuedKey) -> None:
    later = NOW + YEAR + timedelta(days=1)
    late = GatewayEndpoint(other.signer, [ours.certificate], {"echo": echo}, clock=lambda: later)
    assert late.reply(question(ours.signer, at=later)).code == "bad-signature"


def test_ids_are_forgotten_when_their_messages_would_be_stale() -> None:
    seen = ReplayCache(MAX_CLOCK_DIFFERENCE)
    assert seen.add("a", NOW)
    assert not seen.add("a", NOW + 2 * MAX_CLOCK_DIFFERENCE)
    assert seen.add("b", NOW + 2 * MAX_CLOCK_DIFFERENCE + timedelta(seconds=1))
    assert seen.add("a", NOW + 2 * MAX_CLOCK_DIFFERENCE + timedelta(seconds=1))


# What the registers say


def data(inner: str) -> etree._Element:
    return etree.fromstring(f'<data xmlns:n="{persons_messages.NAMESPACE}">{inner}</data>')


PERSON = f"""
<messageId>1</messageId>
<messageResult><code>00000</code><nameRu>Успешно</nameRu><nameKz>Сәтті</nameKz></messageResult>
<persons><person><iin>{IIN}</iin><surname>САПАРОВА</surname><name>АЙГЕРІМ</name>
<birthDate>1991-02-03+06:00</birthDate>
<gender><code>2</code><nameRu>женский</nameRu><nameKz>әйел</nameKz></gender>
<regAddress><country><code>398</code><nameRu>КАЗАХСТАН</nameRu><nameKz>ҚАЗАҚСТАН</nameKz></country>
<region><code>1931</code><nameRu>АКТАУ</nameRu><nameKz>АҚТАУ</nameKz></region>
<street>7 МКР</street><building>12</building><beginDate>2010-01-01</beginDate></regAddress>
</person></persons>"""


def test_a_person_is_read() -> None:
    found = persons_messages.parse_response(data(PERSON), IIN)
    assert found == Person(
        iin=IIN,
        surname="САПАРОВА",
        name="АЙГЕРІМ",
        patronymic="",
        born=datetime(1991, 2, 3).date(),
        address_ru="КАЗАХСТАН, АКТАУ, 7 МКР, 12",
        address_kk="ҚАЗАҚСТАН, АҚТАУ, 7 МКР, 12",
    )


@pytest.mark.parametrize(
    ("inner", "error"),
    [
        (PERSON.replace("00000", "00099"), ExternalSystemUnavailable),
        (PERSON.replace(f"<iin>{IIN}", "<iin>860517300425"), ForgedResponse),
        (PERSON.replace("<surname>САПАРОВА</surname>", ""), xmlutil.UnexpectedStructure),
        (PERSON.replace("1991-02-03", "03.02.1991"), xmlutil.UnexpectedStructure),
        (PERSON.replace("</person>", "</person><person/>"), xmlutil.UnexpectedStructure),
        (PERSON.replace("САПАРОВА", "<b>САПАРОВА</b>"), xmlutil.UnexpectedStructure),
        ("", xmlutil.UnexpectedStructure),
    ],
)
def test_a_person_who_can_not_be_read_is_nobody_else(inner: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        persons_messages.parse_response(data(inner), IIN)
    assert not re.search(r"\d{12}|САПАРОВА", str(caught.value))


def test_only_the_code_says_that_somebody_is_not_there() -> None:
    assert (
        persons_messages.parse_response(data("<messageResult><code>00001</code></messageResult>"), IIN)
        is None
    )
    assert entities_messages.parse_response(data("<Status><Code>002</Code></Status>"), "120540000567") is None
    with pytest.raises(ExternalSystemUnavailable):
        entities_messages.parse_response(data("<Status><Code>777</Code></Status>"), "120540000567")
    nothing = data("<messageResult><code>00001</code></messageResult>")
    assert notary_messages.parse_response(nothing, "1", IIN, IIN) is None
    with pytest.raises(ExternalSystemUnavailable):
        notary_messages.parse_response(data("<messageResult><code>9</code></messageResult>"), "1", IIN, IIN)


def test_a_fault_can_be_read_by_its_code(ours: IssuedKey) -> None:
    message = soap.parse_message(soap.sign_message(build_fault("E-7", "closed"), ours.signer))
    assert message.is_fault


def test_names_of_messages_are_not_remembered() -> None:
    """A thread of lxml keeps each name it has parsed; whoever reaches the door could fill the memory."""

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
