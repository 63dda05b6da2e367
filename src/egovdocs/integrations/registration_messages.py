"""The response to a request for a service that arrived through the gateway: registered, or refused.

It is sent to the centre's system or the portal that sent the request. Its structure is that of this project,
since no public one is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.xmlutil import (
    add,
    add_all,
    child,
    children,
    date_value,
    datetime_value,
    raw_text,
    text,
)

NAMESPACE = "urn:egovdocs:centre:1"


@dataclass(frozen=True, slots=True)
class Registration:
    """The request is registered.

    :ivar receipt: the document that confirms it, signed with the site's seal.
    """

    number: str
    registered_at: datetime
    deadline: date
    receipt: bytes


@dataclass(frozen=True, slots=True)
class RegistrationRefusal:
    """The request is refused by the regulation.

    :ivar step: the number of the step that refuses it.
    :ivar ru: the reason in Russian.
    :ivar kk: the reason in Kazakh.
    """

    step: str
    ru: str
    kk: str


def build_response(result: Registration | RegistrationRefusal) -> etree._Element:
    data = new_data(NAMESPACE, "Response")
    if isinstance(result, RegistrationRefusal):
        refusal = {"step": result.step, "nameRu": result.ru, "nameKz": result.kk}
        add_all(add(data, "refusal"), refusal)
        return data
    entry = add(data, "registration")
    registered_at = result.registered_at.isoformat(timespec="seconds")
    values = {"number": result.number, "registeredAt": registered_at, "deadline": result.deadline.isoformat()}
    add_all(entry, values | {"receipt": result.receipt.decode()})
    return data


def parse_response(data: etree._Element) -> Registration | RegistrationRefusal:
    """:raises UnexpectedStructure: a part is missing or can't be read."""
    if children(data, "refusal"):
        entry = child(data, "refusal")
        return RegistrationRefusal(text(entry, "step"), text(entry, "nameRu"), text(entry, "nameKz"))
    entry = child(data, "registration")
    return Registration(
        number=text(entry, "number"),
        registered_at=datetime_value(entry, "registeredAt"),
        deadline=date_value(entry, "deadline"),
        receipt=raw_text(entry, "receipt"),
    )
