"""The file back end trusts no file and keeps what it acknowledged."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import transaction
import ZODB
from persistent import Persistent
from persistent.mapping import PersistentMapping
from ZODB.FileStorage import FileStorage
from ZODB.POSException import StateLoadError

from egovdocs.content import (
    Case,
    DatabaseError,
    Site,
    bootstrap,
    exclusive,
    mend,
    open_database,
    pack_database,
)
from egovdocs.content.storage import file_backend
from egovdocs.content.storage.guard import ForbiddenClass

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Command:
    """Runs a command when it is loaded."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.trace),)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "command-ran"


def foreign_database(folder: Path, **root: Any) -> None:
    folder.mkdir()
    database = ZODB.DB(FileStorage(str(folder / "data.fs"), blob_dir=str(folder / "blobs")))
    with database.transaction() as connection:
        connection.root().update(root)
    database.close()


@pytest.mark.parametrize("place", ["root", "deeper"])
def test_a_database_from_elsewhere_runs_no_code(folder: Path, trace: Path, place: str) -> None:
    evil = Command(trace)
    foreign_database(folder, **{place: evil if place == "root" else PersistentMapping(evil=evil)})
    database = open_database(f"file://{folder}")
    try:
        with pytest.raises(StateLoadError) as refused, database.transaction() as connection:
            dict(connection.root()[place])
        assert isinstance(refused.value.__cause__, ForbiddenClass)
    finally:
        database.close()
    assert not trace.exists()


def test_an_index_from_elsewhere_runs_no_code(folder: Path, trace: Path) -> None:
    database = open_database(f"file://{folder}")
    with database.transaction() as connection:
        bootstrap(connection.root())
    database.close()
    (folder / "data.fs.index").write_bytes(pickle.dumps(4, 2) + pickle.dumps(Command(trace), 2))

    database = open_database(f"file://{folder}")
    with database.transaction() as connection:
        assert isinstance(connection.root()["site"], Site)
    database.close()
    assert not trace.exists()


def test_a_conflict_over_a_foreign_record_runs_no_code(folder: Path, trace: Path) -> None:
    # The tree is loaded before; the record that it conflicts with is replaced in the storage.
    database = open_database(f"file://{folder}")
    with database.transaction() as connection:
        bootstrap(connection.root())
    manager = transaction.TransactionManager(explicit=True)
    connection = database.open(manager)
    manager.begin()
    names = connection.root()["site"].idempotency._items
    names["ours"] = 1
    with database.transaction() as other:
        other.root()["site"].idempotency._items["theirs"] = 2
    storage = database.storage
    load_serial = storage.loadSerial
    evil = pickle.dumps(type(names), 2) + pickle.dumps(Command(trace), 2)
    storage.loadSerial = lambda oid, serial: evil if oid == names._p_oid else load_serial(oid, serial)
    with pytest.raises(ForbiddenClass):
        manager.commit()
    storage.loadSerial = load_serial
    manager.abort()
    connection.close()
    database.close()
    assert not trace.exists()


class NotStored(Persistent):
    pass


def test_what_could_not_be_loaded_is_not_stored(
    site: Site, commit: Callable[[Any], None], new_case: Callable[..., Case]
) -> None:
    site.counters["not stored"] = NotStored()
    with pytest.raises(ForbiddenClass, match="NotStored"):
        commit(site)
    site._p_jar.transaction_manager.abort()
    site._p_jar.transaction_manager.begin()
    assert "not stored" not in site.counters


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("postgresql://here/site", "not supported yet"),
        ("zeo://here", "file://FOLDER"),
        ("file://", "file://FOLDER"),
        ("var/site", "file://FOLDER"),
    ],
)
def test_other_addresses_are_refused(uri: str, message: str) -> None:
    with pytest.raises(DatabaseError, match=message):
        open_database(uri)


@pytest.mark.usefixtures("database")
def test_a_database_in_use_is_refused(folder: Path) -> None:
    with pytest.raises(DatabaseError, match="in use"):
        open_database(f"file://{folder}")
    with pytest.raises(DatabaseError, match="in use"):
        mend(folder)


@pytest.mark.usefixtures("database")
def test_only_the_owner_can_read_the_folder(folder: Path) -> None:
    assert folder.stat().st_mode & 0o077 == 0


def test_the_index_is_saved_without_closing(
    site: Site, commit: Callable[[Any], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = folder / "data.fs.index"
    old = index.read_bytes()
    site.outbox.put("nothing")
    commit(site)
    assert index.read_bytes() == old, "not at every commit"

    monkeypatch.setattr(file_backend, "INDEX_SAVED_EVERY", 0.0)
    site.outbox.put("nothing")
    commit(site)
    assert index.read_bytes() != old


def test_a_blob_and_its_folders_are_synced_before_the_commit(
    site: Site,
    commit: Callable[[Any], None],
    new_case: Callable[..., Case],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exclusive(site)
    case = site.cases.add(new_case())
    synced: list[Path] = []
    fsync = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(Path(f"/proc/self/fd/{handle}").readlink()), fsync(handle))
    )
    case.attach("diploma", "diploma.pdf", b"%PDF" + bytes(70_000), "application/pdf", NOW)
    assert synced
    assert synced[0].parent == folder / "blobs" / "tmp", "the bytes, before the lock of the commit"

    commit(site)
    (blob,) = (folder / "blobs").rglob("*.blob")
    expected = [blob, *(parent for parent in blob.parents if parent.is_relative_to(folder / "blobs"))]
    assert synced[1 : 1 + len(expected)] == expected
    assert not list((folder / "blobs" / "tmp").iterdir())


def test_packing_keeps_what_is_in_use(
    site: Site, commit: Callable[[Any], None], new_case: Callable[..., Case], folder: Path
) -> None:
    exclusive(site)
    case = site.cases.add(new_case())
    case.attach("diploma", "diploma.pdf", bytes(70_000), "application/pdf", NOW)
    for round_ in range(20):
        case.values["page"] = {"round": round_, "text": "x" * 1000}
        commit(site)
    before = (folder / "data.fs").stat().st_size

    pack_database(site._p_jar.db(), days=0)
    commit(site)
    assert (folder / "data.fs").stat().st_size < before / 2
    assert case.attachments[0].data == bytes(70_000)
    assert case.values["page"]["round"] == 19
