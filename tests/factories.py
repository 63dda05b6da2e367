"""Makes what tests need: keys and people, pages of forms, files, entries of the registers."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from egovdocs.content import (
    Entity,
    Person,
    PowerOfAttorney,
    Site,
)
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Role, TrustStore, ValidationPolicy

APPLICANT = "680503250034"
ANOTHER = "760212350620"
COMPANY = "070941024691"
PROVIDER = "940140000385"
PASSWORD = "correct horse battery"
START = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)  # Monday, 10:00 in Aqtau
YEAR = timedelta(days=365)

PAGES = {
    "applicant": {"address": {"region": "47", "locality": "Актау", "street": "12-й мкр, 5, 17"}},
    "activities": {"activity": ["therapy", "general-practice"]},
    "sites": {
        "site": [
            {
                "name": "Кабинет",
                "address": {"region": "47", "locality": "Актау", "street": "7-й мкр, 1"},
            }
        ]
    },
    "contacts": {"phone": "+7 729 212 34 56", "email": "ivanova@example.kz"},
    "declarations": {"truthful": True, "mayPractise": True, "personalData": True},
}

ADDRESS_RU = "Мангистауская область, г. Актау, 7 мкр., д. 12, кв. 45"
ADDRESS_KK = "Маңғыстау облысы, Ақтау қ., 7 ықш., 12 үй, 45 пәтер"


def png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "PNG")
    return out.getvalue()


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Keys:
    """The authority and the keys of everybody."""

    root: Authority
    authority: Authority
    applicant: IssuedKey
    another: IssuedKey
    expired: IssuedKey
    stranger: IssuedKey
    company: IssuedKey
    accountant: IssuedKey
    signatory: IssuedKey
    colleague: IssuedKey
    clerk: IssuedKey
    foreign_signatory: IssuedKey
    seal: IssuedKey
    bank: IssuedKey

    def employee(self, name: str, bin: str, role: Role = Role.EMPLOYEE, iin: str = ANOTHER) -> IssuedKey:
        """A key of somebody who works for an organisation."""
        return issue_employee(self.authority, name, bin, role, iin)

    def policy(self, *revoked: IssuedKey) -> ValidationPolicy:
        """The site's policy; these keys are revoked."""
        authority = replace(self.authority, revoked={})
        for key in revoked:
            authority.revoke(key.certificate, START - YEAR / 12)
        lists = [a.crl(START - YEAR / 12, START + YEAR) for a in (self.root, authority)]
        return ValidationPolicy(trust=TrustStore.load([self.root.certificate], lists))


def issue_employee(
    authority: Authority, name: str, bin: str, role: Role = Role.EMPLOYEE, iin: str = ANOTHER
) -> IssuedKey:
    first = START - YEAR / 2
    return authority.issue_employee(
        name, iin, "Организация", bin, role=role, algorithm="ec", not_before=first, not_after=first + YEAR
    )


def make_keys() -> Keys:
    """Make the authority and the keys of everybody."""
    root = Authority.create("Root", algorithm="ec", not_before=START - 3 * YEAR)
    authority = root.intermediate("Authority", algorithm="ec", not_before=START - 2 * YEAR)
    stranger = Authority.create("Stranger", algorithm="ec", not_before=START - 2 * YEAR)

    def person(name: str, iin: str, by: Authority = authority, ago: timedelta = YEAR / 2) -> IssuedKey:
        first = START - ago
        return by.issue_person(name, iin, algorithm="ec", not_before=first, not_after=first + YEAR)

    def employee(name: str, bin: str, role: Role) -> IssuedKey:
        return issue_employee(authority, name, bin, role)

    return Keys(
        root=root,
        authority=authority,
        applicant=person("ИВАНОВА АННА ПЕТРОВНА", APPLICANT),
        another=person("АХМЕТОВ БАУЫРЖАН", ANOTHER),
        expired=person("ИВАНОВА АННА ПЕТРОВНА", APPLICANT, ago=YEAR * 1.1),
        stranger=person("ИВАНОВА АННА ПЕТРОВНА", APPLICANT, by=stranger),
        company=employee("ДИРЕКТОРОВ ДАМИР", COMPANY, Role.FIRST_HEAD),
        accountant=employee("СЧЕТОВА САУЛЕ", COMPANY, Role.FINANCIAL_RIGHT),
        signatory=employee("НАЧАЛЬНИКОВ НУРЛАН", PROVIDER, Role.FIRST_HEAD),
        colleague=employee("ЗАМЕСТОВА ЗАРИНА", PROVIDER, Role.RIGHT_TO_SIGN),
        clerk=employee("РЯДОВОЙ РУСЛАН", PROVIDER, Role.EMPLOYEE),
        foreign_signatory=employee("ЧУЖОЙ ЧИНГИЗ", COMPANY, Role.FIRST_HEAD),
        seal=authority.issue_system("egovdocs", PROVIDER, algorithm="ec", not_before=START - YEAR / 2),
        bank=authority.issue_system("Bank", COMPANY, algorithm="ec"),
    )


def certificates(key: IssuedKey) -> list[bytes]:
    """The certificate and its issuers, as a browser sends them."""
    return [c.public_bytes(Encoding.DER) for c in (key.certificate, *key.signer.chain)]


def fill_registers(site: Site) -> None:
    """A person, an organisation, and who may act for it, in the state's registers."""
    entries = EmbeddedRegisters(site)._registers.entries
    people = {APPLICANT: ("Иванова", "Анна", "Петровна"), ANOTHER: ("Ахметов", "Бауыржан", "")}
    entries("persons").update(
        Person(
            iin=iin,
            surname=names[0],
            name=names[1],
            patronymic=names[2],
            born=date(1968, 5, 3),
            address_ru=ADDRESS_RU,
            address_kk=ADDRESS_KK,
        )
        for iin, names in people.items()
    )
    entries("entities").update(
        [
            Entity(
                bin=COMPANY,
                name_ru="ТОО «Шипа»",
                name_kk="«Шипа» ЖШС",
                address_ru="Мангистауская область, Мунайлинский район, с. Мангистау, ул. Абая, 15",
                address_kk="Маңғыстау облысы, Мұнайлы ауданы, Маңғыстау а., Абай к-сі, 15",
                registered=date(2007, 9, 1),
                head=ANOTHER,
            )
        ]
    )
    power = PowerOfAttorney(
        number="2026-1",
        principal=COMPANY,
        representative=ANOTHER,
        issued=date(2026, 1, 1),
        expires=date(2026, 12, 31),
        revoked=None,
        notary="Нотариус",
        subject_ru="Представлять",
        subject_kk="Өкілдік ету",
    )
    ended = replace(power, number="2025-1", issued=date(2025, 1, 1), expires=date(2025, 12, 31))
    entries("powers").update([power, ended])
