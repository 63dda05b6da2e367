"""From the settings to the office."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.views.conftest import ini_of

from egovdocs.cli.demo_site import ensure_demo_site
from egovdocs.office import open_office
from egovdocs.settings import Settings


def test_an_index_of_an_earlier_year_is_in_the_log_of_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.read(ini_of(tmp_path) | {"egovdocs.monthly_index": "2013-01-01 = 1731"}, {})
    ensure_demo_site(settings, lambda step: None)
    caplog.clear()
    open_office(settings)
    assert "egovdocs.monthly_index has no value" in caplog.text


def test_a_bank_without_a_page_is_in_the_log_of_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ini = ini_of(tmp_path)
    ensure_demo_site(Settings.read(ini, {}), lambda step: None)
    assert open_office(Settings.read(ini, {})).payments.has_page
    assert "bank_key" not in caplog.text
    del ini["egovdocs.bank_key"]
    assert not open_office(Settings.read(ini, {})).payments.has_page
    assert "egovdocs.bank_key is not set" in caplog.text
