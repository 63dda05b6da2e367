"""A signed request goes through the gateway to the provider's workstation, which registers it.

The shape of these messages is ours, in a namespace of ours: no public one is known.
"""

from __future__ import annotations

from typing import Protocol

from lxml import etree

from egovdocs.integrations.centres.hand_in_messages import NAMESPACE, Registered, TurnedAway, read_answer
from egovdocs.integrations.gateway.channel import new_data
from egovdocs.integrations.gateway.xmlutil import WrongShape, add_all, text, whole

SERVICE = "EgovdocsRequestSend"


class Sending(Protocol):
    """Takes signed requests to the provider's workstation."""

    def can_send(self, document: bytes) -> bool:
        """Can a request travel in a message?"""

    def send(self, reference: str, document: bytes) -> Registered:
        """Send a request; sent again, it is registered once.

        :param reference: of its case.
        :param document: as it was signed, byte for byte.
        :raises RegisterError: there is no answer; it may have arrived all the same.
        """


def question(reference: str, document: bytes) -> etree._Element:
    """The request as it was signed, and the reference of its case.

    :raises UnicodeDecodeError: the request is in another encoding than UTF-8.
    """
    data = new_data(NAMESPACE, "Request")
    add_all(data, {"reference": reference, "document": document.decode()})
    return data


def asked(data: etree._Element) -> tuple[str, bytes]:
    """The reference of a case, and the request, byte for byte.

    :raises WrongShape: it is no question.
    """
    return text(data, "reference"), whole(data, "document")


def read_registered(data: etree._Element) -> Registered:
    """That the request is registered, answered as a centre's system is (``handing_in.answer``).

    :raises WrongShape: it is no such answer.
    """
    told = read_answer(data)
    if isinstance(told, TurnedAway):
        raise WrongShape("a refusal, where the procedure has none")
    return told
