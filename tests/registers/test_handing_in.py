"""What a centre's own system sends over the gateway, and the way it takes to the site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from egovdocs.integrations.centres import hand_in_messages as handing_in
from egovdocs.integrations.centres import state_messages as request_state
from egovdocs.integrations.centres.hand_in_messages import PIECE, Registered, Scan, TurnedAway
from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.channel import (
    Endpoint,
    Fault,
    Gateway,
    Refused,
    Request,
    Seen,
    Sender,
    new_data,
)
from egovdocs.integrations.gateway.xmlutil import WrongShape
from egovdocs.integrations.state_registers.register_ports import ForgedAnswer, RegisterUnavailable
from egovdocs.sandbox.gateway_stub import endpoint
from egovdocs.signing.authority import Authority, IssuedKey

DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\r\n<ы a="&amp;">]]&gt; «\u00a0»\t</ы>\r\n \n'.encode()
MOMENT = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)
REGISTERED = Registered("2026-000001-16", MOMENT, date(2026, 6, 22), DOCUMENT)
TURNED_AWAY = TurnedAway("P4", "Нет данных", "Дерек жоқ")


def key(name: str) -> IssuedKey:
    return Authority.create("Корень", algorithm="ec").issue_system(name, "131040001006", algorithm="ec")


CENTRE, GATEWAY, SITE = key("ИС ЦОН"), key("ШЭП"), key("Портал")


def sent(data: etree._Element) -> etree._Element:
    """What arrives of it."""
    return soap.unseal(soap.read(message := soap.seal(data, SITE.signer), len(message)), SITE.certificate)


@pytest.mark.parametrize("size", [0, 1, 2, 3, PIECE * 3 // 4, PIECE, 2 * PIECE + 1])
def test_documents_and_files_arrive_byte_for_byte(size: int) -> None:
    files = (Scan("Диплом.pdf", bytes(range(256)) * (size // 256) + bytes(size % 256)), Scan("b.png", b"<&>"))
    assert handing_in.asked(sent(handing_in.question(DOCUMENT, files))) == (DOCUMENT, files)


def test_a_document_that_is_not_in_utf_8_is_not_sent() -> None:
    with pytest.raises(UnicodeDecodeError):
        handing_in.question("<ы/>".encode("windows-1251"), [])


@pytest.mark.parametrize("result", [REGISTERED, TURNED_AWAY])
def test_answers_arrive(result: Registered | TurnedAway) -> None:
    assert handing_in.read_answer(sent(handing_in.answer(result))) == result


@pytest.mark.parametrize("outcome", [None, DOCUMENT])
@pytest.mark.parametrize("handed_over_at", [None, MOMENT])
def test_states_arrive(outcome: bytes | None, handed_over_at: datetime | None) -> None:
    state = request_state.State(
        number="2026-000001-16",
        state="issued",
        ru="Выдан",
        kk="Берілді",
        step="",
        deadline=date(2026, 6, 22),
        outcome=outcome,
        handed_over_at=handed_over_at,
    )
    assert request_state.read_answer(sent(request_state.answer(state))) == state


@pytest.mark.parametrize("handed_over", [False, True])
def test_questions_about_a_state_arrive(handed_over: bool) -> None:
    question = request_state.Question(centre="131040001006", number="2026-000001-16", handed_over=handed_over)
    document = request_state.write_question(question)
    assert request_state.asked(sent(request_state.question(document))) == document
    assert request_state.read_question(document) == question


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
    with pytest.raises(WrongShape):
        handing_in.asked(etree.fromstring(f"<data>{inner}</data>"))


@pytest.mark.parametrize("content", [b"", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_what_is_no_question_about_a_state(content: bytes) -> None:
    with pytest.raises(WrongShape):
        request_state.read_question(content)


# The way to the site


class Line(Gateway):
    """Somebody's line to an endpoint, without a network."""

    def __init__(self, signer: IssuedKey, answering: IssuedKey, endpoint: Endpoint) -> None:
        super().__init__("", signer.signer, answering.certificate, Sender("con", ""))
        self.endpoint = endpoint

    def _post(self, message: bytes) -> bytes:
        return self.endpoint.answer(message).body


class NoRegisters:
    """Registers that nobody asks here."""

    def person(self, iin: str) -> None: ...

    def entity(self, bin: str) -> None: ...

    def power_of_attorney(self, number: str, principal: str, representative: str) -> None: ...


