"""An office over a real database, with an authority, people and keys, at a moment of our choosing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from threading import Barrier, Thread

import pytest
import transaction
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image
from ZODB import DB

from egovdocs.casework.accounts.add_staff import add_staff
from egovdocs.casework.accounts.log_in import log_in
from egovdocs.casework.accounts.register_applicant import new_challenge
from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.office import Office
from egovdocs.casework.outcomes.decide_case import grant_case
from egovdocs.casework.outcomes.issue_outcome import offer_outcome
from egovdocs.casework.payments.pay_fee import receive_payment_notice, start_payment
from egovdocs.casework.requests.attach_file import attach_file
from egovdocs.casework.requests.open_case import open_case
from egovdocs.casework.requests.save_page import save_page
from egovdocs.casework.requests.submit_request import offer_request
from egovdocs.casework.review.review_case import claim_case, set_checklist
from egovdocs.casework.signatures.sign_document import complete_signing, prepare_signing
from egovdocs.casework.verification.examine_document import Verdict, examine_document
from egovdocs.content import (
    Account,
    Case,
    Entity,
    JournalEntry,
    Person,
    PowerOfAttorney,
    Signing,
    Site,
    bootstrap,
    open_database,
)
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedBank, EmbeddedPaymentGateway
from egovdocs.integrations.payments.payment_port import PaymentNotice
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.schemas import Service, load_services
from egovdocs.signing import Role, TrustStore, ValidationPolicy, prepare

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


@pytest.fixture(scope="session")
def keys() -> Keys:
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


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    module = import_module("egovdocs.casework.accounts.log_in")
    monkeypatch.setattr(module, "HASHER", hasher)
    monkeypatch.setattr(module, "_NOBODYS_HASH", hasher.hash("nobody's password"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[DB]:
    database = open_database(f"file://{tmp_path}/site")
    with database.transaction() as connection:
        bootstrap(connection.root())
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def services() -> Mapping[str, Service]:
    return load_services()


@pytest.fixture
def office(keys: Keys, clock: Clock, services: Mapping[str, Service]) -> Office:
    policy = keys.policy()
    return Office(
        services=services,
        calendar=WorkingCalendar(),
        seal=keys.seal.signer,
        policy=lambda: policy,
        payments=EmbeddedPaymentGateway(keys.bank.certificate, "https://portal.example"),
        monthly_index={date(2025, 1, 1): Decimal(3932)},
        site_url="https://portal.example",
        two_person_rule=False,  # most of these tests have one person at the provider's
        clock=clock,
    )


def certificates(key: IssuedKey) -> list[bytes]:
    """The certificate and its issuers, as a browser sends them."""
    return [c.public_bytes(Encoding.DER) for c in (key.certificate, *key.signer.chain)]


@dataclass
class World:
    """The site as one request's connection sees it, and how the people of these tests act on it."""

    office: Office
    keys: Keys
    clock: Clock
    site: Site
    manager: transaction.TransactionManager
    accounts: dict[str, Account] = field(default_factory=dict)

    def commit(self) -> None:
        self.manager.commit()
        self.manager.begin()

    def signed(self, document: bytes, key: IssuedKey) -> bytes:
        prepared = prepare(document, key.certificate, chain=key.signer.chain, at=self.clock())
        return prepared.complete(key.signer.sign(prepared.signed_info))

    def sign(self, signing: Signing, key: IssuedKey) -> Account | Case:
        """Sign in the browser."""
        certificate, *chain = certificates(key)
        prepared = prepare_signing(self.office, self.site, signing, certificate, chain)
        self.commit()
        return complete_signing(self.office, self.site, signing, key.signer.sign(prepared.signed_info))

    def register(self, key: IssuedKey) -> Account:
        signing = new_challenge(self.office, self.site, PASSWORD)
        self.commit()
        account = self.sign(signing, key)
        assert isinstance(account, Account)
        self.tick()
        return account

    def staff(self, login: str, *roles: str, provider: str = PROVIDER, iin: str | None = None) -> Account:
        account = add_staff(self.site, login, PASSWORD, login.title(), roles, provider, iin)
        self.commit()
        return account

    def draft(self, account: Account) -> Case:
        """A complete draft."""
        log_in(self.office, self.site, account.login, PASSWORD)
        self.commit()
        case = open_case(self.office, self.site, account, "medical-licence", "issue")
        for page, values in PAGES.items():
            assert save_page(self.office, case, page, values) == ()
        for kind in ("premises", "sanitary-conclusion", "equipment", "staff"):
            attach_file(self.office, case, kind, f"{kind}.png", png())
        self.tick()
        return case

    def pay(self, case: Case) -> None:
        start_payment(self.office, self.site, case)
        self.tick()
        receive_payment_notice(self.office, self.site, self.notice(case))

    def notice(self, case: Case, amount: str = "39320", key: IssuedKey | None = None) -> bytes:
        assert case.payment is not None
        bank = EmbeddedBank((key or self.keys.bank).signer)
        return bank.sign_notice(
            PaymentNotice(
                reference=case.payment.reference,
                amount=Decimal(amount),
                currency="KZT",
                paid_at=self.clock(),
                transaction="T-1",
            )
        )

    def submit(self, case: Case, key: IssuedKey) -> Case:
        account = self.site["accounts"][case.account]
        signing = offer_request(self.office, self.site, case, account)
        self.tick()
        result = self.sign(signing, key)
        assert isinstance(result, Case)
        return result

    def submitted(self) -> Case:
        """A registered request."""
        case = self.draft(self.register(self.keys.applicant))
        self.pay(case)
        return self.submit(case, self.keys.applicant)

    def granted(self, officer: Account) -> Case:
        """A request that was decided to be granted."""
        case = self.submitted()
        claim_case(self.office, self.site, case, officer)
        self.tick()
        return self.grant(case, officer)

    def grant(self, case: Case, officer: Account) -> Case:
        """Decide a case under review: every requirement is met."""
        requirements = self.office.services[case.service].requirements
        set_checklist(self.office, case, officer, {r.code: True for r in requirements})
        return grant_case(self.office, self.site, case, officer)

    def issue(self, case: Case, signatory: Account, key: IssuedKey | None = None) -> Case:
        """Sign the outcome of a decided case."""
        signing = offer_outcome(self.office, self.site, case, signatory)
        self.sign(signing, key or self.keys.signatory)
        return case

    def is_genuine(self, document: bytes) -> bool:
        finding = examine_document(self.office, self.site, document)
        return finding.verdict is Verdict.GENUINE

    def tick(self) -> None:
        """A minute passes, and what was done is kept."""
        self.clock.now += timedelta(minutes=1)
        self.commit()


