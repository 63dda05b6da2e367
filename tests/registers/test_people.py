"""The embedded registers of persons and entities, and licence numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from egovdocs.content import Entity, NotExclusive, Person, Site, exclusive
from egovdocs.registers import CsvError, EmbeddedLicenceNumbering, EmbeddedRegisters
from egovdocs.schemas.identifiers import is_licence_number

PERSONS = """\
iin,surname,name,patronymic,born,address_ru,address_kk
680503250034,Ахметова,Айгүл,Серікқызы,1968-05-03,"г. Актау, 3 мкр., 5","Ақтау қ., 3 ықш., 5"
760212350620,Ли,Виктор,,1976-02-12,с. Мангистау,Маңғыстау а.
"""
ENTITIES = """\
bin,name_ru,name_kk,address_ru,address_kk,registered,head
940140000385,ТОО «Шипа»,«Шипа» ЖШС,г. Актау,Ақтау қ.,1994-01-20,680503250034
"""


@pytest.fixture
def registers(site: Site) -> EmbeddedRegisters:
    return EmbeddedRegisters(site)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "entries.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_persons_come_from_csv(registers: EmbeddedRegisters, file: Path, encoding: str) -> None:
    file.write_text(PERSONS, encoding)
    assert registers.load_persons(file) == 2

    person = registers.person("680503250034")
    assert person == Person(
        iin="680503250034",
        surname="Ахметова",
        name="Айгүл",
        patronymic="Серікқызы",
        born=date(1968, 5, 3),
        address_ru="г. Актау, 3 мкр., 5",
        address_kk="Ақтау қ., 3 ықш., 5",
    )
    assert person.full_name == "Ахметова Айгүл Серікқызы"
    other = registers.person("760212350620")
    assert other is not None
    assert other.full_name == "Ли Виктор"
    assert registers.person("871008401427") is None


def test_entities_come_from_csv(registers: EmbeddedRegisters, file: Path) -> None:
    file.write_text(ENTITIES, "utf-8")
    assert registers.load_entities(file) == 1
    entity = registers.entity("940140000385")
    assert isinstance(entity, Entity)
    assert (entity.name_ru, entity.name_kk, entity.head) == ("ТОО «Шипа»", "«Шипа» ЖШС", "680503250034")
    assert registers.entity("950341000052") is None


def test_loading_again_replaces(registers: EmbeddedRegisters, file: Path) -> None:
    file.write_text(ENTITIES, "utf-8")
    registers.load_entities(file)
    file.write_text(ENTITIES.replace("Шипа", "Емхана"), "utf-8")
    registers.load_entities(file)
    entity = registers.entity("940140000385")
    assert entity is not None
    assert entity.name_ru == "ТОО «Емхана»"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (PERSONS.replace("iin,", "IIN,"), "line 1: the columns wanted"),
        (PERSONS.replace("680503250034", "680503250035"), "line 2: 680503250035 has a wrong check digit"),
        (PERSONS.replace("1976-02-12", "12.02.1976"), "line 3"),
        (PERSONS.replace(",с. Мангистау", ""), "line 3: another number of columns"),
        (PERSONS.replace("с. Мангистау", "a,b"), "line 3: another number of columns"),
        ("", "line 1"),
    ],
)
def test_a_mistake_names_its_line(registers: EmbeddedRegisters, file: Path, wrong: str, message: str) -> None:
    file.write_text(wrong, "utf-8")
    with pytest.raises(CsvError, match=message):
        registers.load_persons(file)


def test_licences_are_numbered_one_after_the_other(site: Site) -> None:
    exclusive(site)
    numbering = EmbeddedLicenceNumbering()
    numbers = [numbering.next_licence_number(site, series) for series in ("LAM", "LAM", "LAA")]
    assert all(is_licence_number(number) for number in numbers)
    assert [number[4:] for number in numbers] == ["LAM00000001", "LAM00000002", "LAA00000001"]


def test_a_licence_number_needs_the_lock(site: Site) -> None:
    with pytest.raises(NotExclusive):
        EmbeddedLicenceNumbering().next_licence_number(site, "LAM")
