"""A half-written last transaction is cut off, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ZODB import DB

from egovdocs.content import DatabaseError, mend, open_database


@pytest.fixture
def torn_file(database: DB, folder: Path, tmp_path: Path) -> tuple[Path, int, int]:
    """A closed copy of a database, and the positions of its last transaction's start and end."""
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
def test_a_power_loss_is_mended(torn_file: tuple[Path, int, int], written: int) -> None:
    folder, start, end = torn_file
    data = folder / "data.fs"
    half_written = data.read_bytes()[: start + written].ljust(end, b"\0")
    data.write_bytes(half_written)

    assert mend(folder) == end - start
    assert (folder / "data.fs.cut").read_bytes() == half_written[start:]
    assert mend(folder) == 0
    database = open_database(f"file://{folder}")
    with database.transaction() as connection:
        assert len(connection.root()["site"].outbox) == 0
    database.close()


def test_other_damage_is_not_mended(torn_file: tuple[Path, int, int]) -> None:
    folder, start, _end = torn_file
    data = bytearray((folder / "data.fs").read_bytes())
    data[start + 8 : start + 16] = bytes(8)
    (folder / "data.fs").write_bytes(data)
    with pytest.raises(DatabaseError, match="restore a copy"):
        mend(folder)
    assert (folder / "data.fs").read_bytes() == data


def test_a_whole_database_is_left_as_it_is(torn_file: tuple[Path, int, int]) -> None:
    folder, _start, end = torn_file
    assert mend(folder) == 0
    assert (folder / "data.fs").stat().st_size == end


def test_opening_names_the_remedy(torn_file: tuple[Path, int, int]) -> None:
    folder, start, end = torn_file
    data = folder / "data.fs"
    data.write_bytes(data.read_bytes()[: start + 200].ljust(end, b"\0"))
    with pytest.raises(DatabaseError, match="mend it"):
        open_database(f"file://{folder}")
