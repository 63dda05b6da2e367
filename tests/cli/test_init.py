"""``egovdocs init``: the folder of a new site."""

from __future__ import annotations

import configparser
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.cli import main
from egovdocs.sandbox.authority import Authority
from egovdocs.sandbox.running_site import RunningServer, free_port


def init(folder: Path) -> Result:
    return CliRunner().invoke(main, ["init", str(folder)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    made = init(folder)
    assert made.exit_code == 0, made.output
    assert "SET" in made.output
    return folder


def test_the_owner_alone_reads_it(folder: Path) -> None:
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_the_trust_store_is_empty(folder: Path) -> None:
    assert sorted(path.name for path in (folder / "trust").iterdir()) == ["anchors", "crls", "ocsp"]
    assert not any(path.is_file() for path in (folder / "trust").rglob("*"))


def test_each_site_has_a_secret_of_its_own(folder: Path, tmp_path: Path) -> None:
    init(tmp_path / "other")
    secrets = {(tmp_path / name / "secrets" / "session").read_text() for name in ("site", "other")}
    assert len(secrets) == 2
    assert min(map(len, secrets)) > 60


def test_a_folder_in_use_is_left_as_it_is(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = init(folder)
    assert again.exit_code == 1
    assert "not empty" in again.output
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_path_that_would_mean_something_in_the_files_is_refused(tmp_path: Path) -> None:
    for name in ("per%cent", "a space", "quote'"):
        assert init(tmp_path / name).exit_code == 1
        assert not (tmp_path / name).exists()


def test_the_unit_serves_this_folder(folder: Path) -> None:
    unit = configparser.RawConfigParser()
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(folder / "egovdocs.service")
    command, _, arguments = unit["Service"]["ExecStart"].partition(" ")
    assert Path(command) == Path(sys.prefix) / "bin" / "egovdocs"
    assert arguments == f"serve --config {folder}/site.ini"
    assert unit["Service"]["ReadWritePaths"] == str(folder)


def test_a_start_names_the_first_file_that_is_missing(folder: Path) -> None:
    config = str(folder / "site.ini")
    done = subprocess.run(
        [sys.executable, "-m", "egovdocs", "serve", "--config", config],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "seal.p12: No such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_is_served_once_what_is_marked_is_set(folder: Path) -> None:
    authority = Authority.create("Тестовый центр")
    seal = authority.issue_system("Печать", "940140000385", organisation="Орган")
    bank = authority.issue_system("Банк", "950140000347", organisation="Банк")
    (folder / "keys" / "seal.p12").write_bytes(seal.pkcs12("seal password"))
    (folder / "secrets" / "seal").write_text("seal password\n")
    (folder / "keys" / "bank.pem").write_bytes(bank.certificate.public_bytes(Encoding.PEM))
    (folder / "trust" / "anchors" / "root.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    url = f"http://127.0.0.1:{free_port()}"
    ini = (folder / "site.ini").read_text()
    ini = re.sub(r"site_url = .*", f"site_url = {url}", ini)
    ini = re.sub(r"listen = .*", f"listen = {url.removeprefix('http://')}", ini)
    (folder / "site.ini").write_text(ini)
    with RunningServer(["serve", "--config", str(folder / "site.ini")], url, folder / "log"):
        assert "<h1" in requests.get(url, timeout=30).text
    assert (folder / "database" / "data.fs").exists()


def test_the_version_is_told() -> None:
    told = CliRunner().invoke(main, ["--version"])
    assert re.fullmatch(r"egovdocs, version \d+\.\d+\.\d+\n", told.output)
