"""``egovdocs registers load``, ``egovdocs gateway``, and the registers a site is told to use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.app.open_office import registers_of
from egovdocs.cli import main
from egovdocs.content import bootstrap, open_database
from egovdocs.integrations.external_system_errors import ExternalSystemUnavailable
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters
from egovdocs.sandbox.authority import Authority
from egovdocs.sandbox.demo_people import KEY_HOLDERS, REGISTERS
from egovdocs.sandbox.gateway_stub import CsvRegisters
from egovdocs.settings import Settings

INI = """\
[app:main]
use = egg:egovdocs
egovdocs.site_url = http://127.0.0.1:6543
egovdocs.database = file://{folder}/site
egovdocs.session_secret = 01234567890123456789012345678901
egovdocs.trust = {folder}
egovdocs.seal_key = {folder}/seal.p12
egovdocs.seal_password = -
egovdocs.bank_certificate = {folder}/bank.pem
egovdocs.monthly_index = 2025-01-01 = 3932
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "site.ini"
    file.write_text(INI.format(folder=tmp_path))
    return file


def test_a_register_is_loaded_from_a_file(config: Path, tmp_path: Path) -> None:
    result = run("registers", "load", "--config", config, "persons", REGISTERS / "persons.csv")
    assert (result.exit_code, result.output) == (0, "persons: 14 entries of persons.csv\n")
    database = open_database(f"file://{tmp_path}/site")
    try:
        with database.transaction() as connection:
            person = EmbeddedRegisters(bootstrap(connection.root())).person("910203450036")
    finally:
        database.close()
    assert person is not None
    assert person.full_name == "Сапарова Айгерім Маратқызы"


def test_a_wrong_file_changes_nothing(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "persons.csv"
    file.write_text((REGISTERS / "persons.csv").read_text("utf-8").replace("1996-08-15", "soon"), "utf-8")
    result = run("registers", "load", "--config", config, "persons", file)
    assert result.exit_code == 1
    assert result.output == "Error: persons.csv, line 11: born is not a date such as 1968-05-03\n"
    database = open_database(f"file://{tmp_path}/site")
    try:
        with database.transaction() as connection:
            assert EmbeddedRegisters(bootstrap(connection.root())).person("910203450036") is None
    finally:
        database.close()


def test_a_running_site_is_not_changed(config: Path, tmp_path: Path) -> None:
    database = open_database(f"file://{tmp_path}/site")
    try:
        result = run("registers", "load", "--config", config, "persons", REGISTERS / "persons.csv")
    finally:
        database.close()
    assert result.exit_code == 1
    assert "in use" in result.output


def test_the_demo_registers_contain_the_demo_people() -> None:
    known = CsvRegisters(REGISTERS)
    for one in KEY_HOLDERS:
        person = known.person(one.iin)
        assert person is not None, one.name
        assert person.full_name.upper() == one.name
        if one.bin:
            entity = known.entity(one.bin)
            assert entity is not None
            assert entity.name_ru == one.organisation
            assert known.person(entity.head) is not None


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    authority = Authority.create("Корень", algorithm="ec")
    for name in ("gateway", "site"):
        issued = authority.issue_system(name, "940140000385", algorithm="ec")
        (tmp_path / f"{name}.p12").write_bytes(issued.pkcs12("password"))
        (tmp_path / f"{name}.pem").write_bytes(issued.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "password").write_text("password")
    return tmp_path


def test_the_stub_names_what_is_missing(keys: Path, tmp_path: Path) -> None:
    options = ["gateway", "--key", keys / "gateway.p12", "--caller", keys / "site.pem"]
    options += ["--password-file", keys / "password"]
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run(*options, "--data", empty)
    assert (result.exit_code, result.output) == (
        1,
        f"Error: {empty / 'persons.csv'}: No such file or directory\n",
    )
    (keys / "password").write_text("wrong")
    result = run(*options, "--data", REGISTERS)
    assert result.exit_code == 1
    assert "password" in result.output


def test_the_settings_choose_the_registers(keys: Path) -> None:
    ini = dict(line.split(" = ", 1) for line in INI.format(folder=keys).splitlines()[2:])
    assert registers_of(Settings.read(ini, {})) is EmbeddedRegisters
    gateway = {
        "registers": "gateway",
        "gateway_url": "http://127.0.0.1:9",
        "gateway_certificate": keys / "gateway.pem",
        "gateway_key": keys / "site.p12",
        "gateway_password_file": keys / "password",
        "gateway_sender": "egovdocs",
        "gateway_sender_password": "sender",
        "gateway_timeout": "1",
    }
    settings = Settings.read(ini | {f"egovdocs.{name}": str(value) for name, value in gateway.items()}, {})
    registers = registers_of(settings)(None)  # type: ignore[arg-type]
    with pytest.raises(ExternalSystemUnavailable):
        registers.person("910203450036")
