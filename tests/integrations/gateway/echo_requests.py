"""Signed requests of the persons register's structure, for an endpoint that returns their IIN."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

from lxml import etree

from egovdocs.integrations.gateway import messages, soap
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.state_registers import persons_messages
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Signer

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
YEAR = timedelta(days=365)
IIN = "910203450036"
OTHER_IIN = "860517300425"
NAMESPACES = {
    "soap": soap.SOAP,
    "ds": soap.DS,
    "wsse": soap.WSSE,
    "wsu": soap.WSU,
    "sync": messages.SYNC,
}


def issue_key(algorithm: Literal["rsa", "ec"] = "ec") -> IssuedKey:
    """Return a system's key that is valid for a year before and after NOW."""
    return Authority.create("Корень", algorithm="ec").issue_system(
        "Портал", "940140000385", algorithm=algorithm, not_before=NOW - YEAR, not_after=NOW + YEAR
    )


def signed_request(
    signer: Signer, *, message_id: str = "m-1", at: datetime = NOW, service: str = "echo"
) -> bytes:
    data = persons_messages.build_request(IIN, "portal")
    request = messages.build_request(service, message_id, at, Sender("portal", "s3cret"), data)
    return soap.sign_message(request, signer)


def verified(message: bytes, key: IssuedKey) -> etree._Element:
    """Return the content of a message, verified with the key's certificate."""
    return soap.verify_message(soap.parse_message(message), key.certificate)
