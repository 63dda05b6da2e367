"""Expired values are removed lazily, and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from egovdocs.content import Signing, Site
from egovdocs.content.expiring import REMOVED_AT_ONCE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def signing(token: str, created: datetime = NOW) -> Signing:
    return Signing(
        token=token, purpose="request", document=b"<r/>", owner="a", created=created, expires=created + HOUR
    )


def test_a_signing_is_found_by_its_token(site: Site) -> None:
    added = site.signings.add(signing("token"))
    assert site.signings["token"] is added
    assert added.document == b"<r/>"
    assert site.signings.get("another") is None


def test_expired_signings_are_removed(site: Site) -> None:
    signings = site.signings
    for number in range(REMOVED_AT_ONCE + 5):
        signings.add(signing(f"old {number:02}"))
    signings.add(signing("in time", NOW + HOUR / 2))

    signings.add(signing("later", NOW + HOUR + timedelta(seconds=1)))
    assert sum(f"old {number:02}" in signings for number in range(REMOVED_AT_ONCE + 5)) == 5, (
        "not all at once"
    )
    signings.add(signing("last", NOW + HOUR + timedelta(seconds=1)))
    assert not any(f"old {number:02}" in signings for number in range(REMOVED_AT_ONCE + 5))
    assert all(name in signings for name in ("in time", "later", "last"))


def test_a_key_gives_its_result(site: Site) -> None:
    site.idempotency["key"] = "2026-000001"
    assert site.idempotency.get("key") == "2026-000001"
    assert "another" not in site.idempotency
