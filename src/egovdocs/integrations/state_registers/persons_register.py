"""The persons register (ГБД ФЛ) over the gateway: its question and its answer."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from lxml import etree

from egovdocs.content import Person
from egovdocs.integrations.gateway.channel import new_data
from egovdocs.integrations.gateway.xmlutil import (
    add,
    add_all,
    child,
    children,
    day,
    in_language,
    optional,
    text,
)
from egovdocs.integrations.state_registers.register_ports import ForgedAnswer, RegisterUnavailable

SERVICE = "GBDFL_UniversalServiceSync"
NAMESPACE = "http://message.persistence.interactive.nat"
FOUND = "00000"
# Only the code of success is public: the register's operator names the others when a site is connected.
NOT_FOUND = "00001"


def question(iin: str, sender: str) -> etree._Element:
    data = new_data(NAMESPACE, "Request")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    add_all(data, {"messageId": str(uuid4()), "messageDate": now, "senderCode": sender, "iin": iin})
    return data


def asked(data: etree._Element) -> str:
    """The IIN a question is about.

    :raises egovdocs.integrations.gateway.xmlutil.WrongShape: it is no question.
    """
    return text(data, "iin")


def answer(person: Person | None) -> etree._Element:
    data = new_data(NAMESPACE, "Response")
    if person is None:
        _result(data, NOT_FOUND, "Субъект не найден", "Субъект табылмады")
        return data
    _result(data, FOUND, "Сообщение успешно обработано", "Хабарлама өңделді")
    entry = add(add(data, "persons"), "person")
    names = {"iin": person.iin, "surname": person.surname, "name": person.name}
    add_all(entry, names | {"patronymic": person.patronymic, "birthDate": person.born.isoformat()})
    address = add(add(entry, "regAddress"), "region")
    add_all(address, {"nameRu": person.address_ru, "nameKz": person.address_kk})
    return data


def read_answer(data: etree._Element, iin: str) -> Person | None:
    """The person who was asked for; None when the register has nobody of that IIN.

    :raises RegisterUnavailable: the register could not look.
    :raises ForgedAnswer: it is about somebody else.
    :raises egovdocs.integrations.gateway.xmlutil.WrongShape: it is no answer.
    """
    code = text(data, "messageResult", "code")
    if code == NOT_FOUND:
        return None
    if code != FOUND:
        raise RegisterUnavailable("the persons register could not look")
    entry = child(data, "persons", "person")
    if text(entry, "iin") != iin:
        raise ForgedAnswer("the answer is about another person")
    addresses = children(entry, "regAddress")
    return Person(
        iin=iin,
        surname=text(entry, "surname"),
        name=text(entry, "name"),
        patronymic=optional(entry, "patronymic"),
        born=day(entry, "birthDate"),
        address_ru=in_language(addresses[0], "Ru") if addresses else "",
        address_kk=in_language(addresses[0], "Kz") if addresses else "",
    )


def _result(data: etree._Element, code: str, ru: str, kk: str) -> None:
    add_all(add(data, "messageResult"), {"code": code, "nameRu": ru, "nameKz": kk})
