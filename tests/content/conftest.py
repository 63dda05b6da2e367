from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import transaction
from ZODB import DB

from egovdocs.content import Case, Site, bootstrap, open_database

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PROVIDER = "940140000385"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def database(folder: Path) -> Iterator[DB]:
    database = open_database(f"file://{folder}")
    with database.transaction() as connection:
        bootstrap(connection.root())
    yield database
    database.close()


@pytest.fixture
def connect(database: DB) -> Iterator[Callable[[], Site]]:
    """Opens connections as a request has them: each with an explicit transaction manager of its own."""
    opened: list[Any] = []

    def connect() -> Site:
        manager = transaction.TransactionManager(explicit=True)
        connection = database.open(manager)
        opened.append(connection)
        manager.begin()
        site: Site = connection.root()["site"]
        return site

    yield connect
    for connection in opened:
        connection.transaction_manager.get().abort()
        connection.close()


@pytest.fixture
def site(connect: Callable[[], Site]) -> Site:
    return connect()


@pytest.fixture
def commit() -> Callable[[Any], None]:
    """Commits what was done with an object's database, and goes on."""

    def commit(context: Any) -> None:
        context._p_jar.transaction_manager.commit()
        context._p_jar.transaction_manager.begin()

    return commit


@pytest.fixture
def new_case() -> Callable[..., Case]:
    def new_case(**changes: Any) -> Case:
        facts: dict[str, Any] = {
            "service": "medical-licence",
            "edition": "2013-01-03",
            "action": "issue",
            "channel": "portal",
            "provider": PROVIDER,
            "applicant": "680503250034",
            "account": "680503250034",
            "created_at": NOW,
        }
        return Case(**(facts | changes))

    return new_case
