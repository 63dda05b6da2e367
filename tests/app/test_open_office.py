"""From the settings to the office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.worlds import ini_of

from egovdocs.app.open_office import mailer_of, open_office
from egovdocs.integrations.mail.folder_mailer import FolderMailer
from egovdocs.integrations.mail.smtp_mailer import SmtpMailer
from egovdocs.settings import Settings


def test_an_index_of_an_earlier_year_is_in_the_log_of_the_start(
    new_demo_site: Callable[[], Path], caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.read(ini_of(new_demo_site()) | {"egovdocs.monthly_index": "2013-01-01 = 1731"}, {})
    caplog.clear()
    open_office(settings)
    assert "egovdocs.monthly_index has no value" in caplog.text


def test_a_bank_without_a_page_is_in_the_log_of_the_start(
    new_demo_site: Callable[[], Path], caplog: pytest.LogCaptureFixture
) -> None:
    ini = ini_of(new_demo_site())
    assert open_office(Settings.read(ini, {})).payments.has_page
    assert "bank_key" not in caplog.text
    del ini["egovdocs.bank_key"]
    assert not open_office(Settings.read(ini, {})).payments.has_page
    assert "egovdocs.bank_key is not set" in caplog.text


def test_the_embedded_banks_page_outside_a_demo_is_in_the_log_of_the_start(
    new_demo_site: Callable[[], Path], caplog: pytest.LogCaptureFixture
) -> None:
    ini = ini_of(new_demo_site())
    open_office(Settings.read(ini | {"egovdocs.demo": "false"}, {}))
    assert "fees are paid without money" in caplog.text


@pytest.mark.parametrize(
    ("mail", "port", "tls", "user"),
    [
        ("smtp://mail.example", 587, False, ""),
        ("smtps://portal%40a.kz@mail.example", 465, True, "portal@a.kz"),
        ("smtp://mail.example:2525", 2525, False, ""),
    ],
)
def test_letters_go_to_a_server(tmp_path: Path, mail: str, port: int, tls: bool, user: str) -> None:
    ini = ini_of(tmp_path) | {"egovdocs.mail": mail, "egovdocs.mail_password": "secret"}
    mailer = mailer_of(Settings.read(ini, {}))
    assert isinstance(mailer, SmtpMailer)
    assert (mailer.host, mailer.port, mailer.tls, mailer.user) == ("mail.example", port, tls, user)
    assert (mailer.sender, mailer.password, mailer.starttls) == ("noreply@localhost", "secret", True)


def test_letters_go_into_a_folder(tmp_path: Path) -> None:
    ini = ini_of(tmp_path) | {"egovdocs.mail": f"file://{tmp_path}/mail", "egovdocs.mail_from": "a@b.kz"}
    assert mailer_of(Settings.read(ini, {})) == FolderMailer(tmp_path / "mail", "a@b.kz")
