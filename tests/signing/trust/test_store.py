"""The trust store and its cache."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from random import Random

from tests.signing.factories import DAY, HOUR, IIN, NAME
from tests.signing.trust.path_factories import MOMENT, OddCertificates, verdict
from tests.signing.trust.revocation_factories import COMPROMISE, HOLD, NOW, RevocationWorld

from egovdocs.sandbox.authority import Authority
from egovdocs.signing import TrustStore


def test_cached_verdicts_are_those_of_a_new_store(revocation_world: RevocationWorld) -> None:
    """At random moments in random order."""
    random = Random(319102)
    responder = revocation_world.ca.issue_responder(
        "Жауапкер", algorithm="ec", not_before=NOW - 9 * DAY, not_after=NOW + 3 * DAY, no_check=False
    )
    person = revocation_world.person.certificate
    base = revocation_world.ca.crl(NOW - 20 * DAY, NOW - 12 * DAY)
    revocation_world.ca.revoke(person, NOW - 16 * DAY, HOLD)
    held = revocation_world.ca.crl(NOW - 15 * DAY, NOW - 11 * DAY, since=base)
    revocation_world.ca.restore(person)
    lifted = revocation_world.ca.crl(NOW - 13 * DAY, NOW - 10 * DAY)
    good = revocation_world.ca.ocsp(person, NOW - 6 * DAY, NOW - 5 * DAY, responder=responder)
    revocation_world.ca.revoke(person, NOW - 4 * DAY, COMPROMISE)
    gone = revocation_world.ca.crl(NOW - 2 * DAY, NOW + DAY, since=lifted)
    moments = [NOW + random.randrange(-22 * 24, 3 * 24) * HOUR for _number in range(60)]
    everything = [base, held, lifted, gone]
    seen = set()
    for lists in (everything, [base, held], [lifted], [lifted, gone]):
        known = [revocation_world.root.crl(NOW - 30 * DAY, NOW + 30 * DAY), *lists]
        store = TrustStore([revocation_world.root.certificate], known, [good])
        for at in moments:
            fresh = TrustStore([revocation_world.root.certificate], known, [good])
            answers = [
                each.check_certificate(person, chain=[revocation_world.ca.certificate], at=at).sub_indication
                for each in (store, fresh)
            ]
            assert answers[0] == answers[1], (at, lists)
            seen.add(answers[0])
    assert seen == {None, "TRY_LATER", "REVOKED"}


def fresh_lists(*authorities: Authority, at: datetime = MOMENT) -> list[bytes]:
    return [each.crl(at - DAY, at + DAY) for each in authorities]


def test_verdicts_change_at_change_times(root: Authority, ca: Authority) -> None:
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=MOMENT - 50 * DAY)
    ca.revoke(key.certificate, MOMENT)
    store = TrustStore([root.certificate], fresh_lists(root, ca))
    steps = [MOMENT + step * timedelta(seconds=1) for step in (-1, 0, 1, -1)]
    assert [verdict(store, key, at) for at in steps] == [None, "REVOKED", "REVOKED", None]


def test_a_store_of_many_authorities(odd: OddCertificates) -> None:
    authorities = [odd.root, *(Authority.create(f"{number}", algorithm="ec") for number in range(200))]
    store = TrustStore([each.certificate for each in authorities], fresh_lists(*authorities))
    assert verdict(store, odd.person()) is None
    another = odd.person()
    started = time.process_time()
    assert verdict(store, another) is None
    assert time.process_time() - started < 0.2
