"""The messages of the persons register."""

from __future__ import annotations

import re
from datetime import date

import pytest
from lxml import etree

from egovdocs.content import Person
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable, ForgedResponse
from egovdocs.integrations.gateway.xmlutil import UnexpectedStructure
from egovdocs.integrations.state_registers.persons_messages import NAMESPACE, parse_response

IIN = "910203450036"


def data(inner: str) -> etree._Element:
    return etree.fromstring(f'<data xmlns:n="{NAMESPACE}">{inner}</data>')


PERSON = f"""
<messageId>1</messageId>
<messageResult><code>00000</code><nameRu>Успешно</nameRu><nameKz>Сәтті</nameKz></messageResult>
<persons><person><iin>{IIN}</iin><surname>САПАРОВА</surname><name>АЙГЕРІМ</name>
<birthDate>1991-02-03+06:00</birthDate>
<gender><code>2</code><nameRu>женский</nameRu><nameKz>әйел</nameKz></gender>
<regAddress><country><code>398</code><nameRu>КАЗАХСТАН</nameRu><nameKz>ҚАЗАҚСТАН</nameKz></country>
<region><code>1931</code><nameRu>АКТАУ</nameRu><nameKz>АҚТАУ</nameKz></region>
<street>7 МКР</street><building>12</building><beginDate>2010-01-01</beginDate></regAddress>
</person></persons>"""


def test_a_person_is_parsed() -> None:
    found = parse_response(data(PERSON), IIN)
    assert found == Person(
        iin=IIN,
        surname="САПАРОВА",
        name="АЙГЕРІМ",
        patronymic="",
        born=date(1991, 2, 3),
        address_ru="КАЗАХСТАН, АКТАУ, 7 МКР, 12",
        address_kk="ҚАЗАҚСТАН, АҚТАУ, 7 МКР, 12",
    )


@pytest.mark.parametrize(
    ("inner", "error"),
    [
        (PERSON.replace("00000", "00099"), ExternalSystemUnavailable),
        (PERSON.replace(f"<iin>{IIN}", "<iin>860517300425"), ForgedResponse),
        (PERSON.replace("<surname>САПАРОВА</surname>", ""), UnexpectedStructure),
        (PERSON.replace("1991-02-03", "03.02.1991"), UnexpectedStructure),
        (PERSON.replace("</person>", "</person><person/>"), UnexpectedStructure),
        (PERSON.replace("САПАРОВА", "<b>САПАРОВА</b>"), UnexpectedStructure),
        ("", UnexpectedStructure),
    ],
)
def test_a_wrong_response_is_an_error_without_personal_data(inner: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        parse_response(data(inner), IIN)
    assert not re.search(r"\d{12}|САПАРОВА", str(caught.value))


def test_a_person_is_unknown_by_the_code_alone() -> None:
    assert parse_response(data("<messageResult><code>00001</code></messageResult>"), IIN) is None
