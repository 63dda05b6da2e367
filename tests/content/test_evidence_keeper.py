"""Evidence of documents: each value is stored once, and what has to be renewed first comes first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.content.conftest import NOW
from ZODB import DB

from egovdocs.content import Case, Document, Place, Site, document_at, exclusive, place_of
from egovdocs.content.stored_bytes import MAX_INLINE
from egovdocs.sandbox.authority import Authority
from egovdocs.signing import Evidence, TimestampAuthority, TimestampError

LISTS = (b"small", bytes(range(256)) * 1024)


@pytest.fixture(scope="module")
def clocks() -> Authority:
    return Authority.create("Clocks", algorithm="ec", not_before=NOW - timedelta(days=1))


def evidence(clocks: Authority, days: int = 1000) -> Evidence:
    """Evidence whose time-stamping authority has a certificate for so many days."""
    key = clocks.issue_timestamping(
        "Clock", algorithm="ec", not_before=NOW, not_after=NOW + timedelta(days=days)
    )
    authority = TimestampAuthority(key.signer, clock=lambda: NOW)
    return Evidence(authority.stamp(b"signature").der, (), LISTS)


def add(site: Site, case: Case, kind: str) -> Document:
    return case.documents.add(kind, f"{kind}.xml", b"<a/>", NOW, report={})


@pytest.fixture
def case(site: Site, new_case: Callable[..., Case], commit: Callable[[Any], None]) -> Case:
    exclusive(site)
    case = site.cases.add(new_case())
    commit(site)
    return case


def test_evidence_is_stored_and_found(
    site: Site, case: Case, database: DB, clocks: Authority, commit: Callable[[Any], None]
) -> None:
    document, taken = add(site, case, "outcome"), evidence(clocks)
    assert document.evidence is None
    site.evidence.store(document, taken)
    commit(site)
    with database.transaction() as connection:
        again = connection.root()["site"]
        found = document_at(again, place_of(document))
        assert found is not None
        assert found.evidence == taken
        assert len(LISTS[1]) > MAX_INLINE
        blobs = [
            stored._blob for stored in again.evidence._values._values.values() if stored._blob is not None
        ]
        assert len(blobs) == 1
    assert document_at(site, Place("cases", case.reference, "refusal")) is None
    assert document_at(site, Place("cases", "no such", "outcome")) is None


def test_each_value_is_stored_once(site: Site, case: Case, clocks: Authority) -> None:
    for kind in ("request", "outcome"):
        site.evidence.store(add(site, case, kind), evidence(clocks))
    assert len(site.evidence._values._values) == 2 + len(LISTS)
    names = set(site.evidence._values._values)
    assert {hashlib.sha256(each).hexdigest() for each in LISTS} < names


def test_what_ages_first_comes_first(site: Site, case: Case, clocks: Authority) -> None:
    for kind, days in (("request", 300), ("receipt", 100), ("outcome", 900)):
        site.evidence.store(add(site, case, kind), evidence(clocks, days))
    found = list(site.evidence.ageing(NOW + timedelta(days=400)))
    assert [place.document for _until, place in found] == ["receipt", "request"]
    assert found[0][0] == NOW + timedelta(days=100)
    # After the renewal it ages later.
    site.evidence.store(case.documents["receipt"], evidence(clocks, 2000))
    found = list(site.evidence.ageing(NOW + timedelta(days=400)))
    assert [place.document for _until, place in found] == ["request"]
    assert site.index_differences() == []


def test_the_index_can_be_rebuilt(
    site: Site, case: Case, clocks: Authority, commit: Callable[[Any], None]
) -> None:
    document = add(site, case, "outcome")
    site.evidence.store(document, evidence(clocks))
    site.evidence._ageing.clear()
    (difference,) = site.index_differences()
    assert difference.startswith("evidence: ")
    assert "is missing" in difference
    site.evidence._ageing.add((1, "cases", "gone", "outcome"))
    assert len(site.index_differences()) == 2
    commit(site)
    exclusive(site)
    site.rebuild_indexes()
    assert site.index_differences() == []


def test_evidence_that_proves_nothing_is_not_stored(site: Site, case: Case) -> None:
    document = add(site, case, "outcome")
    with pytest.raises(TimestampError):
        site.evidence.store(document, Evidence(b"no token"))
    assert document.evidence is None
