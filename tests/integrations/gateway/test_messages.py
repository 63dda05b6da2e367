"""The structure of the messages of the gateway's synchronous channel."""

from __future__ import annotations

from lxml import etree
from tests.integrations.gateway.echo_requests import NAMESPACES, issue_key, signed_request

from egovdocs.integrations.gateway import messages, soap


def test_the_request_has_the_structure_of_the_gateway() -> None:
    envelope = etree.fromstring(signed_request(issue_key().signer))
    (send,) = envelope.xpath("/soap:Envelope/soap:Body/sync:SendMessage", namespaces=NAMESPACES)
    info = send.xpath("request/requestInfo", namespaces=NAMESPACES)[0]
    assert [child.tag for child in info] == ["messageId", "serviceId", "messageDate", "sender"]
    assert [info.findtext(name) for name in ("messageId", "serviceId", "messageDate")] == [
        "m-1",
        "echo",
        "2026-06-01T10:00:00.000Z",
    ]
    assert [child.tag for child in info.find("sender")] == ["senderId", "password"]
    data = send.find("request/requestData/data")
    assert data.get(f"{{{soap.XSI}}}type") == "m:Request"
    assert data.nsmap["m"] == "http://message.persistence.interactive.nat"
    assert [child.tag for child in data] == ["messageId", "messageDate", "senderCode", "iin"]


def test_a_fault_is_parsed() -> None:
    fault = messages.build_fault("E-7", " closed\n today ")
    message = soap.parse_message(soap.sign_message(fault, issue_key().signer))
    assert message.is_fault
    assert messages.parse_fault(message.body[0]) == messages.FaultInfo("E-7", "closed today")


def test_only_codes_are_logged() -> None:
    assert messages.loggable_code("E-7") == "E-7"
    assert messages.loggable_code("Сапарова") == "unknown"
    assert messages.loggable_code("") == "unknown"
