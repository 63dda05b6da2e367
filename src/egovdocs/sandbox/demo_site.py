"""The demo site: a certification authority, people, keys, accounts and register entries, all made up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.accounts.log_in import hash_password
from egovdocs.content import Account, open_database, site_in
from egovdocs.integrations.state_registers.csv_entries import ENTRY_TYPES
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.schemas import Text, load_services
from egovdocs.settings import Settings
from egovdocs.signing import Role

PASSWORD = "demonstration"  # noqa: S105 - printed at every start; protects nothing

SERVICES = load_services()
PROVIDER = SERVICES["medical-licence"].provider
POLYCLINICS = SERVICES["clinic-attachment"].provider
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
class Person:
    """A made-up person and the key file they hold."""

    file: str
    name: str
    iin: str
    note: str
    organisation: str = ""
    bin: str = ""
    role: Role | None = None
    days: tuple[int, int] = (-30, 335)
    revoked: bool = False


PEOPLE = (
    Person(
        "applicant.p12", "САПАРОВА АЙГЕРІМ МАРАТҚЫЗЫ", "910203450036", "a natural person, not yet registered"
    ),
    Person(
        "clinic.p12",
        "ИСАЕВ ТИМУР АСҚАРҰЛЫ",
        "860517300425",
        "head of a clinic, registered",
        CLINIC_NAME,
        CLINIC_BIN,
        Role.FIRST_HEAD,
    ),
    Person(
        "stranger.p12", "ОСПАНОВ ДӘУРЕН ЕРКІНҰЛЫ", "930609350794", "another person: not this applicant's key"
    ),
    Person(
        "expired.p12", "САПАРОВА АЙГЕРІМ МАРАТҚЫЗЫ", "910203450036", "expired last month", days=(-400, -35)
    ),
    Person("revoked.p12", "САПАРОВА АЙГЕРІМ МАРАТҚЫЗЫ", "910203450036", "revoked last week", revoked=True),
    Person(
        "signatory.p12",
        "ӘБДІРАХМАНОВА ГҮЛНАР БОЛАТҚЫЗЫ",
        "680422400685",
        "authorised signatory of the provider",
        PROVIDER.title["ru"],
        PROVIDER.bin,
        Role.RIGHT_TO_SIGN,
    ),
    Person(
        "employee.p12",
        "КИМ ВИКТОР АНДРЕЕВИЧ",
        "791108300210",
        "an employee of the provider who may not sign licences",
        PROVIDER.title["ru"],
        PROVIDER.bin,
        Role.EMPLOYEE,
    ),
    Person(
        "physician.p12",
        "БЕКМАНОВА САУЛЕ ТИМУРҚЫЗЫ",
        "710923400338",
        "chief physician of the polyclinics",
        POLYCLINICS.title["ru"],
        POLYCLINICS.bin,
        Role.FIRST_HEAD,
    ),
    Person(
        "registrar.p12",
        "ЕРМЕКОВА ДИНАРА АСҚАРҚЫЗЫ",
        "880704400510",
        "officer of the polyclinics, signs what visitors ask for",
        POLYCLINICS.title["ru"],
        POLYCLINICS.bin,
        Role.EMPLOYEE,
    ),
    Person(
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
class Staff:
    """A member of staff who logs in with a login and the demo password."""

    login: str
    name: str
    iin: str
    roles: tuple[str, ...]
    provider: str | None = PROVIDER.bin
    organisation: Text | None = PROVIDER.title


CLINICS = (POLYCLINICS.bin, POLYCLINICS.title)
STAFF = (
    Staff("officer", "Ким Виктор Андреевич", "791108300210", ("officer",)),
    Staff("officer2", "Жумабаева Сауле Ерлановна", "881215400515", ("officer",)),
    Staff("signatory", "Әбдірахманова Гүлнар Болатқызы", "680422400685", ("officer", "signatory")),
    Staff("registrar", "Ермекова Динара Асқарқызы", "880704400510", ("officer",), *CLINICS),
    Staff(
        "physician",
        "Бекманова Сауле Тимурқызы",
        "710923400338",
        ("officer", "signatory"),
        *CLINICS,
    ),
    Staff("archivist", "Литвинова Ольга Петровна", "750701300442", ("archivist",), None, None),
    Staff("operator", "Сейітова Аружан Бекболатқызы", "900412400517", ("operator",), CENTRE_BIN, CENTRE),
    Staff("operator2", "Руденко Павел Ильич", "940615300613", ("operator",), CENTRE_BIN, CENTRE),
)


def ensure_demo_site(settings: Settings, progress: Callable[[str], None]) -> None:
    """Create what of the demo site is not there yet and publish a fresh revocation list.

    :param progress: told each step.
    """
    folder = settings.demo_folder
    authority_folder = folder / "authority"
    if not (authority_folder / "revoked.json").exists():
        progress("Making the demo certification authority and keys …")
        _make_keys(settings)
    authority = Authority.load(authority_folder, PASSWORD)
    _make_people(authority, folder)
    _make_gateway_keys(authority, folder / "gateway")
    _make_clock(authority, settings)
    _publish(authority, settings.trust)
    _make_content(settings)


def logins(settings: Settings) -> str:
    """The demo logins and where the keys lie, for the terminal."""
    keys = settings.demo_folder / "keys"
    rows = [f"  {person.file:15} {person.name}, {person.note}" for person in PEOPLE]
    accounts = [("log-in " + CLINIC_BIN, "the clinic, an applicant")]
    accounts += [("log-in " + one.login, ", ".join(one.roles)) for one in STAFF]
    return "\n".join(
        [
            "",
            f"Demo accounts (password of all: {PASSWORD})",
            *(f"  {login:24} {what}" for login, what in accounts),
            f"Demo keys in {keys}{'/'} (password of all: {PASSWORD})",
            *rows,
            "Everybody here is made up, and the authority is trusted by this site alone.",
            "",
        ]
    )


def _make_keys(settings: Settings) -> None:
    root = Authority.create("ДЕМО НУЦ: корневой центр")
    authority = root.intermediate("ДЕМО НУЦ: удостоверяющий центр")
    for folder in (settings.trust / "anchors", settings.trust / "crls", settings.seal_key.parent):
        folder.mkdir(parents=True, exist_ok=True)
    (settings.trust / "anchors" / "demo-root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (settings.trust / "crls" / "demo-root.crl").write_bytes(root.crl(next_update=_in_days(3650)))
    seal = authority.issue_system("egovdocs: печать портала", PROVIDER.bin, organisation=PROVIDER.title["ru"])
    settings.seal_key.write_bytes(seal.pkcs12(settings.seal_password))
    bank = authority.issue_system("Демо-банк: платёжный шлюз", "950140000347", organisation="АО «Демо-банк»")
    if settings.bank_certificate is not None:
        settings.bank_certificate.parent.mkdir(parents=True, exist_ok=True)
        settings.bank_certificate.write_bytes(bank.certificate.public_bytes(Encoding.PEM))
    if settings.bank_key is not None and settings.bank_password is not None:
        settings.bank_key.write_bytes(bank.pkcs12(settings.bank_password))
    authority.save(settings.demo_folder / "authority", PASSWORD)


def _make_people(authority: Authority, folder: Path) -> None:
    """The keys of people, of those too who have joined since the site was made."""
    keys = folder / "keys"
    keys.mkdir(exist_ok=True)
    for person in PEOPLE:
        if (keys / person.file).exists():
            continue
        issued = _issue(authority, person)
        if person.revoked:
            authority.revoke(issued.certificate, _in_days(-7))
            authority.save(folder / "authority", PASSWORD)
        (keys / person.file).write_bytes(issued.pkcs12(PASSWORD))


def _make_clock(authority: Authority, settings: Settings) -> None:
    """The key of the embedded time-stamping authority."""
    if settings.timestamp_key is None or settings.timestamp_key.exists():
        return
    issued = authority.issue_timestamping("ДЕМО НУЦ: служба меток времени")
    settings.timestamp_key.write_bytes(issued.pkcs12(settings.timestamp_password))


def _make_gateway_keys(authority: Authority, folder: Path) -> None:
    """A key and its certificate for the gateway, for a site that asks it, and for a centre's system."""
    folder.mkdir(parents=True, exist_ok=True)
    systems = {
        "gateway": ("Демо-ШЭП", "080641000131", "Демо-оператор шлюза"),
        "site": ("egovdocs: запросы", PROVIDER.bin, PROVIDER.title["ru"]),
        "centre": ("Демо-ИС ЦОН", CENTRE_BIN, CENTRE["ru"]),
    }
    for name, (system, bin, organisation) in systems.items():
        if (folder / f"{name}.p12").exists():
            continue
        key = authority.issue_system(system, bin, organisation=organisation)
        (folder / f"{name}.p12").write_bytes(key.pkcs12(PASSWORD))
        (folder / f"{name}.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
    (folder / "password").write_text(PASSWORD)


def _issue(authority: Authority, person: Person) -> IssuedKey:
    start, end = (_in_days(days) for days in person.days)
    if person.role is None:
        return authority.issue_person(person.name, person.iin, not_before=start, not_after=end)
    return authority.issue_employee(
        person.name,
        person.iin,
        person.organisation,
        person.bin,
        role=person.role,
        not_before=start,
        not_after=end,
    )


def _make_content(settings: Settings) -> None:
    with closing(open_database(settings.database)) as database, site_in(database) as site:
        if CLINIC_BIN not in site["accounts"]:
            for register in ENTRY_TYPES:
                EmbeddedRegisters(site).load(register, REGISTERS / f"{register}.csv")
            clinic = Account(
                login=CLINIC_BIN,
                identifier=CLINIC_BIN,
                name=CLINIC_NAME,
                roles=["applicant"],
                password_hash=hash_password(PASSWORD, CLINIC_BIN),
            )
            site["accounts"].add(clinic)
        for one in (staff for staff in STAFF if staff.login not in site["accounts"]):
            add_staff(
                site,
                one.login,
                PASSWORD,
                one.name,
                one.roles,
                provider=one.provider,
                iin=one.iin,
                organisation=one.organisation,
            )


def _publish(authority: Authority, trust: Path) -> None:
    """A list of revoked certificates lasts thirty days: each start of the demo site makes a new one."""
    new = trust / "crls" / "demo.crl.new"
    new.write_bytes(authority.crl(next_update=_in_days(30)))
    new.replace(trust / "crls" / "demo.crl")


def _in_days(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
