"""A second edition of the medical licence, made from the first one; and services changed for a test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from egovdocs.schemas import Service, ServiceEdition, Services
from egovdocs.schemas.xml_files import SERVICES

FIRST = "2013-01-03"
MEDICAL_LICENCE = "medical-licence"

RENAMED = ("therapy", "internal-medicine")
REMOVED = "palliative-care"
ADDED_GROUND = "register-error"

_LABEL = """<xs:annotation>
          <xs:documentation xml:lang="ru">{ru}</xs:documentation>
          <xs:documentation xml:lang="kk">{kk}</xs:documentation>
          <xs:documentation xml:lang="en">{en}</xs:documentation>
        </xs:annotation>"""
_ROOMS = _LABEL.format(ru="Число кабинетов", kk="Кабинеттер саны", en="Number of rooms")


def changed(services: Services, change: Callable[[ServiceEdition], ServiceEdition]) -> Services:
    """The services with each edition changed."""
    return Services(
        [Service(each.id, [change(edition) for edition in each]) for each in services.values()],
        services.common,
    )


def with_parts(services: Services, **parts: Any) -> Services:
    """The services with other parts, such as ``remarks``, in each edition."""
    return changed(services, lambda edition: replace(edition, **parts))


def write_second_edition(folder: Path, day: str) -> None:
    """Write editions of ``common`` and of the medical licence that are in force from a day on.

    A code is renamed and one removed; the tables are numbered anew; each site has a new field, which must be
    filled in; a fee, a number of working days and a limit of a step are others; an order has one ground more.

    :param folder: for the setting ``services``.
    """
    _write_common(folder / "common" / day)
    second = folder / MEDICAL_LICENCE / day
    shutil.copytree(SERVICES / MEDICAL_LICENCE / FIRST, second)
    for name in ("request.xsd", "outcome.xsd", "outcome.xsl"):
        _edit(second / name, (f"common/{FIRST}/", f"common/{day}/"))
    _edit(
        second / "activities.xsd",
        (f'value="{RENAMED[0]}"', f'value="{RENAMED[1]}"'),
        ("Терапия", "Внутренние болезни"),
        (">Internal medicine<", ">Internal diseases<"),
    )
    text = (second / "activities.xsd").read_text("utf-8")
    text, count = re.subn(
        rf' *<xs:enumeration value="{REMOVED}">.*?</xs:enumeration>\n', "", text, flags=re.S
    )
    assert count == 1
    (second / "activities.xsd").write_text(text, "utf-8")
    _edit(
        second / "request.xsd",
        (
            '      <xs:element name="address" type="req:Address">',
            f'      <xs:element name="rooms" type="req:Rooms">{_ROOMS}</xs:element>\n'
            '      <xs:element name="address" type="req:Address">',
        ),
        (
            '  <xs:complexType name="Site">',
            '  <xs:simpleType name="Rooms">\n    <xs:restriction base="xs:integer">\n'
            '      <xs:minInclusive value="1"/>\n    </xs:restriction>\n  </xs:simpleType>\n\n'
            '  <xs:complexType name="Site">',
        ),
    )
    _edit(
        second / "outcome.xsd",
        (
            '      <xs:element name="address" type="lic:Address">',
            f'      <xs:element name="rooms" type="lic:Code" minOccurs="0">{_ROOMS}</xs:element>\n'
            '      <xs:element name="address" type="lic:Address">',
        ),
    )
    _edit(
        second / "service.toml",
        (f'common = "{FIRST}"', f'common = "{day}"'),
        ("fee = { indices = 10 }", "fee = { indices = 12 }"),
        ("working_days = 15", "working_days = 8"),
        ('what = "fill-in", limit = "1.5 min"', 'what = "fill-in", limit = "20 min"'),
    )
    _renumber(second / "service.toml")
    with (second / "service.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[renamed.Activity]\n{RENAMED[0]} = "{RENAMED[1]}"\n')


def _write_common(folder: Path) -> None:
    shutil.copytree(SERVICES / "common" / FIRST, folder)
    with (folder / "order-grounds.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'\n[[resumption]]\ncode = "{ADDED_GROUND}"\ntitle.ru = "Ошибка реестра исправлена"\n'
            'title.kk = "Тізілім қатесі түзетілді"\ntitle.en = "An error of the register was corrected"\n'
        )


def _renumber(file: Path) -> None:
    """Give every step another number: P1 is P21, C1 is C21."""
    text = file.read_text("utf-8")
    text, count = re.subn(r'"([PC])([0-9]+)"', lambda found: f'"{found[1]}{int(found[2]) + 20}"', text)
    assert count > 50
    file.write_text(text, "utf-8")


def _edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text, (file, old)
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
