"""The messages of the persons register (ГБД ФЛ) over the gateway."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from lxml import etree

from egovdocs.content import Person
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway.messages import new_data
from egovdocs.integrations.gateway.xmlutil import (
    add,
    add_all,
    child,
    children,
    date_value,
    optional_text,
    text,
    text_in_language,
)

SERVICE = "GBDFL_UniversalServiceSync"
NAMESPACE = "http://message.persistence.interactive.nat"
FOUND = "00000"
# Only the code of success is public; the register's operator names the others when a site is connected.
NOT_FOUND = "00001"


def build_request(iin: str, sender_code: str) -> etree._Element:
    data = new_data(NAMESPACE, "Request")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    add_all(data, {"messageId": str(uuid4()), "messageDate": now, "senderCode": sender_code, "iin": iin})
    return data


def parse_request(data: etree._Element) -> str:
    """Return the IIN of a request.

    :raises egovdocs.integrations.gateway.xmlutil.UnexpectedStructure: there is none.
    """
    return text(data, "iin")


def build_response(person: Person | None) -> etree._Element:
    data = new_data(NAMESPACE, "Response")
    if person is None:
        _add_result(data, NOT_FOUND, "Субъект не найден", "Субъект табылмады")
        return data
    _add_result(data, FOUND, "Сообщение успешно обработано", "Хабарлама өңделді")
    entry = add(add(data, "persons"), "person")
    names = {"iin": person.iin, "surname": person.surname, "name": person.name}
    add_all(entry, names | {"patronymic": person.patronymic, "birthDate": person.born.isoformat()})
    address = add(add(entry, "regAddress"), "region")
    add_all(address, {"nameRu": person.address_ru, "nameKz": person.address_kk})
    return data


def parse_response(data: etree._Element, iin: str) -> Person | None:
    """Return the person in a response; None when the register has none of that IIN.

    :param iin: the IIN of the request.
    :raises ExternalSystemUnavailable: the register reports an error.
    :raises ForgedResponse: the response is about another person.
    :raises egovdocs.integrations.gateway.xmlutil.UnexpectedStructure: a part is missing or can't be read.
    """
    code = text(data, "messageResult", "code")
    if code == NOT_FOUND:
        return None
    if code != FOUND:
        raise ExternalSystemUnavailable("the persons register reports an error")
    entry = child(data, "persons", "person")
    if text(entry, "iin") != iin:
        raise ForgedResponse("the response is about another person")
    addresses = children(entry, "regAddress")
    return Person(
        iin=iin,
        surname=text(entry, "surname"),
        name=text(entry, "name"),
        patronymic=optional_text(entry, "patronymic"),
        born=date_value(entry, "birthDate"),
        address_ru=text_in_language(addresses[0], "Ru") if addresses else "",
        address_kk=text_in_language(addresses[0], "Kz") if addresses else "",
    )


def _add_result(data: etree._Element, code: str, ru: str, kk: str) -> None:
    add_all(add(data, "messageResult"), {"code": code, "nameRu": ru, "nameKz": kk})
