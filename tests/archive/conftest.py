"""A case that came to its end, in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import transaction
from tests.rendering import samples
from ZODB import DB

from egovdocs.archive import Exporter
from egovdocs.content import Case, CaseState, JournalEntry, Site, bootstrap, exclusive, open_database
from egovdocs.rendering import render_paper
from egovdocs.sandbox.authority import Authority
from egovdocs.signing import TrustStore, ValidationPolicy, sign

NOW = datetime.now(UTC)
LARGE = bytes(range(256)) * 1024


@dataclass(frozen=True)
class Shelf:
    """The case, and how it is exported."""

    case: Case
    signed: bytes
    exporter: Exporter
    policy: ValidationPolicy
    authority: Authority


@pytest.fixture(scope="session")
def signed_licence() -> tuple[bytes, Authority]:
    authority = Authority.create("Куәландырушы орталық", algorithm="ec")
    key = authority.issue_employee(
        "Қосанова Әйгүл Һамитқызы", "830717350867", "Управление", samples.PROVIDER["bin"], algorithm="ec"
    )
    return sign(samples.licence()[1], key.signer), authority


@pytest.fixture
def database(tmp_path: Path, signed_licence: tuple[bytes, Authority]) -> Iterator[DB]:
    """A site's database with one case that ended and a draft; closed, or for the test to close."""
    database = open_database(f"file://{tmp_path / 'database'}")
    with database.transaction() as connection:
        bootstrap(connection.root())
    manager = transaction.TransactionManager(explicit=True)
    connection = database.open(manager)
    manager.begin()
    fill(bootstrap(connection.root()), signed_licence[0])
    manager.commit()
    connection.close()
    yield database
    database.close()


def fill(site: Site, signed: bytes) -> None:
    exclusive(site)
    new = partial(
        Case,
        service="medical-licence",
        edition="2013-01-03",
        action="issue",
        channel="portal",
        provider=samples.PROVIDER["bin"],
        applicant=samples.APPLICANT["identifier"],
        account="940140000385",
        created_at=NOW - timedelta(days=1),
    )
    site["cases"].add(new())
    case = site["cases"].add(new())
    case.number, case.deadline, case.state = samples.REQUEST["number"], date(2026, 3, 27), CaseState.ISSUED
    case.closed_at = NOW
    site["cases"].reindex(case)
    case.attach("diploma", "диплом.pdf", b"%PDF-1.7 diploma", "application/pdf", NOW)
    case.attach("scan", "../../скан\u202e\n.png", LARGE, "image/png", NOW)
    case.attach("scan", "СКАН.png", b"another", "image/png", NOW)
    case.documents.add("licence", "licence.xml", signed, NOW, report={"indication": "TOTAL_PASSED"})
    case.journal.append(
        JournalEntry(
            step="P8", unit="applicant", actor="", started=NOW, ended=NOW, event="done", limit=timedelta(90)
        )
    )


@pytest.fixture
def shelf(database: DB, signed_licence: tuple[bytes, Authority]) -> Iterator[Shelf]:
    signed, authority = signed_licence
    manager = transaction.TransactionManager(explicit=True)
    connection = database.open(manager)
    manager.begin()
    case = bootstrap(connection.root())["cases"].by_number(samples.REQUEST["number"])
    policy = ValidationPolicy(trust=TrustStore([authority.certificate], [authority.crl()]))
    render = partial(
        render_paper,
        services=samples.services(),
        site_url="https://egov.example.kz",
        language="ru",
    )
    yield Shelf(case, signed, Exporter(policy=policy, render=render, organisation="Архив"), policy, authority)
    manager.abort()
    connection.close()
