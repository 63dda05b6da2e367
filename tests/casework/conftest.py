"""An office over a real database, with an authority, people and keys, at a moment of our choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import transaction
from tests.factories import Clock, Keys, fill_registers, make_keys
from tests.shortcuts import cheap_passwords
from tests.worlds import CaseWorld
from ZODB import DB

from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.office import Office
from egovdocs.content import (
    Account,
    bootstrap,
    open_database,
)
from egovdocs.integrations.payments.embedded_payment_gateway import EmbeddedPaymentGateway
from egovdocs.schemas import Services, load_services


@pytest.fixture(scope="session")
def keys() -> Keys:
    return make_keys()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    cheap_passwords()


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
def services() -> Services:
    return load_services()


@pytest.fixture
def office(keys: Keys, clock: Clock, services: Services) -> Office:
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


@pytest.fixture
def connect(database: DB, office: Office, keys: Keys, clock: Clock) -> Iterator[Callable[[], CaseWorld]]:
    """Makes worlds, each with a connection of its own, as each request has."""
    opened = []

    def connect() -> CaseWorld:
        manager = transaction.TransactionManager(explicit=True)
        connection = database.open(manager)
        manager.begin()
        opened.append((manager, connection))
        return CaseWorld(office, keys, clock, bootstrap(connection.root()), manager)

    yield connect
    for manager, connection in opened:
        manager.abort()
        connection.close()


@pytest.fixture
def world(connect: Callable[[], CaseWorld]) -> CaseWorld:
    return connect()


@pytest.fixture
def officer(world: CaseWorld) -> Account:
    return world.staff("officer", "officer")


@pytest.fixture
def signatory(world: CaseWorld) -> Account:
    return world.staff("signatory", "signatory")


@pytest.fixture
def register_entries(world: CaseWorld) -> None:
    """A person, an organisation, and who may act for it, in the state's registers."""
    fill_registers(world.site)
    world.commit()
