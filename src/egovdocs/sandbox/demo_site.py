"""Creation of the demo site: a certification authority, keys, accounts and register entries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.accounts.log_in import hash_password
from egovdocs.content import Account, evolve_database, open_database, pending_steps, site_in
from egovdocs.integrations.state_registers.csv_entries import ENTRY_TYPES
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.sandbox.demo_people import (
    CENTRE,
    CENTRE_BIN,
    CLINIC_BIN,
    CLINIC_NAME,
    KEY_HOLDERS,
    PASSWORD,
    PROVIDER,
    REGISTERS,
    STAFF,
    DemoKeyHolder,
)
from egovdocs.settings import Settings


def ensure_demo_site(settings: Settings, progress: Callable[[str], None]) -> None:
    """Create the missing parts of the demo site and a fresh revocation list.

    :param progress: called with a line of text before a slow step.
    """
    folder = settings.demo_folder
    authority_folder = folder / "authority"
    if not (authority_folder / "revoked.json").exists():
        progress("Creating the demo certification authority and keys …")
        _create_authority(settings)
    authority = Authority.load(authority_folder, PASSWORD)
    _create_personal_keys(authority, folder)
    _create_gateway_keys(authority, folder / "gateway")
    _create_timestamp_key(authority, settings)
    _publish_revocation_list(authority, settings.trust)
    _evolve(settings, progress)
    _create_content(settings)


def describe_logins(settings: Settings) -> str:
    """Return a text that lists the demo logins and key files, for the terminal."""
    keys = settings.demo_folder / "keys"
    rows = [f"  {person.file:15} {person.name}, {person.note}" for person in KEY_HOLDERS]
    accounts = [("log-in " + CLINIC_BIN, "the clinic, an applicant")]
    accounts += [("log-in " + one.login, ", ".join(one.roles)) for one in STAFF]
    return "\n".join(
        [
            "",
            f"Demo accounts (password of all: {PASSWORD})",
            *(f"  {login:24} {what}" for login, what in accounts),
            f"Demo keys in {keys}{'/'} (password of all: {PASSWORD})",
            *rows,
            "All people are made up, and only this site trusts the authority.",
            "",
        ]
    )


def _create_authority(settings: Settings) -> None:
    """Create the authority, its trust store, and the keys of the site and of its embedded bank."""
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


def _create_personal_keys(authority: Authority, folder: Path) -> None:
    """Create the missing key files of people."""
    keys = folder / "keys"
    keys.mkdir(exist_ok=True)
    for person in KEY_HOLDERS:
        if (keys / person.file).exists():
            continue
        issued = _issue(authority, person)
        if person.revoked:
            authority.revoke(issued.certificate, _in_days(-7))
            authority.save(folder / "authority", PASSWORD)
        (keys / person.file).write_bytes(issued.pkcs12(PASSWORD))


def _create_timestamp_key(authority: Authority, settings: Settings) -> None:
    """Create the key of the embedded time-stamping authority, if it is missing."""
    if settings.timestamp_key is None or settings.timestamp_key.exists():
        return
    issued = authority.issue_timestamping("ДЕМО НУЦ: служба меток времени")
    settings.timestamp_key.write_bytes(issued.pkcs12(settings.timestamp_password))


def _create_gateway_keys(authority: Authority, folder: Path) -> None:
    """Create keys and certificates of the gateway, of a site connected to it, and of a centre's system."""
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


def _issue(authority: Authority, person: DemoKeyHolder) -> IssuedKey:
    start, end = (_in_days(days) for days in person.validity)
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


def _evolve(settings: Settings, progress: Callable[[str], None]) -> None:
    """Bring the database of an earlier version's demo site to the present schema."""
    with closing(open_database(settings.database, any_version=True)) as database:
        for step in pending_steps(database):
            progress(f"Evolving the demo database: {step.title} …")
        evolve_database(database, lambda step, done, total: None)


def _create_content(settings: Settings) -> None:
    """Load the registers and create the missing accounts."""
    with closing(open_database(settings.database)) as database, site_in(database) as site:
        if CLINIC_BIN not in site.accounts:
            for register in ENTRY_TYPES:
                EmbeddedRegisters(site).load(register, REGISTERS / f"{register}.csv")
            clinic = Account(
                login=CLINIC_BIN,
                identifier=CLINIC_BIN,
                name=CLINIC_NAME,
                roles=["applicant"],
                password_hash=hash_password(PASSWORD, CLINIC_BIN),
            )
            site.accounts.add(clinic)
        for one in (staff for staff in STAFF if staff.login not in site.accounts):
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


def _publish_revocation_list(authority: Authority, trust: Path) -> None:
    """Publish a revocation list that is valid for thirty days; each start of the demo site publishes one."""
    new = trust / "crls" / "demo.crl.new"
    new.write_bytes(authority.crl(next_update=_in_days(30)))
    new.replace(trust / "crls" / "demo.crl")


def _in_days(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
