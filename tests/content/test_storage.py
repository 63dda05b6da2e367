"""The database on the disk: it trusts no file, keeps what it acknowledged, and can be mended."""

from __future__ import annotations

import os
import pickle
import shutil
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

from egovdocs.content import Case, DatabaseError, Site, bootstrap, exclusive, open_database
from egovdocs.content import storage as module
from egovdocs.content.storage import mend, pack_database
from egovdocs.content.stored import STORED, ForbiddenClass, check_record

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Command:
    """What it does when it is loaded: run a command."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.trace),)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "it-ran"


def strangers_database(folder: Path, **root: Any) -> None:
    folder.mkdir()
    database = ZODB.DB(FileStorage(str(folder / "data.fs"), blob_dir=str(folder / "blobs")))
    with database.transaction() as connection:
        connection.root().update(root)
    database.close()


@pytest.mark.parametrize("place", ["root", "deeper"])
def test_a_strangers_database_runs_no_code(folder: Path, trace: Path, place: str) -> None:
    evil = Command(trace)
    strangers_database(folder, **{place: evil if place == "root" else PersistentMapping(evil=evil)})
    database = open_database(f"file://{folder}")
    try:
        with pytest.raises(StateLoadError) as refused, database.transaction() as connection:
            dict(connection.root()[place])
        assert isinstance(refused.value.__cause__, ForbiddenClass)
    finally:
        database.close()
    assert not trace.exists()


def test_a_strangers_index_runs_no_code(folder: Path, trace: Path) -> None:
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


def test_a_conflict_over_a_strangers_record_runs_no_code(folder: Path, trace: Path) -> None:
    # The tree is honest when it is loaded; what it conflicts with is put in behind the database's back.
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
    honest = storage.loadSerial
    evil = pickle.dumps(type(names), 2) + pickle.dumps(Command(trace), 2)
    storage.loadSerial = lambda oid, serial: evil if oid == names._p_oid else honest(oid, serial)
    with pytest.raises(ForbiddenClass):
        manager.commit()
    storage.loadSerial = honest
    manager.abort()
    connection.close()
    database.close()
    assert not trace.exists()


class NotKept(Persistent):
    pass


def test_what_could_not_be_read_back_is_not_kept(
    site: Site, commit: Callable[[Any], None], new_case: Callable[..., Case]
) -> None:
    site.counters["not kept"] = NotKept()
    with pytest.raises(ForbiddenClass, match="NotKept"):
        commit(site)
    site._p_jar.transaction_manager.abort()
    site._p_jar.transaction_manager.begin()
    assert "not kept" not in site.counters


@pytest.mark.parametrize("name", ["builtins eval", "os system", "egovdocs.content.storage mend"])
def test_functions_are_not_on_the_list(name: str) -> None:
    module_name, attribute = name.encode().split()
    with pytest.raises(ForbiddenClass):
        check_record(b"c" + module_name + b"\n" + attribute + b"\n.N.")


def test_only_classes_are_on_the_list() -> None:
    assert all(isinstance(kept, type) for kept in STORED)


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
def test_a_database_in_use_says_so(folder: Path) -> None:
    with pytest.raises(DatabaseError, match="in use"):
        open_database(f"file://{folder}")
    with pytest.raises(DatabaseError, match="in use"):
        mend(folder)


@pytest.mark.usefixtures("database")
def test_the_folder_is_closed_to_others(folder: Path) -> None:
    assert folder.stat().st_mode & 0o077 == 0


def test_the_index_is_saved_without_closing(
    site: Site, commit: Callable[[Any], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = folder / "data.fs.index"
    old = index.read_bytes()
    site.outbox.put("nothing")
    commit(site)
    assert index.read_bytes() == old, "not at every commit"

    monkeypatch.setattr(module, "INDEX_SAVED_EVERY", 0.0)
    site.outbox.put("nothing")
    commit(site)
    assert index.read_bytes() != old


def test_a_blob_and_its_folders_are_on_the_disk_before_the_commit(
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


@pytest.fixture
def halves(database: ZODB.DB, folder: Path, tmp_path: Path) -> tuple[Path, int, int]:
    """A closed copy of a database, and where its last transaction begins and ends."""
    data = folder / "data.fs"
    start = data.stat().st_size
    with database.transaction() as connection:
        connection.root()["site"].outbox.put("last", text="x" * 500)
    end = data.stat().st_size
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(data, copy / "data.fs")
    return copy, start, end


@pytest.mark.parametrize("written", [0, 10, 200])
def test_a_power_loss_is_mended(halves: tuple[Path, int, int], written: int) -> None:
    folder, start, end = halves
    data = folder / "data.fs"
    torn = data.read_bytes()[: start + written].ljust(end, b"\0")
    data.write_bytes(torn)

    assert mend(folder) == end - start
    assert (folder / "data.fs.cut").read_bytes() == torn[start:]
    assert mend(folder) == 0
    database = open_database(f"file://{folder}")
    with database.transaction() as connection:
        assert len(connection.root()["site"].outbox) == 0
    database.close()


def test_other_damage_is_not_mended(halves: tuple[Path, int, int]) -> None:
    folder, start, _end = halves
    data = bytearray((folder / "data.fs").read_bytes())
    data[start + 8 : start + 16] = bytes(8)
    (folder / "data.fs").write_bytes(data)
    with pytest.raises(DatabaseError, match="restore a copy"):
        mend(folder)
    assert (folder / "data.fs").read_bytes() == data


def test_a_sound_database_needs_no_mending(halves: tuple[Path, int, int]) -> None:
    folder, _start, end = halves
    assert mend(folder) == 0
    assert (folder / "data.fs").stat().st_size == end


def test_what_cannot_be_opened_says_what_to_do(halves: tuple[Path, int, int]) -> None:
    folder, start, end = halves
    data = folder / "data.fs"
    data.write_bytes(data.read_bytes()[: start + 200].ljust(end, b"\0"))
    with pytest.raises(DatabaseError, match="mend it"):
        open_database(f"file://{folder}")
