"""The gateway's machine entrance: messages signed both ways, and a fault for whatever is wrong."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.centre import scans_of, values_of
from tests.factories import png
from tests.worlds import CLINIC_PAGES, WebWorld, connected, ini_of, opened
from webtest import TestApp
from ZODB.POSException import ConflictError

from egovdocs.casework.requests.hand_in_request import hand_in_request
from egovdocs.integrations import registration_messages
from egovdocs.integrations.centres import hand_in_messages, state_query_messages
from egovdocs.integrations.centres.hand_in_messages import Scan
from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.registration_messages import Registration, RegistrationRefusal
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.integrations.workstation import sending_messages
from egovdocs.sandbox.demo_people import CENTRE_BIN, PASSWORD
from egovdocs.signing import Signer, load_pkcs12, sign

APPLICANT, NAME = "910203450036", "Сапарова Айгерім Маратқызы"
SENDER = Sender("con", "password of the centre")


@pytest.fixture(scope="module")
def world(new_demo_site: Callable[[], Path]) -> Iterator[WebWorld]:
    """A site that is connected to the gateway, whose registers answer at once."""
    settings = {"egovdocs.registers": "gateway", "egovdocs.gateway_max_bytes": "3000000"}
    with connected(new_demo_site(), settings, registers=EmbeddedRegisters) as world:
        yield world


class Line(GatewayClient):
    """The gateway's line to the site, without a network; what is sent may be changed on its way."""

    def __init__(
        self, world: WebWorld, signer: Signer, *, clock: Callable[[], datetime] | None = None
    ) -> None:
        site = load_pkcs12((world.folder / "demo/gateway/site.p12").read_bytes(), PASSWORD)
        more = {"clock": clock} if clock else {}
        super().__init__("http://127.0.0.1:9", signer, site.certificate, SENDER, **more)
        self.browser = TestApp(world.application)
        self.change: Callable[[bytes], bytes] = lambda message: message
        self.sent: list[bytes] = []

    def _post(self, message: bytes) -> bytes:
        self.sent.append(self.change(message))
        answer = self.browser.post("/gateway", self.sent[-1], content_type="text/xml", expect_errors=True)
        assert answer.content_type == "text/xml"
        assert "Set-Cookie" not in answer.headers
        assert answer.status_int in (200, 500)
        return answer.body


def key(world: WebWorld, name: str) -> Signer:
    return load_pkcs12((world.folder / "demo" / "gateway" / f"{name}.p12").read_bytes(), PASSWORD)


@pytest.fixture
def line(world: WebWorld) -> Line:
    return Line(world, key(world, "gateway"))


def scans(extra: bytes = b"") -> list[Scan]:
    return scans_of(png() + extra)


def request_for(world: WebWorld, reference: str, files: list[Scan], **changed: Any) -> bytes:
    operator = ("Сейітова Аружан Бекболатқызы", CENTRE_BIN)
    values = values_of(reference, APPLICANT, NAME, CLINIC_PAGES, operator, files)
    document = world.office.service("medical-licence").request.build(values | changed)
    return sign(document, world.key("operator"))


def hand_in(line: Line, document: bytes, files: list[Scan]) -> Registration | RegistrationRefusal:
    return line.call(
        hand_in_messages.SERVICE,
        hand_in_messages.build_request(document, files),
        registration_messages.parse_response,
    )


def fault_of(line: Line, document: bytes, files: list[Scan], change: Callable[[bytes], bytes]) -> Fault:
    line.change = change
    with pytest.raises(Fault) as told:
        hand_in(line, document, files)
    line.change = lambda message: message
    return told.value


def references(world: WebWorld) -> set[str]:
    with world.site() as site:
        return set(site["cases"])


def test_handed_in_and_sent_again(world: WebWorld, line: Line) -> None:
    files = scans()
    document = request_for(world, "con-once-0001", files)
    first = hand_in(line, document, files)
    assert isinstance(first, Registration)
    again = hand_in(line, document, [])
    assert again == first
    receipt = etree.fromstring(first.receipt)
    assert receipt.findtext("{urn:egovdocs:receipt:1}number") == first.number
    assert receipt.findtext("{urn:egovdocs:receipt:1}requestSha256") == sha256(document).hexdigest()
    with world.site() as site:
        case = site["cases"]["con-once-0001"]
        assert case.documents["request"].data == document
        assert [file.data for file in case.attachments] == [scan.data for scan in files]
        assert case.documents["receipt"].data == first.receipt


