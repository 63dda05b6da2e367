"""What the site sends to the provider's workstation over the gateway, and the way it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from tests.integrations.centres.test_hand_in_messages import (
    DOCUMENT,
    GATEWAY,
    REGISTERED,
    SITE,
    TURNED_AWAY,
)

from egovdocs.integrations import registration_messages
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, RequestHandler, RequestRejected
from egovdocs.integrations.gateway.messages import GatewayRequest, Sender, new_data
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.integrations.workstation import sending_messages
from egovdocs.integrations.workstation.gateway_request_sender import GatewayRequestSender
from egovdocs.sandbox.gateway_stub import MAX_BYTES, stub_endpoint


class Line(GatewayClient):
    """A way to an endpoint, without a network."""

    def __init__(self, caller: object, answering: object, behind: Callable[[], GatewayEndpoint]) -> None:
        super().__init__("http://127.0.0.1:9", caller.signer, answering.certificate, Sender("a", "b"))
        self._behind = behind

    def _post(self, message: bytes) -> bytes:
        return self._behind().reply(message).body


def through(handler: RequestHandler) -> GatewayRequestSender:
    """From the site through the stand-in back to the site, where a handler answers."""
    door = GatewayEndpoint(
        SITE.signer, [GATEWAY.certificate], {sending_messages.SERVICE: handler}, max_bytes=MAX_BYTES
    )
    to_the_site = Line(GATEWAY, SITE, lambda: door)
    stand_in = stub_endpoint(None, GATEWAY.signer, [SITE.certificate], to_the_site)
    return GatewayRequestSender(Line(SITE, GATEWAY, lambda: stand_in), MAX_BYTES)


def test_a_request_arrives_byte_for_byte_and_the_answer_comes_back() -> None:
    came = []

    def register(request: GatewayRequest) -> etree._Element:
        came.append(sending_messages.parse_request(request.data))
        return registration_messages.build_response(REGISTERED)

    assert through(register).send("ref-1", DOCUMENT) == REGISTERED
    assert came == [("ref-1", DOCUMENT)]


def test_a_refusal_comes_back_as_a_fault() -> None:
    def refuse(request: GatewayRequest) -> etree._Element:
        raise RequestRejected("not-accepted", "нет такого запроса")

    with pytest.raises(Fault) as told:
        through(refuse).send("ref-1", DOCUMENT)
    assert (told.value.code, told.value.explanation) == ("not-accepted", "нет такого запроса")


def test_what_cannot_travel_is_known_before() -> None:
    came = []

    def register(request: GatewayRequest) -> etree._Element:
        came.append(sending_messages.parse_request(request.data)[1])
        return registration_messages.build_response(REGISTERED)

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
    with pytest.raises(UnexpectedStructure):
        sending_messages.parse_request(new_data(registration_messages.NAMESPACE, "Request"))
    with pytest.raises(UnexpectedStructure, match="a refusal"):
        sending_messages.parse_response(registration_messages.build_response(TURNED_AWAY))
    with pytest.raises(UnexpectedStructure):
        sending_messages.parse_response(etree.Element("data"))
