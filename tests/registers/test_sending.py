"""What the site sends to the provider's workstation over the gateway, and the way it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from tests.registers.test_handing_in import (
    DOCUMENT,
    GATEWAY,
    REGISTERED,
    SITE,
    TURNED_AWAY,
)

from egovdocs.integrations.centres import hand_in_messages as handing_in
from egovdocs.integrations.gateway.channel import (
    Endpoint,
    Fault,
    Gateway,
    Handler,
    Refused,
    Request,
    Sender,
    new_data,
)
from egovdocs.integrations.gateway.xmlutil import WrongShape
from egovdocs.integrations.state_registers.gateway_registers import GatewaySending
from egovdocs.integrations.workstation import request_sending as sending
from egovdocs.sandbox.gateway_stub import MAX_BYTES, endpoint


class Line(Gateway):
    """A way to an endpoint, without a network."""

    def __init__(self, caller: object, answering: object, behind: Callable[[], Endpoint]) -> None:
        super().__init__("http://127.0.0.1:9", caller.signer, answering.certificate, Sender("a", "b"))
        self._behind = behind

    def _post(self, message: bytes) -> bytes:
        return self._behind().answer(message).body


def through(handler: Handler) -> GatewaySending:
    """From the site through the stand-in back to the site, where a handler answers."""
    door = Endpoint(SITE.signer, [GATEWAY.certificate], {sending.SERVICE: handler}, most=MAX_BYTES)
    to_the_site = Line(GATEWAY, SITE, lambda: door)
    stand_in = endpoint(None, GATEWAY.signer, [SITE.certificate], to_the_site)
    return GatewaySending(Line(SITE, GATEWAY, lambda: stand_in), MAX_BYTES)


def test_a_request_arrives_byte_for_byte_and_the_answer_comes_back() -> None:
    came = []

    def register(request: Request) -> etree._Element:
        came.append(sending.asked(request.data))
        return handing_in.answer(REGISTERED)

    assert through(register).send("ref-1", DOCUMENT) == REGISTERED
    assert came == [("ref-1", DOCUMENT)]


def test_a_refusal_comes_back_as_a_fault() -> None:
    def refuse(request: Request) -> etree._Element:
        raise Refused("not-accepted", "нет такого запроса")

    with pytest.raises(Fault) as told:
        through(refuse).send("ref-1", DOCUMENT)
    assert (told.value.code, told.value.explanation) == ("not-accepted", "нет такого запроса")


def test_what_cannot_travel_is_known_before() -> None:
    came = []

    def register(request: Request) -> etree._Element:
        came.append(sending.asked(request.data)[1])
        return handing_in.answer(REGISTERED)

    line = through(register)
    longest = b"<a>" + b"<a/>" * (MAX_BYTES // 16 - 2) + b" " + b"</a>"
    for document in (DOCUMENT, longest):
        assert line.can_send(document)
        line.send("ref-1", document)
    assert came == [DOCUMENT, longest]
    assert not line.can_send(longest + b" ")
    assert not line.can_send("<ы/>".encode("utf-16"))
    crowded = b"<a>" + b"=" * 10_000 + b"</a>"
    assert line.can_send(crowded)
    line.send("ref-1", crowded)
    assert not line.can_send(crowded.replace(b"=", b"==", 1))


def test_shapes_that_are_none() -> None:
    with pytest.raises(WrongShape):
        sending.asked(new_data(handing_in.NAMESPACE, "Request"))
    with pytest.raises(WrongShape, match="a refusal"):
        sending.read_registered(handing_in.answer(TURNED_AWAY))
    with pytest.raises(WrongShape):
        sending.read_registered(etree.Element("data"))
