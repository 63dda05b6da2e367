"""Requests sent through the gateway stub to a site."""

from __future__ import annotations

import pytest
from lxml import etree
from tests.gateway_parties import DOCUMENT, GATEWAY, REGISTRATION, SITE, EmptyRegisters, InProcessClient

from egovdocs.integrations import registration_messages
from egovdocs.integrations.gateway.client import Fault
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, RequestHandler, RequestRejected
from egovdocs.integrations.gateway.messages import GatewayRequest
from egovdocs.integrations.workstation import sending_messages
from egovdocs.integrations.workstation.gateway_request_sender import GatewayRequestSender
from egovdocs.sandbox.gateway_stub import MAX_BYTES, stub_endpoint


def sender_to(handler: RequestHandler) -> GatewayRequestSender:
    """Return a sender through the stub to a site with this handler."""
    site_endpoint = GatewayEndpoint(
        SITE.signer, [GATEWAY.certificate], {sending_messages.SERVICE: handler}, max_bytes=MAX_BYTES
    )
    site_client = InProcessClient(GATEWAY, SITE.certificate, lambda data: site_endpoint.reply(data).body)
    stub = stub_endpoint(EmptyRegisters(), GATEWAY.signer, [SITE.certificate], site_client)
    client = InProcessClient(SITE, GATEWAY.certificate, lambda data: stub.reply(data).body)
    return GatewayRequestSender(client, MAX_BYTES)


def test_a_request_is_sent_byte_for_byte() -> None:
    received = []

    def register(request: GatewayRequest) -> etree._Element:
        received.append(sending_messages.parse_request(request.data))
        return registration_messages.build_response(REGISTRATION)

    assert sender_to(register).send("ref-1", DOCUMENT) == REGISTRATION
    assert received == [("ref-1", DOCUMENT)]


def test_a_rejected_request_gets_a_fault() -> None:
    def reject(request: GatewayRequest) -> etree._Element:
        raise RequestRejected("not-accepted", "нет такого запроса")

    with pytest.raises(Fault) as caught:
        sender_to(reject).send("ref-1", DOCUMENT)
    assert (caught.value.code, caught.value.explanation) == ("not-accepted", "нет такого запроса")


def test_what_can_be_sent_is_known_before() -> None:
    received = []

    def register(request: GatewayRequest) -> etree._Element:
        received.append(sending_messages.parse_request(request.data)[1])
        return registration_messages.build_response(REGISTRATION)

    sender = sender_to(register)
    longest = b"<a>" + b"<a/>" * (MAX_BYTES // 16 - 2) + b" " + b"</a>"
    for document in (DOCUMENT, longest):
        assert sender.can_send(document)
        sender.send("ref-1", document)
    assert received == [DOCUMENT, longest]
    assert not sender.can_send(longest + b" ")
    assert not sender.can_send("<ы/>".encode("utf-16"))
    most_markup = b"<a>" + b"=" * 10_000 + b"</a>"
    assert sender.can_send(most_markup)
    sender.send("ref-1", most_markup)
    assert not sender.can_send(most_markup.replace(b"=", b"==", 1))
