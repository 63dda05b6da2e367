"""What a centre's own system sends over the gateway, and the way it takes to the site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from egovdocs.integrations import registration_messages
from egovdocs.integrations.centres import hand_in_messages, state_query_messages
from egovdocs.integrations.centres.hand_in_messages import MAX_CHUNK, Scan
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, RequestRejected
from egovdocs.integrations.gateway.messages import MAX_CLOCK_DIFFERENCE, GatewayRequest, Sender, new_data
from egovdocs.integrations.gateway.replay_cache import ReplayCache
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.integrations.registration_messages import Registration, RegistrationRefusal
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.sandbox.gateway_stub import stub_endpoint

DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\r\n<ы a="&amp;">]]&gt; «\u00a0»\t</ы>\r\n \n'.encode()
MOMENT = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)
REGISTERED = Registration("2026-000001-16", MOMENT, date(2026, 6, 22), DOCUMENT)
TURNED_AWAY = RegistrationRefusal("P4", "Нет данных", "Дерек жоқ")


def key(name: str) -> IssuedKey:
    return Authority.create("Корень", algorithm="ec").issue_system(name, "131040001006", algorithm="ec")


CENTRE, GATEWAY, SITE = key("ИС ЦОН"), key("ШЭП"), key("Портал")


def sent(data: etree._Element) -> etree._Element:
    """What arrives of it."""
    return soap.verify_message(
        soap.parse_message(message := soap.sign_message(data, SITE.signer), len(message)), SITE.certificate
    )


@pytest.mark.parametrize("size", [0, 1, 2, 3, MAX_CHUNK * 3 // 4, MAX_CHUNK, 2 * MAX_CHUNK + 1])
def test_documents_and_files_arrive_byte_for_byte(size: int) -> None:
    files = (Scan("Диплом.pdf", bytes(range(256)) * (size // 256) + bytes(size % 256)), Scan("b.png", b"<&>"))
    assert hand_in_messages.parse_request(sent(hand_in_messages.build_request(DOCUMENT, files))) == (
        DOCUMENT,
        files,
    )


def test_a_document_that_is_not_in_utf_8_is_not_sent() -> None:
    with pytest.raises(UnicodeDecodeError):
        hand_in_messages.build_request("<ы/>".encode("windows-1251"), [])


@pytest.mark.parametrize("result", [REGISTERED, TURNED_AWAY])
def test_answers_arrive(result: Registration | RegistrationRefusal) -> None:
    assert registration_messages.parse_response(sent(registration_messages.build_response(result))) == result


@pytest.mark.parametrize("outcome", [None, DOCUMENT])
@pytest.mark.parametrize("handed_over_at", [None, MOMENT])
def test_states_arrive(outcome: bytes | None, handed_over_at: datetime | None) -> None:
    state = state_query_messages.RequestState(
        number="2026-000001-16",
        state="issued",
        ru="Выдан",
        kk="Берілді",
        step="",
        deadline=date(2026, 6, 22),
        outcome=outcome,
        handed_over_at=handed_over_at,
    )
    assert state_query_messages.parse_response(sent(state_query_messages.build_response(state))) == state


@pytest.mark.parametrize("handed_over", [False, True])
def test_questions_about_a_state_arrive(handed_over: bool) -> None:
    question = state_query_messages.StateQuery(
        centre="131040001006", number="2026-000001-16", handed_over=handed_over
    )
    document = state_query_messages.build_query(question)
    assert state_query_messages.parse_request(sent(state_query_messages.build_request(document))) == document
    assert state_query_messages.parse_query(document) == question


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<document><a/></document>",
        "<document>a</document><document>b</document>",
        "<document>a</document><file><name>a</name><content>не base64</content></file>",
        "<document>a</document><file><name>a</name><content>QUI</content></file>",
        "<document>a</document><file><content>QUJD</content></file>",
    ],
)
def test_what_is_no_question(inner: str) -> None:
    with pytest.raises(UnexpectedStructure):
        hand_in_messages.parse_request(etree.fromstring(f"<data>{inner}</data>"))


@pytest.mark.parametrize("content", [b"", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_what_is_no_question_about_a_state(content: bytes) -> None:
    with pytest.raises(UnexpectedStructure):
        state_query_messages.parse_query(content)


# The way to the site


class Line(GatewayClient):
    """Somebody's line to an endpoint, without a network."""

    def __init__(self, signer: IssuedKey, answering: IssuedKey, stub_endpoint: GatewayEndpoint) -> None:
        super().__init__("", signer.signer, answering.certificate, Sender("con", ""))
        self.endpoint = stub_endpoint

    def _post(self, message: bytes) -> bytes:
        return self.endpoint.reply(message).body


