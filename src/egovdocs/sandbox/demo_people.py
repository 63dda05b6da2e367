"""The people and organisations of the demo site, all made up: key holders, staff, registers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from egovdocs.schemas import Text, load_services
from egovdocs.signing import Role

PASSWORD = "demonstration"  # noqa: S105 - printed at every start; protects nothing

SERVICES = load_services()
PROVIDER = SERVICES["medical-licence"].in_force(date.today()).provider
POLYCLINICS = SERVICES["clinic-attachment"].in_force(date.today()).provider
REGISTERS = Path(__file__).parent / "demo_registers"
CENTRE = Text(
    ru="Центр обслуживания населения города Актау",
    kk="Ақтау қаласының халыққа қызмет көрсету орталығы",
    en="Public service centre of the city of Aktau",
)
CENTRE_BIN = "131040001006"
CLINIC_BIN = "120540000567"
CLINIC_NAME = "ТОО «Шипа Клиника»"


@dataclass(frozen=True)
class DemoKeyHolder:
    """A person with a key file.

    :ivar file: the name of the key file.
    :ivar validity: of the certificate, in days from now.
    """

    file: str
    name: str
    iin: str
    note: str
    organisation: str = ""
    bin: str = ""
    role: Role | None = None
    validity: tuple[int, int] = (-30, 335)
    revoked: bool = False


KEY_HOLDERS = (
    DemoKeyHolder(
        "applicant.p12", "САПАРОВА АЙГЕРІМ МАРАТҚЫЗЫ", "910203450036", "a natural person, not yet registered"
    ),
    DemoKeyHolder(
        "clinic.p12",
        "ИСАЕВ ТИМУР АСҚАРҰЛЫ",
        "860517300425",
        "head of a clinic, registered",
        CLINIC_NAME,
        CLINIC_BIN,
        Role.FIRST_HEAD,
    ),
    DemoKeyHolder(
        "stranger.p12",
        "ОСПАНОВ ДӘУРЕН ЕРКІНҰЛЫ",
        "930609350794",
        "another person, whose key is not this applicant's",
    ),
    DemoKeyHolder(
        "expired.p12",
        "САПАРОВА АЙГЕРІМ МАРАТҚЫЗЫ",
        "910203450036",
        "expired last month",
        validity=(-400, -35),
    ),
    DemoKeyHolder(
        "revoked.p12", "САПАРОВА АЙГЕРІМ МАРАТҚЫЗЫ", "910203450036", "revoked last week", revoked=True
    ),
    DemoKeyHolder(
        "signatory.p12",
        "ӘБДІРАХМАНОВА ГҮЛНАР БОЛАТҚЫЗЫ",
        "680422400685",
        "authorised signatory of the provider",
        PROVIDER.title["ru"],
        PROVIDER.bin,
        Role.RIGHT_TO_SIGN,
    ),
    DemoKeyHolder(
        "employee.p12",
        "КИМ ВИКТОР АНДРЕЕВИЧ",
        "791108300210",
        "an employee of the provider who may not sign licences",
        PROVIDER.title["ru"],
        PROVIDER.bin,
        Role.EMPLOYEE,
    ),
    DemoKeyHolder(
        "physician.p12",
        "БЕКМАНОВА САУЛЕ ТИМУРҚЫЗЫ",
        "710923400338",
        "chief physician of the polyclinics",
        POLYCLINICS.title["ru"],
        POLYCLINICS.bin,
        Role.FIRST_HEAD,
    ),
    DemoKeyHolder(
        "registrar.p12",
        "ЕРМЕКОВА ДИНАРА АСҚАРҚЫЗЫ",
        "880704400510",
        "officer of the polyclinics, signs visitors' requests",
        POLYCLINICS.title["ru"],
        POLYCLINICS.bin,
        Role.EMPLOYEE,
    ),
    DemoKeyHolder(
        "operator.p12",
        "СЕЙІТОВА АРУЖАН БЕКБОЛАТҚЫЗЫ",
        "900412400517",
        "operator of the public service centre",
        CENTRE["ru"],
        CENTRE_BIN,
        Role.EMPLOYEE,
    ),
)


@dataclass(frozen=True)
class DemoStaff:
    """A member of staff who logs in with a login and the demo password."""

    login: str
    name: str
    iin: str
    roles: tuple[str, ...]
    provider: str | None = PROVIDER.bin
    organisation: Text | None = PROVIDER.title


_POLYCLINICS = (POLYCLINICS.bin, POLYCLINICS.title)
STAFF = (
    DemoStaff("officer", "Ким Виктор Андреевич", "791108300210", ("officer",)),
    DemoStaff("officer2", "Жумабаева Сауле Ерлановна", "881215400515", ("officer",)),
    DemoStaff("signatory", "Әбдірахманова Гүлнар Болатқызы", "680422400685", ("officer", "signatory")),
    DemoStaff("registrar", "Ермекова Динара Асқарқызы", "880704400510", ("officer",), *_POLYCLINICS),
    DemoStaff(
        "physician",
        "Бекманова Сауле Тимурқызы",
        "710923400338",
        ("officer", "signatory"),
        *_POLYCLINICS,
    ),
    DemoStaff("archivist", "Литвинова Ольга Петровна", "750701300442", ("archivist",), None, None),
    DemoStaff("operator", "Сейітова Аружан Бекболатқызы", "900412400517", ("operator",), CENTRE_BIN, CENTRE),
    DemoStaff("operator2", "Руденко Павел Ильич", "940615300613", ("operator",), CENTRE_BIN, CENTRE),
)
