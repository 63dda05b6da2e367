"""The endpoint of the gateway: responses, faults, replays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree
from tests.integrations.gateway.echo_requests import IIN, NOW, YEAR, issue_key, signed_request, verified

from egovdocs.integrations.gateway import soap, xmlutil
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, RequestRejected
from egovdocs.integrations.gateway.messages import MAX_CLOCK_DIFFERENCE, SYNC, GatewayRequest, new_data
from egovdocs.integrations.gateway.replay_cache import ReplayCache
from egovdocs.sandbox.authority import IssuedKey


@pytest.fixture(scope="module")
def caller() -> IssuedKey:
    return issue_key()


@pytest.fixture(scope="module")
def site() -> IssuedKey:
    return issue_key()


def echo(request: GatewayRequest) -> etree._Element:
    data = new_data("urn:echo", "Response")
    xmlutil.add(data, "iin", xmlutil.text(request.data, "iin"))
    return data


def reject(request: GatewayRequest) -> etree._Element:
    raise RequestRejected("closed", "come tomorrow")


@pytest.fixture
def endpoint(caller: IssuedKey, site: IssuedKey) -> GatewayEndpoint:
    return GatewayEndpoint(
        site.signer, [caller.certificate], {"echo": echo, "closed": reject}, clock=lambda: NOW
    )


def test_a_response_names_its_request_and_is_signed(
    endpoint: GatewayEndpoint, caller: IssuedKey, site: IssuedKey
) -> None:
    reply = endpoint.reply(signed_request(caller.signer))
    assert (reply.status, reply.code) == (200, "SCSS001")
    response = verified(reply.body, site)
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
def test_a_rejected_request_gets_a_signed_fault(
    endpoint: GatewayEndpoint, caller: IssuedKey, site: IssuedKey, code: str, change: dict[str, object]
) -> None:
    endpoint.reply(signed_request(caller.signer))
    reply = endpoint.reply(signed_request(caller.signer, **change))  # type: ignore[arg-type]
    assert (reply.status, reply.code) == (500, code)
    element = verified(reply.body, site)
    assert element.tag == f"{{{soap.SOAP}}}Fault"
    found = element.find(f"detail/{{{SYNC}}}SendMessageFault1_SendMessageFault/ErrorInfo/errorCode")
    assert found is not None
    assert found.text == code


def test_an_unknown_caller_gets_a_fault(endpoint: GatewayEndpoint, site: IssuedKey) -> None:
    assert endpoint.reply(signed_request(site.signer)).code == "bad-signature"
    assert endpoint.reply(b"<x/>").code == "bad-message"
    assert endpoint.reply(soap.sign_message(etree.Element("x"), site.signer)).code == "bad-signature"


def test_an_expired_caller_gets_a_fault(caller: IssuedKey, site: IssuedKey) -> None:
    later = NOW + YEAR + timedelta(days=1)
    endpoint = GatewayEndpoint(site.signer, [caller.certificate], {"echo": echo}, clock=lambda: later)
    assert endpoint.reply(signed_request(caller.signer, at=later)).code == "bad-signature"


def test_a_message_whose_handler_failed_is_accepted_again(caller: IssuedKey, site: IssuedKey) -> None:
    failing = [True]

    def handler(request: GatewayRequest) -> etree._Element:
        if failing and failing.pop():
            raise RuntimeError("a failure of the handler")
        return echo(request)

    endpoint = GatewayEndpoint(site.signer, [caller.certificate], {"echo": handler}, clock=lambda: NOW)
    message = signed_request(caller.signer)
    with pytest.raises(RuntimeError):
        endpoint.reply(message)
    assert endpoint.reply(message).status == 200
    assert endpoint.reply(message).code == "replayed"


def test_endpoints_of_one_address_share_their_replay_cache(caller: IssuedKey, site: IssuedKey) -> None:
    cache, message = ReplayCache(MAX_CLOCK_DIFFERENCE), signed_request(caller.signer)
    first, second = (
        GatewayEndpoint(
            site.signer, [caller.certificate], {"echo": echo}, replay_cache=cache, clock=lambda: NOW
        )
        for _ in range(2)
    )
    assert first.reply(message).status == 200
    assert second.reply(message).code == "replayed"


def test_a_message_over_the_limit_is_not_parsed(caller: IssuedKey, site: IssuedKey) -> None:
    message = signed_request(caller.signer)
    small, large = (
        GatewayEndpoint(
            site.signer, [caller.certificate], {"echo": echo}, max_bytes=max_bytes, clock=lambda: NOW
        )
        for max_bytes in (len(message) - 1, len(message))
    )
    assert small.reply(message).code == "bad-message"
    assert large.reply(message).status == 200
