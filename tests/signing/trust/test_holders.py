"""Holders of certificates."""

from __future__ import annotations

import pytest
from cryptography.x509.oid import NameOID

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Role, holder


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("Корневой", algorithm="ec")


@pytest.fixture(scope="module")
def authority(root: Authority) -> Authority:
    return root.intermediate("НУЦ", algorithm="ec")


@pytest.fixture(scope="module")
def person(authority: Authority) -> IssuedKey:
    return authority.issue_person("Ахметов Ержан Серікұлы", "680503250034", algorithm="ec")


def test_a_person(person: IssuedKey) -> None:
    read = holder(person.certificate)
    assert (read.name, read.surname, read.patronymic) == (
        "АХМЕТОВ ЕРЖАН СЕРІКҰЛЫ",
        "АХМЕТОВ",
        "СЕРІКҰЛЫ",
    )
    assert (read.iin, read.bin, read.identifier) == ("680503250034", "", "680503250034")
    assert read.roles == {Role.NATURAL_PERSON}


def test_an_employee(authority: Authority) -> None:
    issued = authority.issue_employee(
        "Ким Анна", "760212350620", "ТОО «Шипа»", "940140000385", role=Role.FIRST_HEAD, algorithm="ec"
    )
    read = holder(issued.certificate)
    assert (read.name, read.organisation) == ("КИМ АННА", "ТОО «Шипа»")
    assert (read.iin, read.bin, read.identifier) == ("760212350620", "940140000385", "940140000385")
    assert read.roles == {Role.LEGAL_ENTITY, Role.FIRST_HEAD}


def test_an_information_system(authority: Authority) -> None:
    read = holder(authority.issue_system("Портал", "950341000052", algorithm="ec").certificate)
    assert (read.name, read.iin, read.identifier) == ("Портал", "", "950341000052")
    assert Role.INFORMATION_SYSTEM in read.roles


@pytest.mark.parametrize(
    ("subject", "iin", "bin"),
    [
        ({NameOID.SERIAL_NUMBER: "BIN940140000380"}, "", "940140000380"),
        ({NameOID.SERIAL_NUMBER: "IIN123456789011"}, "123456789011", ""),
        ({NameOID.SERIAL_NUMBER: "IIN12345678901"}, "", ""),
        ({NameOID.SERIAL_NUMBER: "680503250034"}, "", ""),
        ({NameOID.ORGANIZATIONAL_UNIT_NAME: "Отдел"}, "", ""),
    ],
)
def test_identifiers_are_read_by_shape(authority: Authority, subject: dict, iin: str, bin: str) -> None:
    read = holder(authority.issue(subject, [], algorithm="ec").certificate)
    assert (read.iin, read.bin) == (iin, bin)