class NoRegisters:
    """Registers that nobody asks here."""

    def person(self, iin: str) -> None: ...

    def entity(self, bin: str) -> None: ...

    def power_of_attorney(self, number: str, principal: str, representative: str) -> None: ...


def linked(
    handler: Callable[[GatewayRequest], etree._Element],
    *,
    site: IssuedKey = SITE,
    caller: IssuedKey = GATEWAY,
) -> Line:
    """A centre's line to the gateway's stand-in, behind which a site answers so."""
    behind = GatewayEndpoint(
        site.signer, [caller.certificate], {hand_in_messages.SERVICE: handler}, max_bytes=10_000_000
    )
    stand_in = stub_endpoint(NoRegisters(), GATEWAY.signer, [CENTRE.certificate], Line(GATEWAY, SITE, behind))
    return Line(CENTRE, GATEWAY, stand_in)


def hand_in(line: Line, *files: Scan) -> Registration | RegistrationRefusal:
    return line.call(
        hand_in_messages.SERVICE,
        hand_in_messages.build_request(DOCUMENT, files),
        registration_messages.parse_response,
    )


def test_the_stand_in_carries_the_question_and_the_answer() -> None:
    scan = Scan("a.pdf", bytes(2_000_000))

    def answer(request: GatewayRequest) -> etree._Element:
        assert hand_in_messages.parse_request(request.data) == (DOCUMENT, (scan,))
        assert request.certificate == GATEWAY.certificate
        return registration_messages.build_response(REGISTERED)

    assert hand_in(linked(answer), scan) == REGISTERED


def test_the_stand_in_carries_the_fault() -> None:
    def refuse(request: GatewayRequest) -> etree._Element:
        raise RequestRejected("not-accepted", "Файл не  прислан\n")

    with pytest.raises(Fault) as told:
        hand_in(linked(refuse))
    assert (told.value.code, told.value.explanation) == ("not-accepted", "Файл не прислан")
    assert "Файл" not in str(told.value)


def test_the_stand_in_believes_the_site_alone_and_the_site_the_gateway() -> None:
    def answer(request: GatewayRequest) -> etree._Element:
        return registration_messages.build_response(REGISTERED)

    with pytest.raises(Fault, match="no-answer"):
        hand_in(linked(answer, site=CENTRE))
    with pytest.raises(Fault, match="bad-signature"):
        hand_in(linked(answer, caller=CENTRE))


def test_without_a_site_nothing_is_carried() -> None:
    stand_in = stub_endpoint(NoRegisters(), GATEWAY.signer, [CENTRE.certificate])
    with pytest.raises(Fault, match="unknown-service"):
        hand_in(Line(CENTRE, GATEWAY, stand_in))


# The endpoint


def message() -> bytes:
    """A question as it is sent."""
    line = Line(CENTRE, GATEWAY, GatewayEndpoint(GATEWAY.signer, [CENTRE.certificate], {}))
    kept: list[bytes] = []
    line._post = lambda sealed: kept.append(sealed) or b""  # type: ignore[method-assign, func-returns-value]
    with pytest.raises((ExternalSystemUnavailable, ForgedResponse)):
        line.call("echo", new_data("urn:echo", "Request"), lambda data: data)
    return kept[0]


def test_a_message_whose_handling_failed_may_come_again() -> None:
    failing = [True]

    def handler(request: GatewayRequest) -> etree._Element:
        if failing.pop() if failing else False:
            raise RuntimeError("a failure of ours")
        return new_data("urn:echo", "Response")

    answers = GatewayEndpoint(GATEWAY.signer, [CENTRE.certificate], {"echo": handler})
    question = message()
    with pytest.raises(RuntimeError):
        answers.reply(question)
    assert answers.reply(question).status == 200
    assert answers.reply(question).code == "replayed"


def test_endpoints_of_one_address_share_what_they_have_seen() -> None:
    seen, question = ReplayCache(MAX_CLOCK_DIFFERENCE), message()
    handlers = {"echo": lambda request: new_data("urn:echo", "Response")}
    first, second = (
        GatewayEndpoint(GATEWAY.signer, [CENTRE.certificate], handlers, replay_cache=seen) for _ in range(2)
    )
    assert first.reply(question).status == 200
    assert second.reply(question).code == "replayed"


def test_a_message_over_the_limit_is_not_looked_at() -> None:
    question = message()
    handlers = {"echo": lambda request: new_data("urn:echo", "Response")}
    small = GatewayEndpoint(GATEWAY.signer, [CENTRE.certificate], handlers, max_bytes=len(question) - 1)
    large = GatewayEndpoint(GATEWAY.signer, [CENTRE.certificate], handlers, max_bytes=len(question))
    assert small.reply(question).code == "bad-message"
    assert large.reply(question).status == 200
