"""Delta lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from tests.signing.factories import DAY, HOUR
from tests.signing.trust.path_factories import MOMENT, fresh_lists, numbered_crl, verdict
from tests.signing.trust.revocation_factories import COMPROMISE, HOLD, NOW, RevocationWorld, scope

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore


@pytest.fixture
def base(revocation_world: RevocationWorld) -> bytes:
    return revocation_world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)


def test_revoked_in_the_delta_only(revocation_world: RevocationWorld, base: bytes) -> None:
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 2 * HOUR, COMPROMISE)
    delta = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert revocation_world.verdict(base) is None
    assert revocation_world.verdict(base, delta) == "REVOKED"
    assert revocation_world.verdict(base, delta, at=NOW - 3 * HOUR) is None
    assert revocation_world.verdict(base, delta, key=revocation_world.other) is None


def test_a_delta_lifts_a_hold(revocation_world: RevocationWorld) -> None:
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 9 * HOUR, HOLD)
    base = revocation_world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)
    revocation_world.ca.restore(revocation_world.person.certificate)
    lifted = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert revocation_world.verdict(base) == "TRY_LATER"
    assert revocation_world.verdict(base, lifted) is None
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - timedelta(minutes=40), HOLD)
    again = revocation_world.ca.crl(NOW - timedelta(minutes=30), NOW + HOUR, since=base)
    assert revocation_world.verdict(base, lifted) is None
    assert revocation_world.verdict(base, lifted, again) in (None, "TRY_LATER")


def test_a_delta_holds(revocation_world: RevocationWorld, base: bytes) -> None:
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 2 * HOUR, HOLD)
    held = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert revocation_world.verdict(base, held) == "TRY_LATER"
    revocation_world.ca.restore(revocation_world.person.certificate)
    later = revocation_world.ca.crl(NOW - HOUR / 2, NOW + HOUR, since=base)
    assert revocation_world.verdict(base, held, later) is None
    assert revocation_world.verdict(base, held, revocation_world.ca.crl(NOW - HOUR / 2, NOW + HOUR)) is None


def test_a_hold_that_a_delta_makes_final(revocation_world: RevocationWorld) -> None:
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 9 * HOUR, HOLD)
    base = revocation_world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 9 * HOUR, COMPROMISE)
    delta = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert revocation_world.verdict(base) == "TRY_LATER"
    assert revocation_world.verdict(base, delta) == "REVOKED"


def test_a_delta_by_itself(revocation_world: RevocationWorld, base: bytes) -> None:
    delta = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert revocation_world.verdict(delta) == "TRY_LATER"
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 2 * HOUR, COMPROMISE)
    assert revocation_world.verdict(revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)) == "REVOKED"


def test_a_delta_to_another_list(revocation_world: RevocationWorld) -> None:
    """Its base is newer than the list: the changes between the two are missing."""
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 30 * HOUR, HOLD)
    old = revocation_world.ca.crl(NOW - 20 * HOUR, NOW + HOUR)
    newer = revocation_world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)
    revocation_world.ca.restore(revocation_world.person.certificate)
    delta = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=newer)
    assert revocation_world.verdict(old, delta) == "TRY_LATER"
    assert revocation_world.verdict(newer, delta) is None
    # It can be added to a list newer than its base, up to its own number.
    assert revocation_world.verdict(old, newer, delta) is None


def test_a_delta_to_a_stale_list(revocation_world: RevocationWorld) -> None:
    base = revocation_world.ca.crl(NOW - 5 * DAY, NOW - 4 * DAY)
    delta = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert revocation_world.verdict(base) == "TRY_LATER"
    assert revocation_world.verdict(base, delta) is None
    stale = revocation_world.ca.crl(NOW - 2 * DAY, NOW - DAY, since=base)
    assert revocation_world.verdict(base, stale) == "TRY_LATER"
    at = NOW - DAY - HOUR
    assert (
        revocation_world.verdict(base, stale, at=at, above=revocation_world.root.crl(NOW - 9 * DAY, NOW))
        is None
    )


def test_a_stale_delta_does_not_harm(revocation_world: RevocationWorld, base: bytes) -> None:
    stale = revocation_world.ca.crl(NOW - 4 * HOUR, NOW - 2 * HOUR, since=base)
    assert revocation_world.verdict(base, stale) is None


def test_a_forged_delta(revocation_world: RevocationWorld) -> None:
    base = revocation_world.ca.crl(NOW - 5 * DAY, NOW - 4 * DAY)
    forger = Authority(
        ec.generate_private_key(ec.SECP256R1()), revocation_world.ca.certificate, revocation_world.ca.issuers
    )
    assert revocation_world.verdict(base, forger.crl(NOW - HOUR, NOW + HOUR, since=base)) == "TRY_LATER"


def test_a_delta_of_another_scope(revocation_world: RevocationWorld) -> None:
    base = revocation_world.ca.crl(NOW - 5 * DAY, NOW - 4 * DAY)
    scoped = revocation_world.ca.crl(
        NOW - HOUR, NOW + HOUR, since=base, scope=scope(only_contains_user_certs=True)
    )
    assert revocation_world.verdict(base, scoped) == "TRY_LATER"


def scoped_crl(authority: Authority, **what: Any) -> bytes:
    return authority.crl(NOW - HOUR, NOW + HOUR, scope=scope(**what))


def test_delta_lists(root: Authority, ca: Authority, person: IssuedKey) -> None:
    base = numbered_crl(ca, MOMENT - timedelta(hours=3))
    delta = numbered_crl(ca, MOMENT - timedelta(hours=2), (person, x509.ReasonFlags.key_compromise), delta=1)
    assert verdict(TrustStore([root.certificate], [*fresh_lists(root), base]), person) is None
    assert verdict(TrustStore([root.certificate], [*fresh_lists(root), base, delta]), person) == "REVOKED"
