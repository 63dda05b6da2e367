"""The gateway stub forwards requests to the site and returns its responses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from tests.gateway_parties import (
    CENTRE,
    DOCUMENT,
    GATEWAY,
    REGISTRATION,
    SITE,
    EmptyRegisters,
    InProcessClient,
)

from egovdocs.integrations import registration_messages
from egovdocs.integrations.centres import hand_in_messages
from egovdocs.integrations.centres.hand_in_messages import Scan
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, RequestRejected
from egovdocs.integrations.gateway.messages import GatewayRequest
from egovdocs.integrations.registration_messages import Registration, RegistrationRefusal
from egovdocs.sandbox.authority import IssuedKey
from egovdocs.sandbox.gateway_stub import stub_endpoint


def centre_client(
    handler: Callable[[GatewayRequest], etree._Element],
    *,
    site: IssuedKey = SITE,
    caller: IssuedKey = GATEWAY,
) -> GatewayClient:
    """Return a centre's client of the stub, which forwards to a site with this handler.

    :param site: the key of the site's responses.
    :param caller: the only system whose requests the site accepts.
    """
    site_endpoint = GatewayEndpoint(
        site.signer, [caller.certificate], {hand_in_messages.SERVICE: handler}, max_bytes=10_000_000
    )
    site_client = InProcessClient(GATEWAY, SITE.certificate, lambda data: site_endpoint.reply(data).body)
    stub = stub_endpoint(EmptyRegisters(), GATEWAY.signer, [CENTRE.certificate], site_client)
    return InProcessClient(CENTRE, GATEWAY.certificate, lambda data: stub.reply(data).body)


def hand_in(client: GatewayClient, *files: Scan) -> Registration | RegistrationRefusal:
    return client.call(
        hand_in_messages.SERVICE,
        hand_in_messages.build_request(DOCUMENT, files),
        registration_messages.parse_response,
    )


def register(request: GatewayRequest) -> etree._Element:
    return registration_messages.build_response(REGISTRATION)


def test_request_and_response_are_forwarded() -> None:
    scan = Scan("a.pdf", bytes(2_000_000))

    def check(request: GatewayRequest) -> etree._Element:
        assert hand_in_messages.parse_request(request.data) == (DOCUMENT, (scan,))
        assert request.certificate == GATEWAY.certificate
        return register(request)

    assert hand_in(centre_client(check), scan) == REGISTRATION


def test_a_fault_is_forwarded() -> None:
    def reject(request: GatewayRequest) -> etree._Element:
        raise RequestRejected("not-accepted", "Файл не  прислан\n")

    with pytest.raises(Fault) as caught:
        hand_in(centre_client(reject))
    assert (caught.value.code, caught.value.explanation) == ("not-accepted", "Файл не прислан")
    assert "Файл" not in str(caught.value)


def test_the_stub_trusts_only_the_site_and_the_site_only_the_gateway() -> None:
    with pytest.raises(Fault, match="no-answer"):
        hand_in(centre_client(register, site=CENTRE))
    with pytest.raises(Fault, match="bad-signature"):
        hand_in(centre_client(register, caller=CENTRE))


def test_without_a_site_nothing_is_forwarded() -> None:
    stub = stub_endpoint(EmptyRegisters(), GATEWAY.signer, [CENTRE.certificate])
    client = InProcessClient(CENTRE, GATEWAY.certificate, lambda data: stub.reply(data).body)
    with pytest.raises(Fault, match="unknown-service"):
        hand_in(client)