def test_what_the_site_sends_itself_has_to_be_what_was_signed_here(world: WebWorld, line: Line) -> None:
    files = scans()
    document = request_for(world, "con-sent-0001", files)
    first = hand_in(line, document, files)

    def send(reference: str, document: bytes) -> Registration:
        return line.call(
            sending_messages.SERVICE,
            sending_messages.build_request(reference, document),
            sending_messages.parse_response,
        )

    assert send("con-sent-0001", document) == first
    before = references(world)
    for reference, came in (("con-sent-0001", document + b"\n"), ("con-none-0001", document)):
        with pytest.raises(Fault) as told:
            send(reference, came)
        assert told.value.code == "not-accepted"
        assert "не подписывали" in told.value.explanation
    assert references(world) == before


def test_line_ends_and_blanks_stay_as_they_were_signed(world: WebWorld, line: Line) -> None:
    files = scans()
    document = request_for(world, "con-bytes-0001", files)
    document = document.replace(b"?>\n", b"?>\r\n", 1) + b"\r\n \n"
    told = hand_in(line, document, files)
    assert isinstance(told, Registration)
    with world.site() as site:
        assert site["cases"]["con-bytes-0001"].documents["request"].data == document


def test_files_of_some_size(world: WebWorld, line: Line) -> None:
    files = scans(bytes(range(256)) * 1200)
    told = hand_in(line, request_for(world, "con-large-0001", files), files)
    assert isinstance(told, Registration)
    with world.site() as site:
        kept = site["cases"]["con-large-0001"].attachments
        assert [file.data for file in kept] == [scan.data for scan in files]


def test_p4_is_an_answer(world: WebWorld, line: Line) -> None:
    files = scans()
    unknown = {"kind": "natural", "identifier": "680503250034", "name": "Никто", **CLINIC_PAGES["applicant"]}
    told = hand_in(line, request_for(world, "con-nobody-01", files, applicant=unknown), files)
    assert isinstance(told, RegistrationRefusal)
    assert told.step == "P4"
    assert "ГБД ФЛ нет" in told.ru
    assert told.kk != told.ru
    assert "con-nobody-01" not in references(world)


