"""The adapter of the state registers behind the e-government gateway."""

from __future__ import annotations

from egovdocs.content import Entity, Person, PowerOfAttorney
from egovdocs.integrations.gateway.client import GatewayClient
from egovdocs.integrations.state_registers import entities_messages, notary_messages, persons_messages


class GatewayRegisters:
    """Queries the registers of persons, of entities and of notaries; caches nothing.

    :param sender_code: the site's code in the persons register.
    """

    def __init__(self, client: GatewayClient, sender_code: str) -> None:
        self._client = client
        self._sender_code = sender_code

    def person(self, iin: str) -> Person | None:
        return self._client.call(
            persons_messages.SERVICE,
            persons_messages.build_request(iin, self._sender_code),
            lambda data: persons_messages.parse_response(data, iin),
        )

    def entity(self, bin: str) -> Entity | None:
        return self._client.call(
            entities_messages.SERVICE,
            entities_messages.build_request(bin, self._client.signer),
            lambda data: entities_messages.parse_response(data, bin),
        )

    def power_of_attorney(self, number: str, principal: str, representative: str) -> PowerOfAttorney | None:
        return self._client.call(
            notary_messages.SERVICE,
            notary_messages.build_request(number, principal, representative),
            lambda data: notary_messages.parse_response(data, number, principal, representative),
        )
