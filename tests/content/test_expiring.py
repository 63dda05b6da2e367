"""What is kept for a time goes by and by, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from egovdocs.content import Signing, Site
from egovdocs.content.expiring import SWEPT

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


def test_signings_whose_time_is_over_are_swept(site: Site) -> None:
    signings = site.signings
    for number in range(SWEPT + 5):
        signings.add(signing(f"old {number:02}"))
    signings.add(signing("in time", NOW + HOUR / 2))

    signings.add(signing("later", NOW + HOUR + timedelta(seconds=1)))
    assert sum(f"old {number:02}" in signings for number in range(SWEPT + 5)) == 5, "only so many at once"
    signings.add(signing("last", NOW + HOUR + timedelta(seconds=1)))
    assert not any(f"old {number:02}" in signings for number in range(SWEPT + 5))
    assert all(name in signings for name in ("in time", "later", "last"))


def test_a_key_gives_what_it_gave(site: Site) -> None:
    site.idempotency["key"] = "2026-000001"
    assert site.idempotency.get("key") == "2026-000001"
    assert "another" not in site.idempotency
