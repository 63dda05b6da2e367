"""``egovdocs database`` on a site's folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from egovdocs.cli import main
from egovdocs.content import Case, Cell, bootstrap, exclusive, open_database


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A site with one case."""
    ini = tmp_path / "site.ini"
    needed = {
        "site_url": "http://127.0.0.1:1",
        "database": f"file://{tmp_path}/site",
        "session_secret": "s" * 32,
        "trust": "t",
        "seal_key": "s",
        "seal_password": "p",
        "bank_certificate": "b",
        "monthly_index": "2025-01-01 = 1",
    }
    lines = [f"egovdocs.{name} = {value}" for name, value in needed.items()]
    ini.write_text("\n".join(["[app:main]", "use = egg:egovdocs", *lines]))
    database = open_database(f"file://{tmp_path}/site")
    with database.transaction() as connection:
        site = bootstrap(connection.root())
    with database.transaction() as connection:
        site = bootstrap(connection.root())
        exclusive(site)
        site["cases"].add(
            Case(
                service="s",
                edition="2013-01-03",
                action="issue",
                channel="portal",
                provider="940140000385",
                applicant="910203450036",
                account="910203450036",
                created_at=datetime.now(UTC),
            )
        )
    database.close()
    return ini


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["database", *words, "--config", str(config)])


def test_check_finds_what_rebuild_mends(config: Path):
    assert run(config, "check").exit_code == 0
    database = open_database(f"file://{config.parent}/site")
    with database.transaction() as connection:
        bootstrap(connection.root())["cases"]._clear()
    database.close()
    found = run(config, "check")
    assert found.exit_code == 1
    assert "cases:" in found.output
    assert run(config, "rebuild").exit_code == 0
    assert run(config, "check").exit_code == 0


def test_the_counts_are_compared_and_mended_too(config: Path):
    opened = open_database(f"file://{config.parent}/site")
    with opened.transaction() as connection:
        cell = Cell("medical-licence", "portal", "2026-06")
        connection.root()["site"].statistics.work.add(cell, {"granted": 1})
    opened.close()
    found = run(config, "check")
    assert (found.exit_code, "granted is 1, not 0" in found.output) == (1, True)
    assert run(config, "rebuild").exit_code == 0
    assert run(config, "check").exit_code == 0


def test_pack(config: Path):
    result = run(config, "pack", "--days", "0")
    assert result.exit_code == 0, result.output
    assert run(config, "check").exit_code == 0


def test_mend_cuts_the_zeros_of_a_power_loss(config: Path):
    assert "nothing to mend" in run(config, "mend").output
    with (config.parent / "site" / "data.fs").open("ab") as file:
        file.write(bytes(4096))
    refused = run(config, "check")
    assert refused.exit_code == 1
    assert "mend it" in refused.output
    assert "4096 bytes were cut" in run(config, "mend").output
    assert run(config, "check").exit_code == 0
