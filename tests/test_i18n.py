"""Dates and moments within messages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from egovdocs.i18n import _, translate

EXPIRED = _(
    "The signer's certificate expired on ${date}.", mapping={"date": datetime(2026, 10, 19, 20, tzinfo=UTC)}
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "20 октября 2026\u00a0г., 01:00:00 (UTC+5)"),
        ("kk", "2026\u00a0ж. 20 қазан, 01:00:00 (UTC+5)"),
        ("en", "20 October 2026, 01:00:00 (UTC+5)"),
    ],
)
def test_moments_in_the_form_of_the_language(language: str, said: str) -> None:
    assert said in translate(EXPIRED, language)


def test_moments_in_the_zone_of_the_site() -> None:
    assert "19 October 2026, 20:00:00 (UTC+0)" in translate(EXPIRED, "en", ZoneInfo("UTC"))


def test_days_in_the_form_of_the_language() -> None:
    message = _("Nobody translates ${this} or ${that}.", mapping={"this": date(2026, 1, 2), "that": 7})
    assert translate(message, "en") == "Nobody translates 2 January 2026 or 7."
