"""The state's registers as they are reached over the gateway."""

from __future__ import annotations

from egovdocs.content import Entity, Person, PowerOfAttorney
from egovdocs.registers import entities, notary, persons
from egovdocs.registers.gateway import Gateway


class GatewayRegisters:
    """Asks the registers of persons, of entities and of notaries; keeps nothing.

    :param sender: the site's code in the persons register.
    """

    def __init__(self, gateway: Gateway, sender: str) -> None:
        self._gateway = gateway
        self._sender = sender

    def person(self, iin: str) -> Person | None:
        return self._gateway.ask(
            persons.SERVICE,
            persons.question(iin, self._sender),
            lambda data: persons.read_answer(data, iin),
        )

    def entity(self, bin: str) -> Entity | None:
        return self._gateway.ask(
            entities.SERVICE,
            entities.question(bin, self._gateway.signer),
            lambda data: entities.read_answer(data, bin),
        )

    def power_of_attorney(self, number: str, principal: str, representative: str) -> PowerOfAttorney | None:
        return self._gateway.ask(
            notary.SERVICE,
            notary.question(number, principal, representative),
            lambda data: notary.read_answer(data, number, principal, representative),
        )
