"""A stand-in of the gateway, of the registers behind it and of the payment gateway: the same messages.

The registers answer from CSV files. For trying the site out and for tests. It is a WSGI application;
``egovdocs gateway`` serves it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.content import Entity, Person, PowerOfAttorney
from egovdocs.integrations.centres import hand_in_messages as handing_in
from egovdocs.integrations.centres import state_messages as request_state
from egovdocs.integrations.gateway.channel import Endpoint, Fault, Gateway, Handler, Refused, Reply, Request
from egovdocs.integrations.state_registers import (
    entities_register as entities,
)
from egovdocs.integrations.state_registers import (
    notary_register as notary,
)
from egovdocs.integrations.state_registers import (
    persons_register as persons,
)
from egovdocs.integrations.state_registers.csv_entries import read_entries
from egovdocs.integrations.state_registers.register_ports import RegisterError, Registers
from egovdocs.integrations.workstation import request_sending as sending
from egovdocs.sandbox.payment_stub import Till, page_of
from egovdocs.signing import Signer, TrustStore

MAX_BYTES = 16 * 1024 * 1024
PAGES = "/pay/"
CARRIED = (handing_in.SERVICE, request_state.SERVICE, sending.SERVICE)

Answer = Callable[[bytes], Reply]

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


def endpoint(
    registers: Registers,
    signer: Signer,
    callers: Iterable[Certificate],
    site: Gateway | None = None,
    till: Till | None = None,
) -> Endpoint:
    """The three registers behind one address, as the gateway has them, the till, and the way to the site.

    :param signer: the gateway's key.
    :param callers: the certificates of the systems that may ask.
    :param site: asks the site, with the gateway's key; without it nothing is carried there.
    """

    def person(request: Request) -> etree._Element:
        return persons.answer(registers.person(persons.asked(request.data)))

    def entity(request: Request) -> etree._Element:
        policy = entities.policy_for(TrustStore.load([request.certificate]))
        return entities.answer(registers.entity(entities.asked(request.data, policy)))

    def power_of_attorney(request: Request) -> etree._Element:
        return notary.answer(registers.power_of_attorney(*notary.asked(request.data)))

    handlers: dict[str, Handler] = {
        persons.SERVICE: person,
        entities.SERVICE: entity,
        notary.SERVICE: power_of_attorney,
    }
    if till is not None:
        handlers |= till.handlers
    if site is not None:
        handlers |= dict.fromkeys(CARRIED, _carry_to(site))
    return Endpoint(signer, callers, handlers, most=MAX_BYTES)


def _carry_to(site: Gateway) -> Handler:
    """Carries what a centre's system or the portal sends to the site, signed anew, and what it says back."""

    def carry(request: Request) -> etree._Element:
        try:
            return site.ask(request.service, request.data, lambda data: data)
        except Fault as fault:
            raise Refused(fault.code, fault.explanation) from None
        except RegisterError as problem:
            raise Refused("no-answer", f"no answer of the site ({problem}): send the same again") from None

    return carry


StartResponse = Callable[..., Any]


def application(
    answer: Answer, till: Till | None = None
) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """The WSGI application that takes messages by POST at any path, and has the till's pages at ``/pay/``."""

    def serve(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if till is not None and environ["PATH_INFO"].startswith(PAGES):
            return _page(till, environ, start_response)
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ["REQUEST_METHOD"] != "POST" or not length.isdigit() or int(length) > MAX_BYTES:
            start_response("400 Bad Request", [("Content-Length", "0")])
            return [b""]
        reply = answer(environ["wsgi.input"].read(int(length)))
        log.info("%s", reply.code)
        status = {200: "200 OK", 500: "500 Internal Server Error"}.get(reply.status, f"{reply.status} Error")
        headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(reply.body)))]
        start_response(status, headers)
        return [reply.body]

    return serve


def _page(till: Till, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    number, _slash, wish = environ["PATH_INFO"].removeprefix(PAGES).partition("/")
    kept = till.by_number(number)
    asked = environ["REQUEST_METHOD"], wish
    if kept is None or asked not in (("GET", ""), ("POST", "pay"), ("POST", "cancel")):
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    if wish:
        (till.pay if wish == "pay" else till.cancel)(kept)
    if wish or kept.paid_at is not None:
        start_response("303 See Other", [("Location", kept.order.back), ("Content-Length", "0")])
        return [b""]
    body = page_of(kept).encode()
    start_response(
        "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]