@pytest.fixture
def connect(database: DB, office: Office, keys: Keys, clock: Clock) -> Iterator[Callable[[], World]]:
    """Makes worlds, each with a connection of its own, as each request has."""
    opened = []

    def connect() -> World:
        manager = transaction.TransactionManager(explicit=True)
        connection = database.open(manager)
        manager.begin()
        opened.append((manager, connection))
        return World(office, keys, clock, bootstrap(connection.root()), manager)

    yield connect
    for manager, connection in opened:
        manager.abort()
        connection.close()


@pytest.fixture
def world(connect: Callable[[], World]) -> World:
    return connect()


@pytest.fixture
def officer(world: World) -> Account:
    return world.staff("officer", "officer")


@pytest.fixture
def signatory(world: World) -> Account:
    return world.staff("signatory", "signatory")


@pytest.fixture
def register_entries(world: World) -> None:
    """A person, an organisation, and who may act for it, in the state's registers."""
    entries = EmbeddedRegisters(world.site)._registers.entries
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
    world.commit()


def steps(journal: Iterable[JournalEntry]) -> str:
    """A journal in short: ``P1 C1+ P3 P4 C2-``, the step it stands at in brackets."""
    marks = {"done": "", "yes": "+", "no": "-", "left": "?"}
    return " ".join(e.step + marks[e.event] if e.event else f"({e.step})" for e in journal)


def together(worlds: list[World], do: Callable[[World], str]) -> list[str]:
    """Do something on several connections at the same time."""
    barrier, results = Barrier(len(worlds)), []

    def run(world: World) -> None:
        barrier.wait(60)
        try:
            results.append(do(world))
        except Exception as problem:  # the test shows it
            results.append(repr(problem))

    threads = [Thread(target=run, args=(world,)) for world in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
