"""The embedded registers of persons, entities and powers of attorney."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from egovdocs.content import Entity, Person, Site
from egovdocs.integrations.state_registers.csv_entries import CsvError
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters

PERSONS = """\
iin,surname,name,patronymic,born,address_ru,address_kk
680503250034,Ахметова,Айгүл,Серікқызы,1968-05-03,"г. Актау, 3 мкр., 5","Ақтау қ., 3 ықш., 5"
760212350620,Ли,Виктор,,1976-02-12,с. Мангистау,Маңғыстау а.
"""
ENTITIES = """\
bin,name_ru,name_kk,address_ru,address_kk,registered,head
940140000385,ТОО «Шипа»,«Шипа» ЖШС,г. Актау,Ақтау қ.,1994-01-20,680503250034
"""
POWERS = """\
number,principal,representative,issued,expires,revoked,notary,subject_ru,subject_kk
2026-1,940140000385,680503250034,2026-01-10,2026-12-31,,Нотариус,Лицензии,Лицензиялар
2026-2,680503250034,760212350620,2026-01-10,2026-12-31,2026-03-01,Нотариус,Прикрепление,Тіркелу
"""


@pytest.fixture
def registers(site: Site) -> EmbeddedRegisters:
    return EmbeddedRegisters(site)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "entries.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_persons_are_loaded(registers: EmbeddedRegisters, file: Path, encoding: str) -> None:
    file.write_text(PERSONS, encoding)
    assert registers.load("persons", file) == 2

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


def test_entities_are_loaded(registers: EmbeddedRegisters, file: Path) -> None:
    file.write_text(ENTITIES, "utf-8")
    assert registers.load("entities", file) == 1
    entity = registers.entity("940140000385")
    assert isinstance(entity, Entity)
    assert (entity.name_ru, entity.name_kk, entity.head) == ("ТОО «Шипа»", "«Шипа» ЖШС", "680503250034")
    assert registers.entity("950341000052") is None


def test_powers_of_attorney_are_loaded(registers: EmbeddedRegisters, file: Path) -> None:
    file.write_text(POWERS, "utf-8")
    assert registers.load("powers", file) == 2
    power = registers.power_of_attorney("2026-1", "940140000385", "680503250034")
    assert power is not None
    days = [date(2026, 1, 9), date(2026, 1, 10), date(2026, 12, 31), date(2027, 1, 1)]
    assert [power.in_force(day) for day in days] == [False, True, True, False]
    revoked = registers.power_of_attorney("2026-2", "680503250034", "760212350620")
    assert revoked is not None
    assert revoked.in_force(date(2026, 2, 28))
    assert not revoked.in_force(date(2026, 3, 1))


def test_a_power_of_attorney_is_found_only_with_both_parties(
    registers: EmbeddedRegisters, file: Path
) -> None:
    assert registers.power_of_attorney("2026-1", "940140000385", "680503250034") is None
    file.write_text(POWERS, "utf-8")
    registers.load("powers", file)
    assert registers.power_of_attorney("2026-1", "940140000385", "760212350620") is None
    assert registers.power_of_attorney("2026-1", "950341000052", "680503250034") is None
    assert registers.power_of_attorney("2026-3", "940140000385", "680503250034") is None


def test_a_repeated_load_replaces_entries(registers: EmbeddedRegisters, file: Path) -> None:
    file.write_text(ENTITIES, "utf-8")
    registers.load("entities", file)
    file.write_text(ENTITIES.replace("Шипа", "Емхана"), "utf-8")
    registers.load("entities", file)
    entity = registers.entity("940140000385")
    assert entity is not None
    assert entity.name_ru == "ТОО «Емхана»"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (PERSONS.replace("iin,", "IIN,"), "line 1: the columns must be"),
        (PERSONS.replace("680503250034", "680503250035"), "line 2: iin .* check digit is wrong"),
        (PERSONS.replace("1976-02-12", "12.02.1976"), "line 3: born is not a date"),
        (PERSONS.replace("Ли", ""), "line 3: surname is empty"),
        (PERSONS.replace(",с. Мангистау", ""), "line 3: the number of columns differs"),
        (PERSONS.replace("с. Мангистау", "a,b"), "line 3: the number of columns differs"),
        (PERSONS.replace(",", ";"), "separated by commas"),
        (PERSONS + PERSONS.splitlines()[1] + "\n", "line 4: the same entry as in line 2"),
        ("", "line 1"),
    ],
)
def test_an_error_names_its_line(registers: EmbeddedRegisters, file: Path, wrong: str, message: str) -> None:
    file.write_text(wrong, "utf-8")
    with pytest.raises(CsvError, match=message):
        registers.load("persons", file)
    assert registers.person("680503250035") is None


def test_another_encoding_is_named(registers: EmbeddedRegisters, file: Path) -> None:
    file.write_bytes(PERSONS.encode("utf-16"))
    with pytest.raises(CsvError, match="UTF-8"):
        registers.load("persons", file)
