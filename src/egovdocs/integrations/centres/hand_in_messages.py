"""A centre's own system hands a signed request in over the gateway: its question and the answer.

The shape of these messages is ours, in a namespace of ours: no public one is known.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from egovdocs.integrations.gateway.channel import new_data
from egovdocs.integrations.gateway.xmlutil import (
    WrongShape,
    add,
    add_all,
    child,
    children,
    day,
    moment,
    text,
    whole,
)

SERVICE = "EgovdocsRequestHandIn"
NAMESPACE = "urn:egovdocs:centre:1"
PIECE = 1_000_000  # characters; libxml2 reads at most ten million in one element


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that comes with a request, which names it by its SHA-256.

    :ivar name: to speak of it; the name that counts stands in the request.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Registered:
    """The request is registered.

    :ivar receipt: the document that says so, sealed by the site.
    """

    number: str
    registered_at: datetime
    deadline: date
    receipt: bytes


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The regulation's refusal: its step's number, and the reason in words."""

    step: str
    ru: str
    kk: str


def question(document: bytes, files: Iterable[Scan]) -> etree._Element:
    """The request as it was signed, in UTF-8, and its files.

    :raises UnicodeDecodeError: the request is in another encoding.
    """
    data = new_data(NAMESPACE, "Request")
    add(data, "document", document.decode())
    for file in files:
        entry = add(data, "file")
        add(entry, "name", file.name)
        content = base64.b64encode(file.data).decode()
        for start in range(0, len(content), PIECE):
            add(entry, "content", content[start : start + PIECE])
    return data


def asked(data: etree._Element) -> tuple[bytes, tuple[Scan, ...]]:
    """The request, byte for byte, and its files.

    :raises WrongShape: it is no question.
    """
    return whole(data, "document"), tuple(_file(entry) for entry in children(data, "file"))


def answer(result: Registered | TurnedAway) -> etree._Element:
    data = new_data(NAMESPACE, "Response")
    if isinstance(result, TurnedAway):
        refusal = {"step": result.step, "nameRu": result.ru, "nameKz": result.kk}
        add_all(add(data, "refusal"), refusal)
        return data
    entry = add(data, "registration")
    registered_at = result.registered_at.isoformat(timespec="seconds")
    values = {"number": result.number, "registeredAt": registered_at, "deadline": result.deadline.isoformat()}
    add_all(entry, values | {"receipt": result.receipt.decode()})
    return data


def read_answer(data: etree._Element) -> Registered | TurnedAway:
    """What became of the request.

    :raises WrongShape: it is no answer.
    """
    if children(data, "refusal"):
        entry = child(data, "refusal")
        return TurnedAway(text(entry, "step"), text(entry, "nameRu"), text(entry, "nameKz"))
    entry = child(data, "registration")
    return Registered(
        number=text(entry, "number"),
        registered_at=moment(entry, "registeredAt"),
        deadline=day(entry, "deadline"),
        receipt=whole(entry, "receipt"),
    )


def _file(entry: etree._Element) -> Scan:
    content = "".join(whole(piece).decode() for piece in children(entry, "content"))
    try:
        data = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise WrongShape("a file that is not in base64") from None
    return Scan(text(entry, "name"), data)
