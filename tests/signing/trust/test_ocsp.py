"""OCSP responses, and who may sign them."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.signing.factories import DAY, HOUR
from tests.signing.trust.revocation_factories import (
    COMPROMISE,
    NOW,
    REVOKED,
    UNKNOWN,
    RevocationWorld,
    delegate,
    ocsp_response,
    resign_response,
)

from egovdocs.sandbox.authority import Authority
from egovdocs.signing import Revocation, TrustError, TrustStore


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("digest", [SHA1(), SHA256()])
def test_good(revocation_world: RevocationWorld, by_name: bool, digest: HashAlgorithm) -> None:
    assert revocation_world.verdict() == "TRY_LATER"
    assert (
        revocation_world.verdict(ocsps=[ocsp_response(revocation_world, by_name=by_name, digest=digest)])
        is None
    )


def test_the_proof_is_returned(revocation_world: RevocationWorld) -> None:
    good = ocsp_response(revocation_world)
    store = TrustStore(
        [revocation_world.root.certificate],
        [revocation_world.above, revocation_world.ca.crl(NOW - 2 * DAY, NOW + DAY)],
        [good],
    )
    answer = store.check_certificate(
        revocation_world.person.certificate, chain=[revocation_world.ca.certificate], at=NOW
    )
    assert answer.passed
    assert (answer.crls, answer.ocsp_responses) == ((revocation_world.above,), (good,)) or len(
        answer.crls
    ) == 1


def test_revoked(revocation_world: RevocationWorld) -> None:
    statement = ocsp_response(revocation_world, REVOKED, revoked=NOW - 10 * DAY, reason=COMPROMISE)
    assert revocation_world.verdict(ocsps=[statement]) == "REVOKED"
    assert revocation_world.verdict(ocsps=[statement], revocation=Revocation.IF_PRESENT) == "REVOKED"
    assert revocation_world.verdict(ocsps=[statement], revocation=Revocation.NONE) is None
    # Before that it was not revoked.
    above = revocation_world.root.crl(NOW - 20 * DAY, NOW)
    steps = [
        revocation_world.verdict(ocsps=[statement], at=NOW - days * DAY, above=above) for days in (11, 10, 9)
    ]
    assert steps == [None, "REVOKED", "REVOKED"]


def test_unknown_proves_nothing(revocation_world: RevocationWorld) -> None:
    unknown = ocsp_response(revocation_world, UNKNOWN)
    assert revocation_world.verdict(ocsps=[unknown]) == "TRY_LATER"
    assert revocation_world.verdict(revocation_world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[unknown]) is None


def test_the_validity_of_a_response(revocation_world: RevocationWorld) -> None:
    old = ocsp_response(revocation_world, at=NOW - 10 * DAY, until=NOW - 9 * DAY)
    above = revocation_world.root.crl(NOW - 20 * DAY, NOW + DAY)
    steps = {
        NOW: "TRY_LATER",
        NOW - 9 * DAY: None,
        NOW - 9 * DAY + timedelta(seconds=1): "TRY_LATER",
        NOW - 10 * DAY: None,
        # A certificate that was not revoked later was not revoked before.
        NOW - 11 * DAY: None,
    }
    store = TrustStore([revocation_world.root.certificate], [above], [old])
    for _again in range(2):
        for at, expected in steps.items():
            answer = store.check_certificate(
                revocation_world.person.certificate, chain=[revocation_world.ca.certificate], at=at
            )
            assert answer.sub_indication == expected, at


def test_a_response_without_next_update(revocation_world: RevocationWorld) -> None:
    assert (
        revocation_world.verdict(
            ocsps=[ocsp_response(revocation_world, at=NOW - timedelta(minutes=10), until=None)]
        )
        is None
    )
    assert (
        revocation_world.verdict(ocsps=[ocsp_response(revocation_world, at=NOW - HOUR, until=None)])
        == "TRY_LATER"
    )


def test_expired_certificates_and_archive_cutoff(revocation_world: RevocationWorld) -> None:
    ended = revocation_world.issue(not_after=NOW - 10 * DAY)
    at = NOW - 11 * DAY
    late = ocsp_response(revocation_world, about=ended.certificate)
    above = revocation_world.root.crl(NOW - 20 * DAY, NOW + DAY)
    assert revocation_world.verdict(ocsps=[late], key=ended, at=at, above=above) == "TRY_LATER"
    kept = [
        resign_response(late, revocation_world.ca.key, archive_cutoff=NOW - days * DAY)
        for days in (9, 10, 30)
    ]
    assert [revocation_world.verdict(ocsps=[each], key=ended, at=at, above=above) for each in kept] == [
        "TRY_LATER",
        None,
        None,
    ]
    gone = ocsp_response(revocation_world, REVOKED, revoked=NOW - 12 * DAY, about=ended.certificate)
    assert revocation_world.verdict(ocsps=[gone], key=ended, at=at, above=above) == "REVOKED"


def test_another_certificate_or_another_authority(revocation_world: RevocationWorld) -> None:
    assert (
        revocation_world.verdict(
            ocsps=[ocsp_response(revocation_world, about=revocation_world.other.certificate)]
        )
        == "TRY_LATER"
    )
    impostor = Authority.create("Центр", algorithm="ec", not_before=NOW - 390 * DAY)
    by_name = ocsp_response(revocation_world, key=impostor.key, named=impostor.certificate, by_name=True)
    assert revocation_world.verdict(ocsps=[by_name]) == "TRY_LATER"
    for issuer in (None, impostor.certificate):
        forged = ocsp_response(
            revocation_world,
            issuer=issuer,
            key=impostor.key,
            named=impostor.certificate,
            carries=[impostor.certificate],
        )
        assert revocation_world.verdict(ocsps=[forged]) == "TRY_LATER"


def test_a_wrong_signature(revocation_world: RevocationWorld) -> None:
    good = ocsp_response(revocation_world)
    spoilt = good[:-1] + bytes([good[-1] ^ 1])
    assert revocation_world.verdict(ocsps=[spoilt]) == "TRY_LATER"


def test_a_responder(revocation_world: RevocationWorld) -> None:
    for no_check, lists, expected in (
        (True, (), None),
        (False, (), "TRY_LATER"),
        (False, (revocation_world.ca.crl(NOW - DAY, NOW + DAY),), None),
    ):
        key = revocation_world.ca.issue_responder("Жауапкер", algorithm="ec", no_check=no_check)
        statement = ocsp_response(
            revocation_world, key=key.key, named=key.certificate, carries=[key.certificate]
        )
        assert revocation_world.verdict(*lists, ocsps=[statement]) == expected
    good = revocation_world.ca.ocsp(revocation_world.person.certificate, responder=key)
    assert revocation_world.verdict(revocation_world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[good]) is None
    assert revocation_world.verdict(ocsps=[good]) == "TRY_LATER"
    # Its own response about itself is ignored.
    itself = revocation_world.ca.ocsp(key.certificate, responder=key)
    assert revocation_world.verdict(ocsps=[good, itself]) == "TRY_LATER"
    assert revocation_world.verdict(ocsps=[good, revocation_world.ca.ocsp(key.certificate)]) is None


def test_a_responder_must_be_valid_when_it_signs(revocation_world: RevocationWorld) -> None:
    dates = {"not_before": NOW - 60 * DAY, "not_after": NOW - 30 * DAY}
    key = revocation_world.ca.issue_responder("Жауапкер", algorithm="ec", **dates)
    at, above = NOW - 40 * DAY, revocation_world.root.crl(NOW - 70 * DAY, NOW)
    statement = revocation_world.ca.ocsp(
        revocation_world.person.certificate, NOW - 39 * DAY, NOW, responder=key
    )
    then = resign_response(statement, key.key, produced=NOW - 39 * DAY)
    assert revocation_world.verdict(ocsps=[then], at=at, above=above) is None
    assert revocation_world.verdict(ocsps=[then], at=NOW - 31 * DAY, above=above) is None
    # Signed after it expired, or about a moment after it expired.
    assert revocation_world.verdict(ocsps=[statement], at=at, above=above) == "TRY_LATER"
    assert revocation_world.verdict(ocsps=[then], at=NOW - 29 * DAY, above=above) == "TRY_LATER"


def test_a_revoked_responder(revocation_world: RevocationWorld) -> None:
    key = revocation_world.ca.issue_responder("Жауапкер", algorithm="ec", no_check=False)
    revocation_world.ca.revoke(key.certificate, NOW - 2 * DAY)
    only_responders = revocation_world.ca.crl(NOW - 10 * DAY, NOW - 9 * DAY)
    assert (
        revocation_world.verdict(
            only_responders,
            ocsps=[revocation_world.ca.ocsp(revocation_world.person.certificate, responder=key)],
        )
        == "TRY_LATER"
    )


@pytest.mark.parametrize(
    "wrong", ["expired", "no purpose", "any purpose", "by the root", "a person", "no usage"]
)
def test_unauthorised_responders(revocation_world: RevocationWorld, wrong: str) -> None:
    authority = revocation_world.root if wrong == "by the root" else revocation_world.ca
    good = authority.issue_responder(
        "Жауапкер", algorithm="ec", not_before=NOW - 60 * DAY, not_after=NOW + DAY
    )
    if wrong == "expired":
        key = revocation_world.ca.issue_responder(
            "Ж", algorithm="ec", not_before=NOW - 60 * DAY, not_after=NOW - DAY
        )
    elif wrong == "a person":
        key = revocation_world.other
    elif wrong == "by the root":
        key = good
    else:
        purposes = {
            "no purpose": [ExtendedKeyUsageOID.CLIENT_AUTH],
            "any purpose": [ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE],
            "no usage": [ExtendedKeyUsageOID.OCSP_SIGNING],
        }[wrong]
        key = delegate(revocation_world, good, purposes, crl_sign=wrong == "no usage")
    statement = ocsp_response(revocation_world, key=key.key, named=key.certificate, carries=[key.certificate])
    assert revocation_world.verdict(ocsps=[statement]) == "TRY_LATER"


def test_extensions_of_a_response(revocation_world: RevocationWorld) -> None:
    nonce = ocsp_response(revocation_world, extension=(x509.OCSPNonce(b"12345678"), True))
    assert revocation_world.verdict(ocsps=[nonce]) is None
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    assert (
        revocation_world.verdict(ocsps=[ocsp_response(revocation_world, extension=(strange, False))]) is None
    )
    for bad in (
        ocsp_response(revocation_world, extension=(strange, True)),
        resign_response(ocsp_response(revocation_world), revocation_world.ca.key, **{"2.999.1": NOW}),
    ):
        with pytest.raises(ValueError, match="critical"):
            revocation_world.verdict(ocsps=[bad])


def test_files_that_are_no_response() -> None:
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    for nothing in (b"", b"nothing", b"\x30\x00", refused.public_bytes(Encoding.DER)):
        with pytest.raises(TrustError, match="no OCSP response"):
            TrustStore.load([], [], [nothing])


def test_many_responders_take_little_time(revocation_world: RevocationWorld) -> None:
    """Each confirms each other one, and the authority confirms none."""
    crowd = [revocation_world.ca.issue_responder(f"Ж{n}", algorithm="ec", no_check=False) for n in range(8)]
    statement = [
        revocation_world.ca.ocsp(about.certificate, responder=by)
        for about in crowd
        for by in crowd
        if about is not by
    ]
    statement.append(revocation_world.ca.ocsp(revocation_world.person.certificate, responder=crowd[0]))
    started = time.process_time()
    assert revocation_world.verdict(ocsps=statement) == "TRY_LATER"
    assert time.process_time() - started < 5
