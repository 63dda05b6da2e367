"""The state's registers and the payment gateway as they are reached over the gateway."""

from __future__ import annotations

from egovdocs.content import Entity, Person, PowerOfAttorney
from egovdocs.integrations.centres.hand_in_messages import Registered
from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.channel import Gateway
from egovdocs.integrations.payments import payment_messages as paying
from egovdocs.integrations.payments.payment_ports import ForgedNotice, PaymentNotice, PaymentOrder, Unpaid
from egovdocs.integrations.state_registers import (
    entities_register as entities,
)
from egovdocs.integrations.state_registers import (
    notary_register as notary,
)
from egovdocs.integrations.state_registers import (
    persons_register as persons,
)
from egovdocs.integrations.workstation import request_sending as sending

ESCAPED = 4  # times: "<" is escaped as "&lt;"
LONGEST_TEXT = 9_000_000  # bytes; libxml2 reads at most ten million in one element


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


class GatewaySending:
    """Sends signed requests to the provider's workstation.

    :param most: bytes of a message that are taken there.
    """

    def __init__(self, gateway: Gateway, most: int) -> None:
        self._gateway = gateway
        self._most = min(most // ESCAPED, LONGEST_TEXT)

    def can_send(self, document: bytes) -> bool:
        try:
            document.decode()
        except UnicodeDecodeError:
            return False
        return len(document) <= self._most and document.count(b"=") <= soap.MAX_MARKUP // 2

    def send(self, reference: str, document: bytes) -> Registered:
        question = sending.question(reference, document)
        return self._gateway.ask(sending.SERVICE, question, sending.read_registered)


class GatewayPayments:
    """Opens payments at the payment gateway, and asks what became of them; its notices come to ``/gateway``.

    :param origin: of its pages: an applicant's browser is sent nowhere else.
    """

    has_page = True
    can_be_asked = True

    def __init__(self, gateway: Gateway, origin: str) -> None:
        self._gateway = gateway
        self._origin = origin

    def start(self, order: PaymentOrder) -> str:
        return self._gateway.ask(
            paying.OPENING,
            paying.opening(order),
            lambda data: paying.read_opened(data, order.reference, self._origin),
        ).page

    def ask(self, reference: str) -> PaymentNotice | Unpaid:
        return self._gateway.ask(
            paying.STATE, paying.question(reference), lambda data: paying.read_answer(data, reference)
        )

    def verify(self, notice: bytes) -> PaymentNotice:
        raise ForgedNotice("this payment gateway's notices come over the gateway")
