"""The messages by which a centre's system queries the state of a request it handed in.

The query is a document signed with a key of the centre, because the message itself is signed by the gateway.
The structure is that of this project, since no public one is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.soap import MalformedMessage, parse_xml
from egovdocs.integrations.gateway.xmlutil import (
    UnexpectedStructure,
    add_all,
    children,
    date_value,
    datetime_value,
    optional_text,
    raw_text,
    text,
)
from egovdocs.integrations.registration_messages import NAMESPACE

SERVICE = "EgovdocsRequestState"
_QUERY = f"{{{NAMESPACE}}}StateQuestion"
_TRUE = "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateQuery:
    """A query for the state of a request.

    :ivar centre: the BIN of the centre.
    :ivar handed_over: the operator who signs states that the applicant has received the outcome.
    """

    centre: str
    number: str
    handed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestState:
    """The state of a request.

    :ivar state: a code such as ``registered``, ``in-review``, ``issued``; ``ru`` and ``kk`` are its labels.
    :ivar step: the number of its current step; "" when its procedure has ended.
    :ivar outcome: the signed licence, certificate or refusal, byte for byte; None while there is none.
    """

    number: str
    state: str
    ru: str
    kk: str
    step: str
    deadline: date
    outcome: bytes | None = None
    handed_over_at: datetime | None = None


def build_query(query: StateQuery) -> bytes:
    """Return the query as an unsigned document.

    It is to be signed with a key of the centre; with ``handed_over``, with an operator's.
    """
    root = etree.Element(_QUERY, nsmap={"centre": NAMESPACE})
    values = {"requestorBin": query.centre, "number": query.number}
    add_all(root, values | ({"handedOver": _TRUE} if query.handed_over else {}), NAMESPACE)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def parse_query(content: bytes) -> StateQuery:
    """Read a query.

    :param content: what the signature of the document covers.
    :raises UnexpectedStructure: the document is no query.
    """
    try:
        root = parse_xml(content)
    except MalformedMessage:
        raise UnexpectedStructure("not a state query") from None
    if root.tag != _QUERY:
        raise UnexpectedStructure("not a state query")
    return StateQuery(
        centre=text(root, "requestorBin"),
        number=text(root, "number"),
        handed_over=optional_text(root, "handedOver") == _TRUE,
    )


def build_request(signed_query: bytes) -> etree._Element:
    data = new_data(NAMESPACE, "StateRequest")
    add_all(data, {"document": signed_query.decode()})
    return data


def parse_request(data: etree._Element) -> bytes:
    """Return the signed query.

    :raises UnexpectedStructure: there is none.
    """
    return raw_text(data, "document")


def build_response(state: RequestState) -> etree._Element:
    data = new_data(NAMESPACE, "StateResponse")
    values = {
        "number": state.number,
        "state": state.state,
        "nameRu": state.ru,
        "nameKz": state.kk,
        "step": state.step,
        "deadline": state.deadline.isoformat(),
        "outcome": "" if state.outcome is None else state.outcome.decode(),
        "handedOverAt": state.handed_over_at.isoformat(timespec="seconds") if state.handed_over_at else "",
    }
    add_all(data, values)
    return data


def parse_response(data: etree._Element) -> RequestState:
    """:raises UnexpectedStructure: a part is missing or can't be read."""
    return RequestState(
        number=text(data, "number"),
        state=text(data, "state"),
        ru=text(data, "nameRu"),
        kk=text(data, "nameKz"),
        step=optional_text(data, "step"),
        deadline=date_value(data, "deadline"),
        outcome=raw_text(data, "outcome") if children(data, "outcome") else None,
        handed_over_at=datetime_value(data, "handedOverAt") if children(data, "handedOverAt") else None,
    )
