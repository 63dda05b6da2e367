from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import transaction

from egovdocs.content import Site, bootstrap, open_database


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    database = open_database(f"file://{tmp_path / 'site'}")
    manager = transaction.TransactionManager(explicit=True)
    connection = database.open(manager)
    manager.begin()
    site = bootstrap(connection.root())
    manager.commit()
    manager.begin()
    yield site
    manager.abort()
    connection.close()
    database.close()
