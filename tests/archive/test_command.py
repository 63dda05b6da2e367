"""``egovdocs archive export`` on a site's own settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding
from tests.rendering import samples
from ZODB import DB

from egovdocs.archive import check_bag
from egovdocs.cli import main
from egovdocs.sandbox.authority import Authority
from egovdocs.signing import TrustStore, ValidationPolicy

NUMBER = samples.REQUEST["number"]


@pytest.fixture
def config(tmp_path: Path, signed_licence: tuple[bytes, Authority]) -> Path:
    authority = signed_licence[1]
    seal = authority.issue_system("Печать", samples.PROVIDER["bin"], algorithm="ec")
    for folder in ("anchors", "crls"):
        (tmp_path / "trust" / folder).mkdir(parents=True)
    (tmp_path / "trust/anchors/ca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "trust/crls/ca.crl").write_bytes(authority.crl())
    (tmp_path / "seal.p12").write_bytes(seal.pkcs12("seal"))
    (tmp_path / "bank.pem").write_bytes(seal.certificate.public_bytes(Encoding.PEM))
    settings = {
        "site_url": "https://egov.example.kz",
        "database": f"file://{tmp_path / 'database'}",
        "session_secret": "s" * 32,
        "trust": tmp_path / "trust",
        "seal_key": tmp_path / "seal.p12",
        "seal_password": "seal",
        "bank_certificate": tmp_path / "bank.pem",
        "monthly_index": "2026-01-01 = 4325",
    }
    lines = [f"egovdocs.{name} = {value}" for name, value in settings.items()]
    config = tmp_path / "site.ini"
    config.write_text("\n".join(["[app:main]", "use = egg:egovdocs", *lines]), "utf-8")
    return config


def test_cases_that_ended_are_exported_once(
    config: Path,
    database: DB,
    tmp_path: Path,
    signed_licence: tuple[bytes, Authority],
) -> None:
    database.close()
    command = ["archive", "export", "--config", str(config), "--out", str(tmp_path / "out")]
    first = CliRunner().invoke(main, command)
    assert first.exit_code == 0, first.output
    assert "1 written" in first.output
    assert [bag.name for bag in (tmp_path / "out").iterdir()] == [NUMBER]
    policy = ValidationPolicy(trust=TrustStore.from_folder(tmp_path / "trust"))
    assert check_bag(tmp_path / "out" / NUMBER, policy).sound
    again = CliRunner().invoke(main, [*command, "--case", NUMBER])
    assert again.exit_code == 0, again.output
    assert "0 written" in again.output
    assert "1 there already" in again.output


def test_a_case_that_is_not_there(config: Path, database: DB, tmp_path: Path) -> None:
    database.close()
    command = ["archive", "export", "--config", str(config), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, [*command, "--case", "2026-000999-00"])
    assert result.exit_code == 1
    assert "there is no case 2026-000999-00" in result.output


def test_a_site_that_is_running(config: Path, database: DB, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["archive", "export", "--config", str(config), "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 1
    assert "in use" in result.output