def test_whatever_is_wrong_is_a_fault(world: WebWorld, line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    files = scans()
    document = request_for(world, "con-wrong-0001", files)
    before = references(world)

    def told(change: Callable[[bytes], bytes]) -> tuple[str, str]:
        fault = fault_of(line, document, files, change)
        return fault.code, fault.explanation

    assert told(lambda m: b"") == ("bad-message", "not well-formed XML")
    assert told(lambda m: b"<html/>") == ("bad-message", "not a SOAP 1.1 message")
    assert told(lambda m: b"<!DOCTYPE x>" + m) == ("bad-message", "not well-formed XML")
    dtd = b"<!DOCTYPE x [<!ENTITY e 'x'>]>"
    assert told(lambda m: m.replace(b"?>", b"?>" + dtd, 1)) == ("bad-message", "a document with a DTD")
    assert told(lambda m: m.replace(b"fee-receipt.png", b"another.png"))[0] == "bad-signature"
    assert told(lambda m: m.replace(b"<ds:Signature ", b"<ds:Signatures ").replace(
        b"</ds:Signature>", b"</ds:Signatures>"))[0] == "bad-signature"  # fmt: skip
    code, explanation = told(lambda m: m + b" " * 3_000_000)
    assert code == "too-large"
    assert "3000000" in explanation
    stranger = Line(world, world.key("operator"))
    assert fault_of(stranger, document, files, lambda m: m).code == "bad-signature"
    late = Line(world, key(world, "gateway"), clock=lambda: datetime.now(UTC) - timedelta(minutes=6))
    assert fault_of(late, document, files, lambda m: m).code == "stale"
    with pytest.raises(Fault) as unknown:
        line.call("GBDFL", hand_in_messages.build_request(document, files), lambda data: data)
    assert unknown.value.code == "unknown-service"
    with pytest.raises(Fault) as shapeless:
        line.call(hand_in_messages.SERVICE, etree.Element("data"), lambda data: data)
    assert shapeless.value.code == "bad-message"
    altered = [Scan("premises.png", b"x"), *files[1:]]
    code, explanation = (fault := fault_of(line, document, altered, lambda m: m)).code, fault.explanation
    assert code == "not-accepted"
    assert "premises.png" in explanation
    assert "SHA-256" in explanation
    forged = document.replace(b"910203450036", b"860517300425")
    fault = fault_of(line, forged, files, lambda m: m)
    assert fault.code == "not-accepted"
    assert references(world) == before
    assert "910203450036" not in caplog.text
    assert "Traceback" not in caplog.text


def test_damaged_messages_get_a_fault_each(world: WebWorld, line: Line) -> None:
    files = scans()
    first = hand_in(line, request_for(world, "con-damaged-1", files), files)
    assert isinstance(first, Registration)
    whole, chance = line.sent[-1], random.Random(1)
    for _time in range(300):
        damaged = bytearray(whole)
        for _place in range(chance.randint(1, 3)):
            start = chance.randrange(len(damaged))
            damaged[start : start + chance.choice((0, 1, 1, 5))] = chance.randbytes(chance.choice((0, 1, 3)))
        answer = line.browser.post("/gateway", bytes(damaged), content_type="text/xml", status=500)
        assert soap.parse_message(answer.body).is_fault


def test_damaged_documents_get_a_fault_each(world: WebWorld, line: Line) -> None:
    files, chance = scans(), random.Random(2)
    whole = request_for(world, "con-damaged-2", files).decode()
    hand_in(
        line, whole.encode(), files
    )  # where only what no signature covers is damaged, it is another document
    before = references(world)
    for _time in range(100):
        start = chance.randrange(len(whole) - 1)
        end = start + chance.choice((0, 1, 1, 40))
        damaged = whole[:start] + chance.choice(("", "<", "&", "7", "Ж", "<a/>", "\r")) + whole[end:]
        if damaged != whole:
            fault = fault_of(line, damaged.encode(), files, lambda message: message)
            assert fault.code == "not-accepted"
            assert fault.explanation
    assert references(world) == before


def test_a_message_is_taken_once(world: WebWorld, line: Line) -> None:
    files = scans()
    hand_in(line, request_for(world, "con-replay-01", files), files)
    answer = line.browser.post("/gateway", line.sent[-1], content_type="text/xml", status=500)
    assert b"replayed" in answer.body


def test_a_failure_of_ours_is_a_fault_and_the_message_may_come_again(
    world: WebWorld, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = scans()
    document = request_for(world, "con-broken-01", files)

    def fail(*args: object) -> None:
        raise RuntimeError("a mistake in the program")

    monkeypatch.setattr("egovdocs.api.soap_endpoint.hand_in_request", fail)
    fault = fault_of(line, document, files, lambda m: m)
    assert fault.code == "try-later"
    monkeypatch.undo()
    answer = line.browser.post("/gateway", line.sent[-1], content_type="text/xml", status=200)
    assert b"registeredAt" in answer.body


def test_a_collision_is_tried_again_at_once(
    world: WebWorld, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, tries = scans(), []

    def collide(*args: Any) -> Any:
        tries.append(args)
        if len(tries) == 1:
            raise ConflictError
        return hand_in_request(*args)

    monkeypatch.setattr("egovdocs.api.soap_endpoint.hand_in_request", collide)
    told = hand_in(line, request_for(world, "con-collide-1", files), files)
    assert isinstance(told, Registration)
    assert len(tries) == 2


def test_the_state_of_a_request(world: WebWorld, line: Line) -> None:
    files = scans()
    told = hand_in(line, request_for(world, "con-state-001", files), files)
    assert isinstance(told, Registration)

    def ask(signer: Signer, centre: str = CENTRE_BIN) -> state_query_messages.RequestState:
        question = state_query_messages.build_query(
            state_query_messages.StateQuery(centre=centre, number=told.number)
        )
        data = state_query_messages.build_request(sign(question, signer))
        return line.call(state_query_messages.SERVICE, data, state_query_messages.parse_response)

    state = ask(world.key("operator"))
    assert (state.number, state.state, state.step) == (told.number, "registered", "C2")
    assert (state.ru, state.outcome) == ("Зарегистрирован", None)
    assert state.deadline == told.deadline
    with pytest.raises(Fault) as refused:
        ask(world.key("clinic"), "120540000567")
    assert refused.value.code == "not-accepted"


def test_the_door_is_for_the_gateway_alone(world: WebWorld) -> None:
    TestApp(world.application).get("/gateway", status=404)
    TestApp(world.application).post("/gateway/more", b"", status=404)


def test_without_the_gateway_there_is_no_door(new_demo_site: Callable[[], Path]) -> None:
    folder = new_demo_site()
    with opened(ini_of(folder), folder) as world:
        TestApp(world.application).post("/gateway", b"<x/>", content_type="text/xml", status=404)
