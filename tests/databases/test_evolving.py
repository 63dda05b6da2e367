"""The database of an earlier version is refused, evolved by one command, and used from then on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.databases.conftest import KeptSite

from egovdocs.cli import main
from egovdocs.content import OlderDatabase, evolve_database, mend, open_database, pending_steps, site_in
from egovdocs.content.evolve import evolution
from egovdocs.content.evolve.former_names import FORMER_NAMES
from egovdocs.content.evolve.steps import STEPS
from egovdocs.content.site_database import GUARD
from egovdocs.content.storage.guard import ForbiddenClass
from egovdocs.sandbox.demo_site import ensure_demo_site

COMMAND = "egovdocs database evolve"


def run(site: KeptSite, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--config", str(site.config)])


def records(site: KeptSite) -> Iterator[bytes]:
    """The present record of each object."""
    with closing(open_database(site.uri, any_version=True)) as database:
        position, first = None, True
        while first or position is not None:
            first = False
            _oid, _tid, data, position = database.storage.record_iternext(position)
            yield data


def data_of(site: KeptSite) -> bytes:
    return (site.folder / "site" / "data.fs").read_bytes()


def test_it_is_refused_with_the_command(older: KeptSite) -> None:
    with pytest.raises(OlderDatabase, match=COMMAND):
        open_database(older.uri)
    checked = run(older, "database", "check")
    assert checked.exit_code == 1
    assert COMMAND in checked.output


def test_serve_stops_with_the_command(older: KeptSite) -> None:
    older.config.write_text(older.config.read_text().replace("egovdocs.demo = true", "egovdocs.demo = false"))
    before = data_of(older)
    served = run(older, "serve")
    assert served.exit_code == 1
    assert COMMAND in served.output
    assert data_of(older) == before


def test_the_demo_site_evolves_by_itself(older: KeptSite) -> None:
    said: list[str] = []
    ensure_demo_site(older.settings, said.append)
    assert [line for line in said if "Evolving" in line] == [
        f"Evolving the demo database: {step.title} …" for step in STEPS
    ]
    with closing(open_database(older.uri)) as database, site_in(database) as site:
        assert site.index_differences() == []
    said.clear()
    ensure_demo_site(older.settings, said.append)
    assert not any("Evolving" in line for line in said)


def test_a_dry_run_lists_the_steps_and_changes_nothing(older: KeptSite) -> None:
    before = data_of(older)
    listed = run(older, "database", "evolve", "--dry-run")
    assert listed.exit_code == 0, listed.output
    assert all(step.title in listed.output for step in STEPS)
    assert data_of(older) == before


def test_the_command_evolves_it_once(older: KeptSite) -> None:
    evolved = run(older, "database", "evolve")
    assert evolved.exit_code == 0, evolved.output
    assert all(step.title in evolved.output for step in STEPS)
    assert "up to date" in evolved.output
    assert run(older, "database", "check").output.endswith("0 differences.\n")
    before = data_of(older)
    again = run(older, "database", "evolve")
    assert again.output == "The database is up to date.\n"
    assert data_of(older) == before


def test_commands_that_need_no_objects_work_before(older: KeptSite) -> None:
    assert mend(older.folder / "site") == 0
    packed = run(older, "database", "pack", "--days", "0")
    assert packed.exit_code == 0, packed.output
    assert run(older, "database", "evolve").exit_code == 0
    assert run(older, "database", "check").exit_code == 0


def test_only_present_names_are_left(evolved: KeptSite) -> None:
    for data in records(evolved):
        GUARD.check(data)


def test_former_names_are_loaded_but_not_stored(older: KeptSite) -> None:
    """Of the databases kept so far, each has former names in nearly every record."""
    former = [data for data in records(older) if not GUARD.classes_in(data)[1].isdisjoint(FORMER_NAMES)]
    assert len(former) > 1000
    for data in former:
        with pytest.raises(ForbiddenClass):
            GUARD.check(data)


@pytest.mark.parametrize("transactions", [1, 2, 3])
def test_interrupted_and_continued_it_is_the_same(
    older: KeptSite, evolved: KeptSite, transactions: int
) -> None:
    """The records are compared octet by octet, but for the root's."""
    reported: list[int] = []

    def interrupt(step: object, done: int, total: int) -> None:
        reported.append(done)
        if len(reported) == transactions:
            raise KeyboardInterrupt

    opened = closing(open_database(older.uri, any_version=True))
    with pytest.raises(KeyboardInterrupt), opened as database:
        evolution.evolve(database, GUARD, STEPS, interrupt, batch=500)
    with closing(open_database(older.uri, any_version=True)) as database:
        assert pending_steps(database)
        evolve_database(database, lambda step, done, total: None)
    assert list(records(older))[1:] == list(records(evolved))[1:]
    with closing(open_database(older.uri)) as database, site_in(database) as site:
        assert site.index_differences() == []


KILLED = """
import os, signal, sys
from egovdocs.content import open_database
from egovdocs.content.evolve.evolution import evolve
from egovdocs.content.evolve.steps import STEPS
from egovdocs.content.site_database import GUARD

def die(step, done, total):
    os.kill(os.getpid(), signal.SIGKILL)

evolve(open_database(sys.argv[1], any_version=True), GUARD, STEPS, die, batch=700)
"""


def test_killed_and_continued_it_is_the_same(older: KeptSite, evolved: KeptSite) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, older.uri], env=os.environ, timeout=120)
    assert done.returncode == -signal.SIGKILL
    again = run(older, "database", "evolve")
    assert again.exit_code == 0, again.output
    # Another process writes the members of sets in another order.
    assert [sorted(data) for data in records(older)][1:] == [sorted(data) for data in records(evolved)][1:]


def test_each_kept_database_needs_the_steps_after_its_schema(original: KeptSite) -> None:
    with closing(open_database(original.uri, any_version=True)) as database:
        assert list(pending_steps(database)) == list(STEPS[original.schema_version :])


def test_the_kept_files_are_small(original: KeptSite) -> None:
    folder = Path(__file__).parent / original.manifest["version"]
    assert sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) < 1_000_000
