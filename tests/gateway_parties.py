"""Parties of the gateway for tests: keys, a client without a network, and sample data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.client import GatewayClient
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.registration_messages import Registration, RegistrationRefusal
from egovdocs.sandbox.authority import Authority, IssuedKey

TIME = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)
DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\r\n<ы a="&amp;">]]&gt; «\u00a0»\t</ы>\r\n \n'.encode()
REGISTRATION = Registration("2026-000001-16", TIME, date(2026, 6, 22), DOCUMENT)
REFUSAL = RegistrationRefusal("P4", "Нет данных", "Дерек жоқ")


def system_key(name: str) -> IssuedKey:
    """Return the key of an information system, by an authority of its own."""
    return Authority.create("Корень", algorithm="ec").issue_system(name, "131040001006", algorithm="ec")


CENTRE, GATEWAY, SITE = system_key("ИС ЦОН"), system_key("ШЭП"), system_key("Портал")


class InProcessClient(GatewayClient):
    """A client whose messages go to a function instead of over the network.

    :param respond: returns the response to a message, such as the body of an endpoint's reply.
    """

    def __init__(
        self, key: IssuedKey, peer: Certificate, respond: Callable[[bytes], bytes], *, timeout: float = 60
    ) -> None:
        super().__init__("http://127.0.0.1:9", key.signer, peer, Sender("a", "b"), timeout=timeout)
        self._respond = respond

    def _post(self, message: bytes) -> bytes:
        return self._respond(message)


class EmptyRegisters:
    """State registers without entries."""

    def person(self, iin: str) -> None: ...

    def entity(self, bin: str) -> None: ...

    def power_of_attorney(self, number: str, principal: str, representative: str) -> None: ...


def transmit(data: etree._Element) -> etree._Element:
    """Return a message's content as its receiver reads it."""
    message = soap.sign_message(data, SITE.signer)
    return soap.verify_message(soap.parse_message(message, len(message)), SITE.certificate)
