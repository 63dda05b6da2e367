"""The revocation status from several statements."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from tests.signing.factories import DAY, HOUR, IIN, NAME
from tests.signing.trust.path_factories import MOMENT, numbered_crl, verdict
from tests.signing.trust.revocation_factories import HOLD, NOW, REVOKED, RevocationWorld, ocsp_response

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Revocation, TrustStore


def test_one_statement_of_revocation_is_enough(revocation_world: RevocationWorld) -> None:
    empty = revocation_world.ca.crl(NOW - DAY, NOW + DAY)
    good = ocsp_response(revocation_world)
    gone = ocsp_response(revocation_world, REVOKED, revoked=NOW - 10 * DAY)
    assert revocation_world.verdict(empty, ocsps=[gone]) == "REVOKED"
    assert revocation_world.verdict(ocsps=[good, gone]) == "REVOKED"
    # Also in a stale response.
    assert (
        revocation_world.verdict(
            empty,
            ocsps=[
                ocsp_response(
                    revocation_world, REVOKED, revoked=NOW - 10 * DAY, at=NOW - 9 * DAY, until=NOW - 8 * DAY
                )
            ],
        )
        == "REVOKED"
    )
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 10 * DAY)
    assert revocation_world.verdict(revocation_world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[good]) == "REVOKED"


def test_a_hold(revocation_world: RevocationWorld) -> None:
    held = ocsp_response(revocation_world, REVOKED, revoked=NOW - 10 * DAY, reason=HOLD, at=NOW - 3 * HOUR)
    assert revocation_world.verdict(ocsps=[held]) == "TRY_LATER"
    assert revocation_world.verdict(ocsps=[held], revocation=Revocation.IF_PRESENT) == "TRY_LATER"
    assert (
        revocation_world.verdict(revocation_world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[held]) == "TRY_LATER"
    )
    assert revocation_world.verdict(ocsps=[held, ocsp_response(revocation_world)]) is None


def test_a_lifted_hold_is_no_entry(revocation_world: RevocationWorld) -> None:
    """This matters for time-stamping authorities, for which later entries count too (RFC 3161, 4)."""
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - 5 * HOUR, HOLD)
    held = revocation_world.ca.crl(NOW - 4 * HOUR, NOW + HOUR)
    revocation_world.ca.restore(revocation_world.person.certificate)
    lifted = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR)
    for lists, known in (([held], 1), ([held, lifted], 0)):
        store = TrustStore([revocation_world.root.certificate], [revocation_world.above, *lists])
        answer = store.check_certificate(
            revocation_world.person.certificate, chain=[revocation_world.ca.certificate], at=NOW - 6 * HOUR
        )
        assert answer.passed
        assert len(answer.entries) == known


def test_statements_after_the_authority_was_revoked(revocation_world: RevocationWorld) -> None:
    at = NOW - 2 * DAY
    revocation_world.root.revoke(revocation_world.ca.certificate, NOW - DAY)
    above = revocation_world.root.crl(NOW - HOUR, NOW + HOUR)
    later, before = (
        revocation_world.ca.crl(NOW - HOUR, NOW + HOUR),
        revocation_world.ca.crl(NOW - 3 * DAY, NOW),
    )
    assert revocation_world.verdict(later, above=above, at=at) == "TRY_LATER"
    assert revocation_world.verdict(before, above=above, at=at) is None
    assert revocation_world.verdict(before, above=above) == "REVOKED_CA_NO_POE"


def fresh_lists(*authorities: Authority, at: datetime = MOMENT) -> list[bytes]:
    return [each.crl(at - DAY, at + DAY) for each in authorities]


def test_a_revocation_in_a_stale_list_counts(root: Authority, ca: Authority) -> None:
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=MOMENT - 50 * DAY)
    ca.revoke(key.certificate, MOMENT - 40 * DAY)
    store = TrustStore([root.certificate], fresh_lists(root, ca, at=MOMENT - 30 * DAY))
    assert verdict(store, key) == "REVOKED"


def test_a_hold_can_be_lifted(root: Authority, ca: Authority, person: IssuedKey) -> None:
    held = numbered_crl(ca, MOMENT - timedelta(hours=3), (person, x509.ReasonFlags.certificate_hold))
    lifted = numbered_crl(ca, MOMENT - timedelta(hours=2))
    assert verdict(TrustStore([root.certificate], [*fresh_lists(root), held]), person) == "TRY_LATER"
    assert verdict(TrustStore([root.certificate], [*fresh_lists(root), held, lifted]), person) is None
