"""A centre's own system asks over the gateway where a request it handed in stands.

The question is a document signed with a key of the centre, as the entities register wants its questions
(``entities.py``): the gateway cannot ask in a centre's name. The shape is ours, in a namespace of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from egovdocs.integrations.centres.hand_in_messages import NAMESPACE
from egovdocs.integrations.gateway.channel import new_data
from egovdocs.integrations.gateway.soap import Malformed, parse
from egovdocs.integrations.gateway.xmlutil import (
    WrongShape,
    add_all,
    children,
    day,
    moment,
    optional,
    text,
    whole,
)

SERVICE = "EgovdocsRequestState"
YES = "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a centre asks, or tells.

    :ivar centre: the BIN of who asks.
    :ivar handed_over: the operator says: the applicant has the outcome in their hand.
    """

    centre: str
    number: str
    handed_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a request stands.

    :ivar state: a code such as ``registered``, ``in-review``, ``issued``; ``ru`` and ``kk`` are its words.
    :ivar step: the regulation's step it stands at; "" when its procedure has ended.
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


def write_question(question: Question) -> bytes:
    """The question as a document, to be signed with a key of the centre; to tell something, an operator's."""
    root = etree.Element(f"{{{NAMESPACE}}}StateQuestion", nsmap={"centre": NAMESPACE})
    values = {"requestorBin": question.centre, "number": question.number}
    add_all(root, values | ({"handedOver": YES} if question.handed_over else {}), NAMESPACE)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def question(signed: bytes) -> etree._Element:
    """The signed question, to send."""
    data = new_data(NAMESPACE, "StateRequest")
    add_all(data, {"document": signed.decode()})
    return data


def asked(data: etree._Element) -> bytes:
    """The signed question.

    :raises WrongShape: there is none.
    """
    return whole(data, "document")


def read_question(content: bytes) -> Question:
    """What is asked.

    :param content: what the question's signature covers.
    :raises WrongShape: it is no question.
    """
    try:
        root = parse(content)
    except Malformed:
        raise WrongShape("no question") from None
    if root.tag != f"{{{NAMESPACE}}}StateQuestion":
        raise WrongShape("no question")
    return Question(
        centre=text(root, "requestorBin"),
        number=text(root, "number"),
        handed_over=optional(root, "handedOver") == YES,
    )


def answer(state: State) -> etree._Element:
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


def read_answer(data: etree._Element) -> State:
    """Where it stands.

    :raises WrongShape: it is no answer.
    """
    return State(
        number=text(data, "number"),
        state=text(data, "state"),
        ru=text(data, "nameRu"),
        kk=text(data, "nameKz"),
        step=optional(data, "step"),
        deadline=day(data, "deadline"),
        outcome=whole(data, "outcome") if children(data, "outcome") else None,
        handed_over_at=moment(data, "handedOverAt") if children(data, "handedOverAt") else None,
    )
