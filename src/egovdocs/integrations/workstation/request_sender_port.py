"""The port of the provider's workstation. Without an adapter, requests are registered on this site."""

from __future__ import annotations

from typing import Protocol

from egovdocs.integrations.registration_messages import Registration


class RequestSender(Protocol):
    """Sends signed requests to the provider's workstation."""

    def can_send(self, document: bytes) -> bool:
        """Whether a signed request fits into a message."""

    def send(self, reference: str, document: bytes) -> Registration:
        """Send a signed request. A repeated request is registered once.

        :param reference: the reference of its case.
        :param document: the request, byte for byte.
        :raises ExternalSystemError: there is no usable response; the request may have arrived nevertheless.
        """
