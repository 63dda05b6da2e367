"""The adapter of the payment gateway (ПШЭП) behind the e-government gateway."""

from __future__ import annotations

from egovdocs.integrations.gateway.client import GatewayClient
from egovdocs.integrations.payments import payment_messages
from egovdocs.integrations.payments.payment_port import ForgedNotice, PaymentNotice, PaymentOrder, Unpaid


class GatewayPayments:
    """Opens and queries payments; notices arrive at the site's own endpoint of the e-government gateway.

    :param page_origin: the origin of the pages to pay at; the applicant's browser is sent to no other.
    """

    has_page = True
    can_query = True

    def __init__(self, client: GatewayClient, page_origin: str) -> None:
        self._client = client
        self._page_origin = page_origin

    def open_payment(self, order: PaymentOrder) -> str:
        return self._client.call(
            payment_messages.OPENING,
            payment_messages.build_open_request(order),
            lambda data: payment_messages.parse_open_response(data, order.reference, self._page_origin),
        ).page

    def query_payment(self, reference: str) -> PaymentNotice | Unpaid:
        return self._client.call(
            payment_messages.STATE,
            payment_messages.build_query_request(reference),
            lambda data: payment_messages.parse_query_response(data, reference),
        )

    def verify_notice(self, notice: bytes) -> PaymentNotice:
        raise ForgedNotice("notices of this payment gateway arrive over the e-government gateway only")
