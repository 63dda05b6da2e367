"""What the office knows by itself: the fee of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from egovdocs.casework.office import Office

INDEX = {date(2024, 1, 1): Decimal(3692), date(2025, 1, 1): Decimal(3932)}


def at(office: Office, day: str) -> Office:
    return replace(office, monthly_index=INDEX, clock=lambda: datetime.fromisoformat(day).replace(tzinfo=UTC))


@pytest.mark.parametrize(("day", "fee"), [("2024-12-31T12:00", 36920), ("2025-01-01T12:00", 39320)])
def test_the_fee_goes_by_the_index_of_the_day(
    office: Office, day: str, fee: int, caplog: pytest.LogCaptureFixture
) -> None:
    office = at(office, day)
    assert office.fee(office.service("medical-licence"), "issue") == fee
    assert caplog.records == []


def test_an_old_index_is_used_and_warned_of_once_a_day(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for day, warnings in (("2026-01-01T09:00", 1), ("2026-01-01T12:00", 1), ("2026-01-02T09:00", 2)):
        assert at(office, day).fee(office.service("medical-licence"), "issue") == 39320
        assert len(caplog.records) == warnings
    assert "no value for 2026" in caplog.text
    assert "2025-01-01" in caplog.text


def test_a_free_service_needs_no_index(office: Office) -> None:
    office = replace(at(office, "2026-01-01T09:00"), monthly_index={})
    assert office.fee(office.service("clinic-attachment"), "attach") == 0


def test_without_any_index_there_is_no_fee(office: Office) -> None:
    with pytest.raises(LookupError, match="monthly_index"):
        at(office, "2023-12-31T12:00").index()
