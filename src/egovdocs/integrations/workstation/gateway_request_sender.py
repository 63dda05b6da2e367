"""The adapter of the provider's workstation behind the e-government gateway."""

from __future__ import annotations

from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.client import GatewayClient
from egovdocs.integrations.registration_messages import Registration
from egovdocs.integrations.workstation import sending_messages

_ESCAPED_LENGTH = 4  # "<" is escaped as "&lt;"
_MAX_TEXT_NODE = 9_000_000  # bytes; libxml2 reads at most ten million in one text node


class GatewayRequestSender:
    """Sends signed requests to the provider's workstation.

    :param max_message_bytes: the size of the largest message that is accepted there.
    """

    def __init__(self, client: GatewayClient, max_message_bytes: int) -> None:
        self._client = client
        self._max_bytes = min(max_message_bytes // _ESCAPED_LENGTH, _MAX_TEXT_NODE)

    def can_send(self, document: bytes) -> bool:
        try:
            document.decode()
        except UnicodeDecodeError:
            return False
        return len(document) <= self._max_bytes and document.count(b"=") <= soap.MAX_MARKUP // 2

    def send(self, reference: str, document: bytes) -> Registration:
        data = sending_messages.build_request(reference, document)
        return self._client.call(sending_messages.SERVICE, data, sending_messages.parse_response)
