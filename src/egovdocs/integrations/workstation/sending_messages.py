"""The messages by which a signed request is sent to the provider's workstation.

The structure is that of this project, since no public one is known.
"""

from __future__ import annotations

from lxml import etree

from egovdocs.integrations import registration_messages
from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure, add_all, raw_text, text
from egovdocs.integrations.registration_messages import NAMESPACE, Registration, RegistrationRefusal

SERVICE = "EgovdocsRequestSend"


def build_request(reference: str, document: bytes) -> etree._Element:
    """Build the message of a signed request and the reference of its case.

    :raises UnicodeDecodeError: the signed request is not in UTF-8.
    """
    data = new_data(NAMESPACE, "Request")
    add_all(data, {"reference": reference, "document": document.decode()})
    return data


def parse_request(data: etree._Element) -> tuple[str, bytes]:
    """Return the reference of the case, and the signed request, byte for byte.

    :raises UnexpectedStructure: one is missing.
    """
    return text(data, "reference"), raw_text(data, "document")


def parse_response(data: etree._Element) -> Registration:
    """Return the registration.

    :raises UnexpectedStructure: a part is missing, or it is a refusal, which this procedure does not have.
    """
    response = registration_messages.parse_response(data)
    if isinstance(response, RegistrationRefusal):
        raise UnexpectedStructure("a refusal, which this procedure does not have")
    return response
