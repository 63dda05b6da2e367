"""The replay cache."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from egovdocs.integrations.gateway.replay_cache import ReplayCache

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
VALIDITY = timedelta(minutes=5)


def test_ids_are_removed_when_their_messages_are_too_old() -> None:
    cache = ReplayCache(VALIDITY)
    assert cache.add("a", NOW)
    assert not cache.add("a", NOW + 2 * VALIDITY)
    assert cache.add("b", NOW + 2 * VALIDITY + timedelta(seconds=1))
    assert cache.add("a", NOW + 2 * VALIDITY + timedelta(seconds=1))


def test_a_removed_id_is_accepted_again() -> None:
    cache = ReplayCache(VALIDITY)
    cache.add("a", NOW)
    cache.remove("a")
    assert cache.add("a", NOW)
