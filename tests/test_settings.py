from datetime import date
from decimal import Decimal

import pytest

from egovdocs.settings import Settings, SettingsError

INI = {
    "egovdocs.site_url": "http://127.0.0.1:6543/",
    "egovdocs.database": "file://var/site",
    "egovdocs.session_secret": "s" * 32,
    "egovdocs.trust": "var/trust",
    "egovdocs.seal_key": "var/keys/seal.p12",
    "egovdocs.seal_password": "seal-password",
    "egovdocs.bank_certificate": "var/keys/bank.pem",
    "egovdocs.monthly_index": "2013-01-01 = 1731\n2025-01-01 = 3932",
}


def test_reads_the_ini():
    settings = Settings.read(INI, {})
    assert settings.site_url == "http://127.0.0.1:6543"
    assert settings.monthly_index == {date(2013, 1, 1): Decimal(1731), date(2025, 1, 1): Decimal(3932)}
    assert settings.calendar == {}


def test_the_environment_overrides_and_secrets_may_stand_in_files(tmp_path):
    secret = tmp_path / "password"
    secret.write_text("from-a-file\n")
    ini = {key: value for key, value in INI.items() if key != "egovdocs.seal_password"}
    settings = Settings.read(
        ini | {"egovdocs.seal_password_file": str(secret)},
        {
            "EGOVDOCS_DATABASE": "file://elsewhere",
            "EGOVDOCS_CALENDAR": "2026-05-04 = working\n2026-05-08 = off",
        },
    )
    assert settings.database == "file://elsewhere"
    assert settings.seal_password == "from-a-file"
    assert settings.calendar == {date(2026, 5, 4): True, date(2026, 5, 8): False}


def test_every_mistake_is_named_at_once_and_no_secret_shown():
    wrong = INI | {
        "egovdocs.session_secret": "short-secret",
        "egovdocs.time_zone": "Mars/Olympus",
        "egovdocs.working_hours": "18:00-09:00",
        "egovdocs.typo": "1",
    }
    del wrong["egovdocs.trust"]
    with pytest.raises(SettingsError) as caught:
        Settings.read(wrong, {})
    lines = str(caught.value).splitlines()
    assert [line.split()[0].rstrip(":") for line in lines] == [
        "egovdocs.session_secret",
        "egovdocs.trust",
        "egovdocs.time_zone",
        "egovdocs.working_hours",
        "egovdocs.typo",
    ]
    assert "short-secret" not in str(caught.value)


def test_secrets_do_not_stand_in_the_repr():
    assert "seal-password" not in repr(Settings.read(INI, {}))


def test_the_gateway_needs_all_its_settings():
    assert Settings.read(INI, {}).registers == "embedded"
    with pytest.raises(SettingsError, match="embedded or gateway"):
        Settings.read(INI | {"egovdocs.registers": "fax"}, {})
    with pytest.raises(SettingsError, match="gateway_timeout"):
        Settings.read(INI | {"egovdocs.gateway_timeout": "0"}, {})
    with pytest.raises(SettingsError) as caught:
        Settings.read(INI | {"egovdocs.registers": "gateway", "egovdocs.gateway_url": "shep"}, {})
    assert [line.split()[0] for line in str(caught.value).splitlines()] == [
        "egovdocs.gateway_url:",
        "egovdocs.gateway_certificate",
        "egovdocs.gateway_key",
        "egovdocs.gateway_password",
        "egovdocs.gateway_sender",
        "egovdocs.gateway_sender_password",
    ]


@pytest.mark.parametrize("name", ["registers", "payments", "sending"])
def test_whatever_goes_over_the_gateway_needs_its_settings(name):
    with pytest.raises(SettingsError, match="gateway_url is missing"):
        Settings.read(INI | {f"egovdocs.{name}": "gateway"}, {})


@pytest.mark.parametrize(
    "mail",
    ["file://", "smtp://", "mail.example", "smtp://u:p@mail.example", "smtp://mail.example:x", "ftp://a"],
)
def test_where_mail_goes(mail):
    with pytest.raises(SettingsError, match=r"egovdocs\.mail:") as caught:
        Settings.read(INI | {"egovdocs.mail": mail}, {})
    assert "u:p" not in str(caught.value)


def test_a_password_is_not_sent_in_the_clear():
    plain = {"egovdocs.mail_password": "secret", "egovdocs.mail_starttls": "false"}
    assert Settings.read(INI | plain | {"egovdocs.mail": "smtps://u@mail.example"}, {})
    with pytest.raises(SettingsError, match="mail_starttls"):
        Settings.read(INI | plain | {"egovdocs.mail": "smtp://u@mail.example"}, {})


def test_the_embedded_bank_needs_its_certificate_and_the_payment_gateway_its_pages():
    with pytest.raises(SettingsError, match=r"egovdocs\.bank_certificate is missing"):
        Settings.read({name: value for name, value in INI.items() if "bank" not in name}, {})
    with pytest.raises(SettingsError) as caught:
        Settings.read(INI | {"egovdocs.payments": "gateway"}, {})
    assert "egovdocs.payment_pages is missing" in str(caught.value)
    assert "egovdocs.gateway_key is missing" in str(caught.value)


@pytest.mark.parametrize("origin", ["https://pay.example", "http://127.0.0.1:6544", "https://pay.example/"])
def test_where_people_are_sent_to_pay(origin):
    assert Settings.read(INI | {"egovdocs.payment_pages": origin}, {}).payment_pages == origin.rstrip("/")


@pytest.mark.parametrize(
    "wrong",
    [
        "pay.example",
        "https://",
        "https://pay.example/pay",
        "https://pay.example?a",
        "https://a@pay.example",
        "https://pay.example; script-src *",
        "https://*",
        "https://pay.example:port",
        "https://PAY.example",
    ],
)
def test_what_is_no_origin(wrong):
    with pytest.raises(SettingsError, match=r"egovdocs\.payment_pages"):
        Settings.read(INI | {"egovdocs.payment_pages": wrong}, {})
