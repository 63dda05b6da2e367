"""The messages of the gateway's synchronous channel: ``SendMessage``, its response and its fault.

A message is the one child of a SOAP Body. Each has an id of its own; a response names the id of its request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from cryptography.x509 import Certificate
from lxml import etree

from egovdocs.integrations.gateway import soap
from egovdocs.integrations.gateway.xmlutil import (
    UnexpectedStructure,
    add,
    add_all,
    child,
    datetime_value,
    local_name,
    text,
)

SYNC = "http://bip.bee.kz/SyncChannel/v10/Types"
RESPONSE = f"{{{SYNC}}}SendMessageResponse"
SUCCESS = "SCSS001"
MAX_CLOCK_DIFFERENCE = timedelta(minutes=5)
"""A message whose date differs more than this from the receiver's clock is not accepted."""

_MAX_EXPLANATION = 4000  # characters


@dataclass(frozen=True)
class Sender:
    """The login by which the gateway knows a system, in addition to its signature."""

    id: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRequest:
    """A ``SendMessage`` whose signature was verified.

    :ivar sent_at: the date in the message.
    :ivar sender_id: the login in the message.
    :ivar data: the element ``data``.
    :ivar certificate: the certificate whose key signed the message.
    """

    service_id: str
    message_id: str
    sent_at: datetime
    sender_id: str
    data: etree._Element
    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayResponse:
    """A ``SendMessageResponse``.

    :ivar correlation_id: the message id of the request.
    :ivar sent_at: the date in the message.
    :ivar status_code: :data:`SUCCESS`, or the gateway's code of an error.
    """

    message_id: str
    correlation_id: str
    sent_at: datetime
    status_code: str
    element: etree._Element

    @property
    def data(self) -> etree._Element:
        """The element ``data``.

        :raises UnexpectedStructure: there is none.
        """
        return child(self.element, "response", "responseData", "data")


@dataclass(frozen=True, slots=True)
class FaultInfo:
    """What a fault says.

    :ivar explanation: for a person, not for the log: it may contain personal data.
    """

    code: str
    explanation: str


def build_request(
    service_id: str, message_id: str, sent_at: datetime, sender: Sender, data: etree._Element
) -> etree._Element:
    root = etree.Element(f"{{{SYNC}}}SendMessage", nsmap={"sync": SYNC})
    request = add(root, "request")
    info = add(request, "requestInfo")
    values = {"messageId": message_id, "serviceId": service_id, "messageDate": _format_time(sent_at)}
    add_all(info, values)
    add_all(add(info, "sender"), {"senderId": sender.id, "password": sender.password})
    add(request, "requestData").append(data)
    return root


def parse_request(root: etree._Element, certificate: Certificate) -> GatewayRequest:
    """Read a ``SendMessage``.

    :param certificate: the certificate that its signature was verified with.
    :raises UnexpectedStructure: the element is no ``SendMessage``, or a part is missing.
    """
    if root.tag != f"{{{SYNC}}}SendMessage":
        raise UnexpectedStructure("not a SendMessage")
    info = child(root, "request", "requestInfo")
    return GatewayRequest(
        service_id=text(info, "serviceId"),
        message_id=text(info, "messageId"),
        sent_at=datetime_value(info, "messageDate"),
        sender_id=text(info, "sender", "senderId"),
        data=child(root, "request", "requestData", "data"),
        certificate=certificate,
    )


def build_response(correlation_id: str, sent_at: datetime, data: etree._Element) -> etree._Element:
    """Build the response of success to the request with the message id ``correlation_id``."""
    root = etree.Element(RESPONSE, nsmap={"sync": SYNC})
    response = add(root, "response")
    info = add(response, "responseInfo")
    values = {
        "messageId": str(uuid4()),
        "correlationId": correlation_id,
        "responseDate": _format_time(sent_at),
    }
    add_all(info, values)
    add_all(add(info, "status"), {"code": SUCCESS, "message": "Message has been processed successfully"})
    add(info, "sessionId", str(uuid4()))
    add(response, "responseData").append(data)
    return root


def parse_response(root: etree._Element) -> GatewayResponse:
    """:raises UnexpectedStructure: the element is no ``SendMessageResponse``, or a part is missing."""
    if root.tag != RESPONSE:
        raise UnexpectedStructure("not a SendMessageResponse")
    info = child(root, "response", "responseInfo")
    return GatewayResponse(
        message_id=text(info, "messageId"),
        correlation_id=text(info, "correlationId"),
        sent_at=datetime_value(info, "responseDate"),
        status_code=text(info, "status", "code"),
        element=root,
    )


def build_fault(code: str, explanation: str) -> etree._Element:
    """Build the SOAP fault with the gateway's ``ErrorInfo`` in it."""
    detail = etree.Element(f"{{{SYNC}}}SendMessageFault1_SendMessageFault", nsmap={"sync": SYNC})
    add_all(add(detail, "ErrorInfo"), {"errorCode": code, "errorMessage": explanation})
    return soap.build_fault("Server", explanation, detail)


def parse_fault(element: etree._Element) -> FaultInfo:
    """Return code and explanation of a SOAP fault, as far as they are there."""
    texts = {local_name(each).lower(): each.text or "" for each in element.iter(etree.Element)}
    explanation = " ".join(texts.get("errormessage", "").split())[:_MAX_EXPLANATION]
    return FaultInfo(loggable_code(texts.get("errorcode", "")), explanation)


def loggable_code(code: str) -> str:
    """Return a code from a message as it may be logged: ``unknown`` unless it has the form of a code."""
    return code if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,30}", code) else "unknown"


def new_data(namespace: str, type_name: str) -> etree._Element:
    """Return an empty element ``data`` with an ``xsi:type``."""
    data = etree.Element("data", nsmap={"m": namespace, "xsi": soap.XSI})
    data.set(f"{{{soap.XSI}}}type", f"m:{type_name}")
    return data


def escaped_data(document: bytes) -> etree._Element:
    """Return an element ``data`` whose text is an XML document, without its XML declaration."""
    data = etree.Element("data")
    data.text = document.decode().partition("?>")[2].strip()
    return data


def _format_time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
