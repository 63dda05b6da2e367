"""A stub of the e-government gateway, of the registers behind it and of the payment gateway.

It implements the real protocol; the registers' data come from CSV files. :func:`application` returns a WSGI
application, which the command ``egovdocs gateway`` serves.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.content import Entity, Person, PowerOfAttorney
from egovdocs.integrations.centres import hand_in_messages, state_query_messages
from egovdocs.integrations.external_system_errors import ExternalSystemError
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.endpoint import GatewayEndpoint, HttpReply, RequestHandler, RequestRejected
from egovdocs.integrations.gateway.messages import GatewayRequest
from egovdocs.integrations.state_registers import entities_messages, notary_messages, persons_messages
from egovdocs.integrations.state_registers.csv_entries import read_entries
from egovdocs.integrations.state_registers.register_port import StateRegisters
from egovdocs.integrations.workstation import sending_messages
from egovdocs.sandbox.payment_stub import PaymentStub, payment_page
from egovdocs.signing import Signer, TrustStore

MAX_BYTES = 16 * 1024 * 1024
_PAYMENT_PAGES = "/pay/"
_FORWARDED = (hand_in_messages.SERVICE, state_query_messages.SERVICE, sending_messages.SERVICE)

ReplyFunction = Callable[[bytes], HttpReply]
_StartResponse = Callable[..., Any]

log = logging.getLogger(__name__)


class CsvRegisters:
    """Registers read once from ``persons.csv``, ``entities.csv`` and ``powers.csv`` of a folder.

    :raises OSError: a file can't be read.
    :raises egovdocs.integrations.state_registers.csv_entries.CsvError: a line is wrong.
    """

    def __init__(self, folder: Path) -> None:
        self._persons = {each.iin: each for each in read_entries(folder / "persons.csv", Person)}
        self._entities = {each.bin: each for each in read_entries(folder / "entities.csv", Entity)}
        powers = read_entries(folder / "powers.csv", PowerOfAttorney)
        self._powers = {(each.number, each.principal, each.representative): each for each in powers}

    def person(self, iin: str) -> Person | None:
        return self._persons.get(iin)

    def entity(self, bin: str) -> Entity | None:
        return self._entities.get(bin)

    def power_of_attorney(self, number: str, principal: str, representative: str) -> PowerOfAttorney | None:
        return self._powers.get((number, principal, representative))


def stub_endpoint(
    registers: StateRegisters,
    signer: Signer,
    callers: Iterable[Certificate],
    site: GatewayClient | None = None,
    payments: PaymentStub | None = None,
) -> GatewayEndpoint:
    """Return an endpoint that answers for the registers and the payment gateway, and forwards to the site.

    :param signer: the gateway's key.
    :param callers: the certificates of the systems whose requests are accepted.
    :param site: a client of the site with the gateway's key; without it nothing is forwarded.
    """

    def person(request: GatewayRequest) -> etree._Element:
        iin = persons_messages.parse_request(request.data)
        return persons_messages.build_response(registers.person(iin))

    def entity(request: GatewayRequest) -> etree._Element:
        policy = entities_messages.request_policy(TrustStore.load([request.certificate]))
        bin = entities_messages.parse_request(request.data, policy)
        return entities_messages.build_response(registers.entity(bin))

    def power_of_attorney(request: GatewayRequest) -> etree._Element:
        query = notary_messages.parse_request(request.data)
        return notary_messages.build_response(registers.power_of_attorney(*query))

    handlers: dict[str, RequestHandler] = {
        persons_messages.SERVICE: person,
        entities_messages.SERVICE: entity,
        notary_messages.SERVICE: power_of_attorney,
    }
    if payments is not None:
        handlers |= payments.handlers
    if site is not None:
        handlers |= dict.fromkeys(_FORWARDED, _forward_to(site))
    return GatewayEndpoint(signer, callers, handlers, max_bytes=MAX_BYTES)


def _forward_to(site: GatewayClient) -> RequestHandler:
    """Return a handler that forwards a request to the site with a new signature and returns the response."""

    def forward(request: GatewayRequest) -> etree._Element:
        try:
            return site.call(request.service_id, request.data, lambda data: data)
        except Fault as fault:
            raise RequestRejected(fault.code, fault.explanation) from None
        except ExternalSystemError as problem:
            explanation = f"no response of the site ({problem}): send the same again"
            raise RequestRejected("no-answer", explanation) from None

    return forward


def application(
    reply: ReplyFunction, payments: PaymentStub | None = None
) -> Callable[[dict[str, Any], _StartResponse], Iterable[bytes]]:
    """Return a WSGI application: messages by POST at any path, payment pages at ``/pay/``."""

    def serve(environ: dict[str, Any], start_response: _StartResponse) -> Iterable[bytes]:
        if payments is not None and environ["PATH_INFO"].startswith(_PAYMENT_PAGES):
            return _serve_payment_page(payments, environ, start_response)
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ["REQUEST_METHOD"] != "POST" or not length.isdigit() or int(length) > MAX_BYTES:
            start_response("400 Bad Request", [("Content-Length", "0")])
            return [b""]
        response = reply(environ["wsgi.input"].read(int(length)))
        log.info("%s", response.code)
        reasons = {200: "200 OK", 500: "500 Internal Server Error"}
        status = reasons.get(response.status, f"{response.status} Error")
        headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(response.body)))]
        start_response(status, headers)
        return [response.body]

    return serve


def _serve_payment_page(
    payments: PaymentStub, environ: dict[str, Any], start_response: _StartResponse
) -> Iterable[bytes]:
    number, _slash, action = environ["PATH_INFO"].removeprefix(_PAYMENT_PAGES).partition("/")
    payment = payments.by_number(number)
    requested = environ["REQUEST_METHOD"], action
    if payment is None or requested not in (("GET", ""), ("POST", "pay"), ("POST", "cancel")):
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    if action:
        (payments.pay if action == "pay" else payments.cancel)(payment)
    if action or payment.paid_at is not None:
        headers = [("Location", payment.order.return_url), ("Content-Length", "0")]
        start_response("303 See Other", headers)
        return [b""]
    body = payment_page(payment).encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]