def linked(
    handler: Callable[[Request], etree._Element], *, site: IssuedKey = SITE, caller: IssuedKey = GATEWAY
) -> Line:
    """A centre's line to the gateway's stand-in, behind which a site answers so."""
    behind = Endpoint(site.signer, [caller.certificate], {handing_in.SERVICE: handler}, most=10_000_000)
    stand_in = endpoint(NoRegisters(), GATEWAY.signer, [CENTRE.certificate], Line(GATEWAY, SITE, behind))
    return Line(CENTRE, GATEWAY, stand_in)


def hand_in(line: Line, *files: Scan) -> Registered | TurnedAway:
    return line.ask(handing_in.SERVICE, handing_in.question(DOCUMENT, files), handing_in.read_answer)


def test_the_stand_in_carries_the_question_and_the_answer() -> None:
    scan = Scan("a.pdf", bytes(2_000_000))

    def answer(request: Request) -> etree._Element:
        assert handing_in.asked(request.data) == (DOCUMENT, (scan,))
        assert request.certificate == GATEWAY.certificate
        return handing_in.answer(REGISTERED)

    assert hand_in(linked(answer), scan) == REGISTERED


def test_the_stand_in_carries_the_fault() -> None:
    def refuse(request: Request) -> etree._Element:
        raise Refused("not-accepted", "Файл не  прислан\n")

    with pytest.raises(Fault) as told:
        hand_in(linked(refuse))
    assert (told.value.code, told.value.explanation) == ("not-accepted", "Файл не прислан")
    assert "Файл" not in str(told.value)


def test_the_stand_in_believes_the_site_alone_and_the_site_the_gateway() -> None:
    def answer(request: Request) -> etree._Element:
        return handing_in.answer(REGISTERED)

    with pytest.raises(Fault, match="no-answer"):
        hand_in(linked(answer, site=CENTRE))
    with pytest.raises(Fault, match="bad-signature"):
        hand_in(linked(answer, caller=CENTRE))


def test_without_a_site_nothing_is_carried() -> None:
    stand_in = endpoint(NoRegisters(), GATEWAY.signer, [CENTRE.certificate])
    with pytest.raises(Fault, match="unknown-service"):
        hand_in(Line(CENTRE, GATEWAY, stand_in))


# The endpoint


def message() -> bytes:
    """A question as it is sent."""
    line = Line(CENTRE, GATEWAY, Endpoint(GATEWAY.signer, [CENTRE.certificate], {}))
    kept: list[bytes] = []
    line._post = lambda sealed: kept.append(sealed) or b""  # type: ignore[method-assign, func-returns-value]
    with pytest.raises((RegisterUnavailable, ForgedAnswer)):
        line.ask("echo", new_data("urn:echo", "Request"), lambda data: data)
    return kept[0]


def test_a_message_whose_handling_failed_may_come_again() -> None:
    failing = [True]

    def handler(request: Request) -> etree._Element:
        if failing.pop() if failing else False:
            raise RuntimeError("a failure of ours")
        return new_data("urn:echo", "Response")

    answers = Endpoint(GATEWAY.signer, [CENTRE.certificate], {"echo": handler})
    question = message()
    with pytest.raises(RuntimeError):
        answers.answer(question)
    assert answers.answer(question).status == 200
    assert answers.answer(question).code == "replayed"


def test_endpoints_of_one_address_share_what_they_have_seen() -> None:
    seen, question = Seen(), message()
    handlers = {"echo": lambda request: new_data("urn:echo", "Response")}
    first, second = (Endpoint(GATEWAY.signer, [CENTRE.certificate], handlers, seen=seen) for _ in range(2))
    assert first.answer(question).status == 200
    assert second.answer(question).code == "replayed"


def test_a_message_over_the_limit_is_not_looked_at() -> None:
    question = message()
    handlers = {"echo": lambda request: new_data("urn:echo", "Response")}
    small = Endpoint(GATEWAY.signer, [CENTRE.certificate], handlers, most=len(question) - 1)
    large = Endpoint(GATEWAY.signer, [CENTRE.certificate], handlers, most=len(question))
    assert small.answer(question).code == "bad-message"
    assert large.answer(question).status == 200
