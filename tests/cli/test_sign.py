from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.cli.sign import sign
from egovdocs.sandbox.authority import Authority


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = Authority.create("НУЦ", algorithm="ec")
    issued = root.issue_person("Ахметов Ержан", "680503250034", algorithm="ec")
    (tmp_path / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "key.p12").write_bytes(issued.pkcs12("құпия"))
    (tmp_path / "password").write_text("құпия\n", "utf-8")
    (tmp_path / "in.xml").write_text("<a>Өтініш</a>", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(sign, ["--key", "key.p12", *arguments], input=typed)


@pytest.mark.parametrize(
    ("options", "typed"), [(["--password-file", "password"], None), ([], "құпия\n")], ids=["file", "typed"]
)
def test_signs(folder: Path, options: list[str], typed: str | None) -> None:
    result = run(*options, "in.xml", "out.xml", typed=typed)
    assert result.exit_code == 0, result.output
    assert "not in date" not in result.stderr
    command = ["xmlsec1", "--verify", "--trusted-pem", "root.pem", "out.xml"]
    assert subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (("password", "another"), "The password does not open this key file"),
        (("key.p12", "no key"), "This is not a key file"),
        (("in.xml", "<a>"), "not well-formed"),
        (("in.xml", "<!DOCTYPE a><a/>"), "DTD"),
    ],
)
def test_an_error_writes_nothing(folder: Path, spoil: tuple[str, str], words: str) -> None:
    (folder / spoil[0]).write_text(spoil[1])
    (folder / "out.xml").write_text("as it was")
    result = run("--password-file", "password", "in.xml", "out.xml")
    assert result.exit_code == 2
    assert words in result.output
    assert (folder / "out.xml").read_text() == "as it was"
    assert not list(folder.glob(".out*"))


def test_warns_of_a_certificate_out_of_date(folder: Path) -> None:
    issued = Authority.create("НУЦ", algorithm="ec").issue_person(
        "А Б", "680503250034", algorithm="ec", not_before=datetime(2020, 1, 1, tzinfo=UTC)
    )
    (folder / "key.p12").write_bytes(issued.pkcs12("құпия"))
    result = run("--password-file", "password", "in.xml", "out.xml")
    assert result.exit_code == 0
    assert "not in date" in result.stderr


def test_a_missing_folder(folder: Path) -> None:
    result = run("--password-file", "password", "in.xml", "nowhere/out.xml")
    assert result.exit_code == 2
    assert "No such file or directory" in result.output


def test_a_missing_input(folder: Path) -> None:
    assert run("--password-file", "password", "missing.xml", "out.xml").exit_code == 2
