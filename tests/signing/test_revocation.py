"""What lists and OCSP responses say, and who may say it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from asn1crypto import core as asn1_core
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Revocation, TrustError, TrustStore
from egovdocs.signing.trust.certificates import PARSE_ERRORS

# Of our own machine's clock, for cryptography dates responses by it.
NOW = datetime.now(UTC).replace(microsecond=0)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NAME, IIN = "ИВАНОВ ИВАН", "900101300017"
HOLD, COMPROMISE = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.key_compromise


class World:
    def __init__(self) -> None:
        self.root = Authority.create("Корень", algorithm="ec", not_before=NOW - 400 * DAY)
        self.ca = self.root.intermediate("Центр", algorithm="ec", not_before=NOW - 390 * DAY)
        self.person = self.issue()
        self.other = self.issue()

    def issue(self, **dates: Any) -> IssuedKey:
        return self.ca.issue_person(
            NAME,
            IIN,
            algorithm="ec",
            **{"not_before": NOW - 100 * DAY, "not_after": NOW + 100 * DAY, **dates},
        )

    @property
    def above(self) -> bytes:
        return self.root.crl(NOW - DAY, NOW + DAY)

    def verdict(
        self,
        *lists: bytes,
        ocsps: Iterable[bytes] = (),
        at: datetime = NOW,
        key: IssuedKey | None = None,
        chain: Iterable[x509.Certificate] = (),
        above: bytes | None = None,
        **more: Any,
    ) -> str | None:
        store = TrustStore([self.root.certificate], [above or self.above, *lists], ocsps)
        return store.check_certificate(
            (key or self.person).certificate, chain=[self.ca.certificate, *chain], at=at, **more
        ).sub_indication


@pytest.fixture
def world() -> World:
    return World()


def response(
    world: World,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    *,
    about: x509.Certificate | None = None,
    issuer: x509.Certificate | None = None,
    at: datetime = NOW - HOUR,
    until: datetime | None = NOW + HOUR,
    revoked: datetime | None = None,
    reason: x509.ReasonFlags | None = None,
    key: Any = None,
    named: x509.Certificate | None = None,
    carries: Iterable[x509.Certificate] = (),
    by_name: bool = False,
    digest: HashAlgorithm | None = None,
    extension: tuple[x509.ExtensionType, bool] | None = None,
) -> bytes:
    builder = ocsp.OCSPResponseBuilder().add_response(
        about or world.person.certificate,
        issuer or world.ca.certificate,
        digest or SHA1(),
        status,
        at,
        until,
        revoked,
        reason,
    )
    how = ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH
    builder = builder.responder_id(how, named or world.ca.certificate)
    if carries:
        builder = builder.certificates(list(carries))
    if extension is not None:
        builder = builder.add_extension(*extension)
    return builder.sign(key or world.ca.key, SHA256()).public_bytes(Encoding.DER)


def reworked(der: bytes, key: Any, *, produced: datetime | None = None, **extensions: Any) -> bytes:
    """The response with something else in it, signed anew."""
    whole = asn1_ocsp.OCSPResponse.load(der)
    basic = whole["response_bytes"]["response"].parsed
    data = basic["tbs_response_data"]
    if produced is not None:
        data["produced_at"] = produced
    if extensions:
        data["responses"][0]["single_extensions"] = [
            {
                "extn_id": name,
                "critical": name[0] in "123",
                "extn_value": asn1_core.ParsableOctetString(asn1_core.GeneralizedTime(value).dump()),
            }
            for name, value in extensions.items()
        ]
    basic["signature"] = key.sign(data.dump(force=True), ec.ECDSA(SHA256()))
    whole["response_bytes"]["response"] = asn1_core.ParsableOctetString(basic.dump(force=True))
    return bytes(whole.dump(force=True))


REVOKED, UNKNOWN = ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("digest", [SHA1(), SHA256()])
def test_good(world: World, by_name: bool, digest: HashAlgorithm) -> None:
    assert world.verdict() == "TRY_LATER"
    assert world.verdict(ocsps=[response(world, by_name=by_name, digest=digest)]) is None


def test_what_proves_it_is_told(world: World) -> None:
    good = response(world)
    store = TrustStore(
        [world.root.certificate], [world.above, world.ca.crl(NOW - 2 * DAY, NOW + DAY)], [good]
    )
    answer = store.check_certificate(world.person.certificate, chain=[world.ca.certificate], at=NOW)
    assert answer.passed
    assert (answer.crls, answer.ocsp_responses) == ((world.above,), (good,)) or len(answer.crls) == 1


def test_revoked(world: World) -> None:
    said = response(world, REVOKED, revoked=NOW - 10 * DAY, reason=COMPROMISE)
    assert world.verdict(ocsps=[said]) == "REVOKED"
    assert world.verdict(ocsps=[said], revocation=Revocation.IF_PRESENT) == "REVOKED"
    assert world.verdict(ocsps=[said], revocation=Revocation.NONE) is None
    # Before, it was not.
    above = world.root.crl(NOW - 20 * DAY, NOW)
    steps = [world.verdict(ocsps=[said], at=NOW - days * DAY, above=above) for days in (11, 10, 9)]
    assert steps == [None, "REVOKED", "REVOKED"]


def test_revoked_by_either_is_revoked(world: World) -> None:
    empty = world.ca.crl(NOW - DAY, NOW + DAY)
    good = response(world)
    gone = response(world, REVOKED, revoked=NOW - 10 * DAY)
    assert world.verdict(empty, ocsps=[gone]) == "REVOKED"
    assert world.verdict(ocsps=[good, gone]) == "REVOKED"
    # A stale word too.
    assert (
        world.verdict(
            empty,
            ocsps=[response(world, REVOKED, revoked=NOW - 10 * DAY, at=NOW - 9 * DAY, until=NOW - 8 * DAY)],
        )
        == "REVOKED"
    )
    world.ca.revoke(world.person.certificate, NOW - 10 * DAY)
    assert world.verdict(world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[good]) == "REVOKED"


def test_unknown_says_nothing(world: World) -> None:
    unknown = response(world, UNKNOWN)
    assert world.verdict(ocsps=[unknown]) == "TRY_LATER"
    assert world.verdict(world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[unknown]) is None


def test_a_response_is_good_for_its_time(world: World) -> None:
    old = response(world, at=NOW - 10 * DAY, until=NOW - 9 * DAY)
    above = world.root.crl(NOW - 20 * DAY, NOW + DAY)
    steps = {
        NOW: "TRY_LATER",
        NOW - 9 * DAY: None,
        NOW - 9 * DAY + timedelta(seconds=1): "TRY_LATER",
        NOW - 10 * DAY: None,
        # Who was not revoked later, was not before.
        NOW - 11 * DAY: None,
    }
    store = TrustStore([world.root.certificate], [above], [old])
    for _again in range(2):
        for at, expected in steps.items():
            answer = store.check_certificate(world.person.certificate, chain=[world.ca.certificate], at=at)
            assert answer.sub_indication == expected, at


def test_without_an_end_a_response_is_soon_stale(world: World) -> None:
    assert world.verdict(ocsps=[response(world, at=NOW - timedelta(minutes=10), until=None)]) is None
    assert world.verdict(ocsps=[response(world, at=NOW - HOUR, until=None)]) == "TRY_LATER"


def test_after_its_end_a_certificate_is_good_only_where_that_is_kept(world: World) -> None:
    ended = world.issue(not_after=NOW - 10 * DAY)
    at = NOW - 11 * DAY
    late = response(world, about=ended.certificate)
    above = world.root.crl(NOW - 20 * DAY, NOW + DAY)
    assert world.verdict(ocsps=[late], key=ended, at=at, above=above) == "TRY_LATER"
    kept = [reworked(late, world.ca.key, archive_cutoff=NOW - days * DAY) for days in (9, 10, 30)]
    assert [world.verdict(ocsps=[each], key=ended, at=at, above=above) for each in kept] == [
        "TRY_LATER",
        None,
        None,
    ]
    gone = response(world, REVOKED, revoked=NOW - 12 * DAY, about=ended.certificate)
    assert world.verdict(ocsps=[gone], key=ended, at=at, above=above) == "REVOKED"


def test_another_certificate_or_another_authority(world: World) -> None:
    assert world.verdict(ocsps=[response(world, about=world.other.certificate)]) == "TRY_LATER"
    impostor = Authority.create("Центр", algorithm="ec", not_before=NOW - 390 * DAY)
    by_name = response(world, key=impostor.key, named=impostor.certificate, by_name=True)
    assert world.verdict(ocsps=[by_name]) == "TRY_LATER"
    for issuer in (None, impostor.certificate):
        forged = response(
            world, issuer=issuer, key=impostor.key, named=impostor.certificate, carries=[impostor.certificate]
        )
        assert world.verdict(ocsps=[forged]) == "TRY_LATER"


def test_the_signature_counts(world: World) -> None:
    good = response(world)
    spoilt = good[:-1] + bytes([good[-1] ^ 1])
    assert world.verdict(ocsps=[spoilt]) == "TRY_LATER"


def test_a_responder(world: World) -> None:
    for no_check, lists, expected in (
        (True, (), None),
        (False, (), "TRY_LATER"),
        (False, (world.ca.crl(NOW - DAY, NOW + DAY),), None),
    ):
        key = world.ca.issue_responder("Жауапкер", algorithm="ec", no_check=no_check)
        said = response(world, key=key.key, named=key.certificate, carries=[key.certificate])
        assert world.verdict(*lists, ocsps=[said]) == expected
    good = world.ca.ocsp(world.person.certificate, responder=key)
    assert world.verdict(world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[good]) is None
    assert world.verdict(ocsps=[good]) == "TRY_LATER"
    # Its own word about itself counts for nothing.
    itself = world.ca.ocsp(key.certificate, responder=key)
    assert world.verdict(ocsps=[good, itself]) == "TRY_LATER"
    assert world.verdict(ocsps=[good, world.ca.ocsp(key.certificate)]) is None


def test_a_responder_must_be_one_when_it_answers(world: World) -> None:
    dates = {"not_before": NOW - 60 * DAY, "not_after": NOW - 30 * DAY}
    key = world.ca.issue_responder("Жауапкер", algorithm="ec", **dates)
    at, above = NOW - 40 * DAY, world.root.crl(NOW - 70 * DAY, NOW)
    said = world.ca.ocsp(world.person.certificate, NOW - 39 * DAY, NOW, responder=key)
    then = reworked(said, key.key, produced=NOW - 39 * DAY)
    assert world.verdict(ocsps=[then], at=at, above=above) is None
    assert world.verdict(ocsps=[then], at=NOW - 31 * DAY, above=above) is None
    # Dated after it was one, or asked about a time when it no longer was.
    assert world.verdict(ocsps=[said], at=at, above=above) == "TRY_LATER"
    assert world.verdict(ocsps=[then], at=NOW - 29 * DAY, above=above) == "TRY_LATER"


def test_a_revoked_responder(world: World) -> None:
    key = world.ca.issue_responder("Жауапкер", algorithm="ec", no_check=False)
    world.ca.revoke(key.certificate, NOW - 2 * DAY)
    only_responders = world.ca.crl(NOW - 10 * DAY, NOW - 9 * DAY)
    assert (
        world.verdict(only_responders, ocsps=[world.ca.ocsp(world.person.certificate, responder=key)])
        == "TRY_LATER"
    )


@pytest.mark.parametrize(
    "wrong", ["expired", "no purpose", "any purpose", "by the root", "a person", "no usage"]
)
def test_no_responder(world: World, wrong: str) -> None:
    authority = world.root if wrong == "by the root" else world.ca
    good = authority.issue_responder(
        "Жауапкер", algorithm="ec", not_before=NOW - 60 * DAY, not_after=NOW + DAY
    )
    if wrong == "expired":
        key = world.ca.issue_responder("Ж", algorithm="ec", not_before=NOW - 60 * DAY, not_after=NOW - DAY)
    elif wrong == "a person":
        key = world.other
    elif wrong == "by the root":
        key = good
    else:
        purposes = {
            "no purpose": [ExtendedKeyUsageOID.CLIENT_AUTH],
            "any purpose": [ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE],
            "no usage": [ExtendedKeyUsageOID.OCSP_SIGNING],
        }[wrong]
        key = _delegate(world, good, purposes, crl_sign=wrong == "no usage")
    said = response(world, key=key.key, named=key.certificate, carries=[key.certificate])
    assert world.verdict(ocsps=[said]) == "TRY_LATER"


def _delegate(
    world: World,
    key: IssuedKey,
    purposes: Iterable[x509.ObjectIdentifier] = (),
    *,
    issuer: Authority | None = None,
    subject: x509.Name | None = None,
    crl_sign: bool = False,
) -> IssuedKey:
    issuer = issuer or world.ca
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject or key.certificate.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key.certificate.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 50 * DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .add_extension(_usage(crl_sign), critical=True)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=False)
    return IssuedKey(key.key, builder.sign(issuer.key, SHA256()), issuer.chain)


def _usage(crl_sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(not crl_sign, False, False, False, False, False, crl_sign, False, False)


def test_extensions_of_a_response(world: World) -> None:
    nonce = response(world, extension=(x509.OCSPNonce(b"12345678"), True))
    assert world.verdict(ocsps=[nonce]) is None
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    assert world.verdict(ocsps=[response(world, extension=(strange, False))]) is None
    for bad in (
        response(world, extension=(strange, True)),
        reworked(response(world), world.ca.key, **{"2.999.1": NOW}),
    ):
        with pytest.raises(ValueError, match="critical"):
            world.verdict(ocsps=[bad])


def test_what_is_no_response() -> None:
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    for nothing in (b"", b"nothing", b"\x30\x00", refused.public_bytes(Encoding.DER)):
        with pytest.raises(TrustError, match="no OCSP response"):
            TrustStore.load([], [], [nothing])


def test_a_hold(world: World) -> None:
    held = response(world, REVOKED, revoked=NOW - 10 * DAY, reason=HOLD, at=NOW - 3 * HOUR)
    assert world.verdict(ocsps=[held]) == "TRY_LATER"
    assert world.verdict(ocsps=[held], revocation=Revocation.IF_PRESENT) == "TRY_LATER"
    assert world.verdict(world.ca.crl(NOW - DAY, NOW + DAY), ocsps=[held]) == "TRY_LATER"
    assert world.verdict(ocsps=[held, response(world)]) is None


def test_a_hold_that_was_lifted_is_no_revocation(world: World) -> None:
    """Nor for a time-stamping authority, of which any later one counts (RFC 3161, 4)."""
    world.ca.revoke(world.person.certificate, NOW - 5 * HOUR, HOLD)
    held = world.ca.crl(NOW - 4 * HOUR, NOW + HOUR)
    world.ca.restore(world.person.certificate)
    lifted = world.ca.crl(NOW - HOUR, NOW + HOUR)
    for lists, known in (([held], 1), ([held, lifted], 0)):
        store = TrustStore([world.root.certificate], [world.above, *lists])
        answer = store.check_certificate(
            world.person.certificate, chain=[world.ca.certificate], at=NOW - 6 * HOUR
        )
        assert answer.passed
        assert len(answer.entries) == known


def test_the_date_it_became_invalid_is_not_looked_at(world: World) -> None:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(world.person.certificate.serial_number)
        .revocation_date(NOW - DAY)
        .add_extension(x509.InvalidityDate((NOW - 30 * DAY).replace(tzinfo=None)), critical=False)
    )
    said = _list(world.ca, entry=entry)
    assert world.verdict(said) == "REVOKED"
    assert world.verdict(said, at=NOW - 2 * DAY, above=world.root.crl(NOW - 9 * DAY)) is None


def _list(
    issuer: Authority,
    *extensions: tuple[x509.ExtensionType, bool],
    name: x509.Name | None = None,
    entry: x509.RevokedCertificateBuilder | None = None,
    entries: Iterable[x509.RevokedCertificate] = (),
    until: datetime | None = None,
    key: Any = None,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name or issuer.certificate.subject)
        .last_update(NOW - HOUR)
        .next_update(until or NOW + HOUR)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    for each in (*entries, *([entry.build()] if entry else [])):
        builder = builder.add_revoked_certificate(each)
    return builder.sign(key or issuer.key, SHA256()).public_bytes(Encoding.DER)


def test_critical_extensions_of_lists(world: World) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    assert world.verdict(_list(world.ca, (strange, False))) is None
    assert world.verdict(_list(world.ca, (strange, True))) == "TRY_LATER"
    entry = x509.RevokedCertificateBuilder().serial_number(world.person.certificate.serial_number)
    entry = entry.revocation_date(NOW - DAY)
    assert world.verdict(_list(world.ca, entry=entry)) == "REVOKED"
    assert world.verdict(_list(world.ca, entry=entry.add_extension(strange, critical=True))) == "TRY_LATER"
    another = x509.RevokedCertificateBuilder().serial_number(1).revocation_date(NOW - DAY)
    assert world.verdict(_list(world.ca, entry=another.add_extension(strange, critical=False))) is None
    assert world.verdict(_list(world.ca, entry=another.add_extension(strange, critical=True))) == "TRY_LATER"


# Deltas


@pytest.fixture
def base(world: World) -> bytes:
    return world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)


def test_revoked_in_the_delta_alone(world: World, base: bytes) -> None:
    world.ca.revoke(world.person.certificate, NOW - 2 * HOUR, COMPROMISE)
    delta = world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert world.verdict(base) is None
    assert world.verdict(base, delta) == "REVOKED"
    assert world.verdict(base, delta, at=NOW - 3 * HOUR) is None
    assert world.verdict(base, delta, key=world.other) is None


def test_a_delta_lifts_a_hold(world: World) -> None:
    world.ca.revoke(world.person.certificate, NOW - 9 * HOUR, HOLD)
    base = world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)
    world.ca.restore(world.person.certificate)
    lifted = world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert world.verdict(base) == "TRY_LATER"
    assert world.verdict(base, lifted) is None
    world.ca.revoke(world.person.certificate, NOW - timedelta(minutes=40), HOLD)
    again = world.ca.crl(NOW - timedelta(minutes=30), NOW + HOUR, since=base)
    assert world.verdict(base, lifted) is None
    assert world.verdict(base, lifted, again) in (None, "TRY_LATER")


def test_a_delta_holds(world: World, base: bytes) -> None:
    world.ca.revoke(world.person.certificate, NOW - 2 * HOUR, HOLD)
    held = world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert world.verdict(base, held) == "TRY_LATER"
    world.ca.restore(world.person.certificate)
    later = world.ca.crl(NOW - HOUR / 2, NOW + HOUR, since=base)
    assert world.verdict(base, held, later) is None
    assert world.verdict(base, held, world.ca.crl(NOW - HOUR / 2, NOW + HOUR)) is None


def test_a_hold_that_a_delta_makes_final(world: World) -> None:
    world.ca.revoke(world.person.certificate, NOW - 9 * HOUR, HOLD)
    base = world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)
    world.ca.revoke(world.person.certificate, NOW - 9 * HOUR, COMPROMISE)
    delta = world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert world.verdict(base) == "TRY_LATER"
    assert world.verdict(base, delta) == "REVOKED"


def test_a_delta_by_itself(world: World, base: bytes) -> None:
    delta = world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert world.verdict(delta) == "TRY_LATER"
    world.ca.revoke(world.person.certificate, NOW - 2 * HOUR, COMPROMISE)
    assert world.verdict(world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)) == "REVOKED"


def test_a_delta_to_another_list(world: World) -> None:
    """Its base is newer than the list held: what happened in between is missing."""
    world.ca.revoke(world.person.certificate, NOW - 30 * HOUR, HOLD)
    old = world.ca.crl(NOW - 20 * HOUR, NOW + HOUR)
    newer = world.ca.crl(NOW - 5 * HOUR, NOW + HOUR)
    world.ca.restore(world.person.certificate)
    delta = world.ca.crl(NOW - HOUR, NOW + HOUR, since=newer)
    assert world.verdict(old, delta) == "TRY_LATER"
    assert world.verdict(newer, delta) is None
    # It may be added to a later list than its base, up to its own number.
    assert world.verdict(old, newer, delta) is None


def test_a_delta_revives_a_stale_list(world: World) -> None:
    base = world.ca.crl(NOW - 5 * DAY, NOW - 4 * DAY)
    delta = world.ca.crl(NOW - HOUR, NOW + HOUR, since=base)
    assert world.verdict(base) == "TRY_LATER"
    assert world.verdict(base, delta) is None
    stale = world.ca.crl(NOW - 2 * DAY, NOW - DAY, since=base)
    assert world.verdict(base, stale) == "TRY_LATER"
    at = NOW - DAY - HOUR
    assert world.verdict(base, stale, at=at, above=world.root.crl(NOW - 9 * DAY, NOW)) is None


def test_a_stale_delta_does_no_harm(world: World, base: bytes) -> None:
    stale = world.ca.crl(NOW - 4 * HOUR, NOW - 2 * HOUR, since=base)
    assert world.verdict(base, stale) is None


def test_a_forged_delta(world: World) -> None:
    base = world.ca.crl(NOW - 5 * DAY, NOW - 4 * DAY)
    forger = Authority(ec.generate_private_key(ec.SECP256R1()), world.ca.certificate, world.ca.issuers)
    assert world.verdict(base, forger.crl(NOW - HOUR, NOW + HOUR, since=base)) == "TRY_LATER"


def test_where_a_delta_would_be_had_is_only_said(world: World) -> None:
    """A list that names its deltas' address is whole without them (RFC 5280, 5.2.6)."""
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.example/d.crl")], None, None, None
    )
    assert world.verdict(_list(world.ca, (x509.FreshestCRL([point]), False))) is None


def test_a_delta_of_another_scope(world: World) -> None:
    base = world.ca.crl(NOW - 5 * DAY, NOW - 4 * DAY)
    scoped = world.ca.crl(NOW - HOUR, NOW + HOUR, since=base, scope=_scope(only_contains_user_certs=True))
    assert world.verdict(base, scoped) == "TRY_LATER"


# Scopes


def _scope(**what: Any) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        **{
            "full_name": None,
            "relative_name": None,
            "only_contains_user_certs": False,
            "only_contains_ca_certs": False,
            "only_some_reasons": None,
            "indirect_crl": False,
            "only_contains_attribute_certs": False,
            **what,
        }
    )


def scoped(authority: Authority, **what: Any) -> bytes:
    return authority.crl(NOW - HOUR, NOW + HOUR, scope=_scope(**what))


def test_lists_of_one_sort_of_certificates(world: World) -> None:
    assert world.verdict(scoped(world.ca, only_contains_user_certs=True)) is None
    assert world.verdict(scoped(world.ca, only_contains_ca_certs=True)) == "TRY_LATER"
    assert world.verdict(scoped(world.ca, only_contains_attribute_certs=True)) == "TRY_LATER"
    own = world.ca.crl(NOW - HOUR, NOW + HOUR)
    assert world.verdict(own, above=scoped(world.root, only_contains_ca_certs=True)) is None
    assert world.verdict(own, above=scoped(world.root, only_contains_user_certs=True)) == "TRY_LATER"


def test_lists_of_some_reasons(world: World) -> None:
    reasons = [each for each in x509.ReasonFlags if each.name not in ("unspecified", "remove_from_crl")]
    first, others = frozenset(reasons[:3]), frozenset(reasons[3:])
    assert world.verdict(scoped(world.ca, only_some_reasons=first)) == "TRY_LATER"
    parts = [scoped(world.ca, only_some_reasons=each) for each in (first, others)]
    assert world.verdict(*parts) is None
    world.ca.revoke(world.person.certificate, NOW - DAY, COMPROMISE)
    assert world.verdict(scoped(world.ca, only_some_reasons=first)) == "REVOKED"


def test_lists_of_one_distribution_point(world: World) -> None:
    uri = [x509.UniformResourceIdentifier("http://crl.example/1.crl")]
    part = scoped(world.ca, full_name=uri)
    assert world.verdict(part) == "TRY_LATER"
    point = x509.DistributionPoint(uri, None, None, None)
    elsewhere = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.example/2.crl")], None, None, None
    )
    for points, expected in (([point], None), ([elsewhere], "TRY_LATER"), ([elsewhere, point], None)):
        assert world.verdict(part, key=pointed(world, *points)) == expected
    own_name = [x509.DirectoryName(world.ca.certificate.subject)]
    assert world.verdict(scoped(world.ca, full_name=own_name)) is None
    relative = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "1")])
    part = scoped(world.ca, relative_name=relative)
    whole = x509.DirectoryName(x509.Name([*world.ca.certificate.subject.rdns, relative]))
    assert world.verdict(part) == "TRY_LATER"
    for near in (
        x509.DistributionPoint(None, relative, None, None),
        x509.DistributionPoint([whole], None, None, None),
    ):
        assert world.verdict(part, key=pointed(world, near)) is None


def pointed(world: World, *points: x509.DistributionPoint, issuer: Authority | None = None) -> IssuedKey:
    issuer = issuer or world.ca
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(world.person.certificate.subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.CRLDistributionPoints(list(points)), critical=False)
        .sign(issuer.key, SHA256())
    )
    return IssuedKey(key, certificate, issuer.chain)


# Who may sign a list


def test_a_list_by_a_sibling(world: World) -> None:
    """A certificate of the same authority, for lists, does not make its holder speak for the authority."""
    for crl_sign in (True, False):
        sibling = _delegate(world, world.other, crl_sign=crl_sign)
        said = _list(world.ca, name=sibling.certificate.subject, key=sibling.key)
        assert world.verdict(said, chain=[sibling.certificate]) == "TRY_LATER"


def test_an_authority_does_not_vouch_for_itself(world: World) -> None:
    """Nor by another certificate of its own."""
    second = IssuedKey(world.ca.key, world.ca.certificate, world.ca.issuers)
    twin = _delegate(world, second, issuer=world.root, crl_sign=True)
    own = world.ca.crl(NOW - HOUR, NOW + HOUR)
    store = TrustStore([world.root.certificate], [own])
    answer = store.check_certificate(
        world.person.certificate, chain=[world.ca.certificate, twin.certificate], at=NOW
    )
    assert answer.sub_indication == "TRY_LATER"


def test_an_authority_with_a_new_key(world: World) -> None:
    """It signs its lists with the new one, for the old certificates too."""
    renewed = world.root.intermediate("Центр", algorithm="ec", not_before=NOW - 10 * DAY)
    said = renewed.crl(NOW - HOUR, NOW + HOUR)
    assert world.verdict(said) == "TRY_LATER"
    assert world.verdict(said, chain=[renewed.certificate]) is None
    renewed.revoke(world.person.certificate, NOW - DAY)
    assert world.verdict(renewed.crl(NOW - HOUR), chain=[renewed.certificate]) == "REVOKED"
    # A namesake under another root is another.
    stranger = Authority.create("Корень", algorithm="ec", not_before=NOW - 400 * DAY)
    foreign = stranger.intermediate("Центр", algorithm="ec", not_before=NOW - 10 * DAY)
    said = foreign.crl(NOW - HOUR, NOW + HOUR)
    assert world.verdict(said, chain=[foreign.certificate, stranger.certificate]) == "TRY_LATER"
    # And one that was revoked itself says nothing.
    world.root.revoke(renewed.certificate, NOW - 9 * DAY)
    assert world.verdict(renewed.crl(NOW - HOUR), chain=[renewed.certificate]) == "TRY_LATER"


def test_indirect_lists(world: World) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Списки")])
    lister = _delegate(world, world.other, issuer=world.root, subject=name, crl_sign=True)
    point = x509.DistributionPoint(None, None, None, [x509.DirectoryName(name)])
    key = pointed(world, point)

    def about(issuer: x509.Name | None, **what: Any) -> bytes:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(key.certificate.serial_number)
            .revocation_date(NOW - DAY / 2)
        )
        if issuer is not None:
            entry = entry.add_extension(x509.CertificateIssuer([x509.DirectoryName(issuer)]), critical=True)
        scope = _scope(**{"indirect_crl": True, **what})
        return _list(world.ca, (scope, True), name=name, key=lister.key, entry=entry)

    def verdict(said: bytes, asked: IssuedKey = key) -> str | None:
        return world.verdict(said, key=asked, chain=[lister.certificate])

    assert verdict(about(world.root.certificate.subject)) is None
    assert verdict(about(world.ca.certificate.subject)) == "REVOKED"
    # Without the issuer, an entry is about the list's own.
    assert verdict(about(None)) is None
    # Not for who does not name it.
    assert verdict(about(world.ca.certificate.subject), world.person) == "TRY_LATER"
    # Nor when the list does not say that it is one.
    assert verdict(_list(world.ca, name=name, key=lister.key)) == "TRY_LATER"
    # An authority's own list may be about others' certificates, too.
    entries = [
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(NOW - DAY)
        .add_extension(x509.CertificateIssuer([x509.DirectoryName(issuer)]), critical=True)
        .build()
        for serial, issuer in (
            (world.other.certificate.serial_number, world.ca.certificate.subject),
            (world.person.certificate.serial_number, world.root.certificate.subject),
        )
    ]
    own = _list(world.ca, (_scope(indirect_crl=True), True), entries=entries)
    assert world.verdict(own) is None
    assert world.verdict(own, key=world.other) == "REVOKED"


def test_a_list_by_an_authority_that_may_not_sign_lists(world: World) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Без списков")])
    usage = x509.KeyUsage(False, False, False, False, False, True, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(world.root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(world.root.key, SHA256())
    )
    authority = Authority(key, certificate, world.root.chain)
    person = authority.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - DAY)
    said = authority.crl(NOW - HOUR, NOW + HOUR)
    assert world.verdict(said, key=person, chain=[certificate]) == "TRY_LATER"
    good = authority.ocsp(person.certificate)
    assert world.verdict(key=person, chain=[certificate], ocsps=[good]) is None


def test_a_list_signed_too_weakly(world: World) -> None:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(world.ca.certificate.subject)
        .last_update(NOW - HOUR)
        .next_update(NOW + HOUR)
    )
    good = builder.sign(world.ca.key, SHA256()).public_bytes(Encoding.DER)
    assert world.verdict(good) is None
    parsed = asn1_crl.CertificateList.load(good)
    parsed["tbs_cert_list"]["signature"] = parsed["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}
    parsed["signature"] = world.ca.key.sign(parsed["tbs_cert_list"].dump(), ec.ECDSA(SHA1()))  # type: ignore[call-arg, arg-type]
    assert world.verdict(parsed.dump(force=True)) == "TRY_LATER"


def test_what_an_authority_says_after_it_was_revoked(world: World) -> None:
    at = NOW - 2 * DAY
    world.root.revoke(world.ca.certificate, NOW - DAY)
    above = world.root.crl(NOW - HOUR, NOW + HOUR)
    later, before = world.ca.crl(NOW - HOUR, NOW + HOUR), world.ca.crl(NOW - 3 * DAY, NOW)
    assert world.verdict(later, above=above, at=at) == "TRY_LATER"
    assert world.verdict(before, above=above, at=at) is None
    assert world.verdict(before, above=above) == "REVOKED_CA_NO_POE"


def test_hostile_octets(world: World) -> None:
    """A list or a response that somebody spoilt says nothing, and stops nobody."""
    key = world.ca.issue_responder("Жауапкер", algorithm="ec")
    world.ca.revoke(world.other.certificate, NOW - DAY, x509.ReasonFlags.superseded)
    own = world.ca.crl(NOW - HOUR, NOW + HOUR, scope=_scope(only_contains_user_certs=True))
    said = response(world, key=key.key, named=key.certificate, carries=[key.certificate])
    signed = len(asn1_crl.CertificateList.load(own)["tbs_cert_list"].dump())
    random = Random(6960)
    read = 0
    for _round in range(300):
        octets = bytearray(random.choice([own, said]))
        place = random.randrange(len(octets))
        octets[place] ^= random.randrange(1, 256)
        is_list = len(octets) == len(own)
        try:
            store = TrustStore(
                [world.root.certificate],
                [world.above, *([bytes(octets)] if is_list else [])],
                [] if is_list else [bytes(octets)],
            )
        except PARSE_ERRORS:
            continue
        read += 1
        answer = store.check_certificate(
            world.person.certificate, chain=[world.ca.certificate, key.certificate], at=NOW
        )
        # What is outside the signature may be changed, and nothing else.
        allowed = ("TRY_LATER",) if is_list and place < signed else ("TRY_LATER", None)
        assert answer.sub_indication in allowed, (place, bytes(octets))
    assert read > 50


def test_what_is_remembered_is_what_would_be_answered(world: World) -> None:
    """At whatever moments, in whatever order."""
    random = Random(319102)
    responder = world.ca.issue_responder(
        "Жауапкер", algorithm="ec", not_before=NOW - 9 * DAY, not_after=NOW + 3 * DAY, no_check=False
    )
    person = world.person.certificate
    base = world.ca.crl(NOW - 20 * DAY, NOW - 12 * DAY)
    world.ca.revoke(person, NOW - 16 * DAY, HOLD)
    held = world.ca.crl(NOW - 15 * DAY, NOW - 11 * DAY, since=base)
    world.ca.restore(person)
    lifted = world.ca.crl(NOW - 13 * DAY, NOW - 10 * DAY)
    good = world.ca.ocsp(person, NOW - 6 * DAY, NOW - 5 * DAY, responder=responder)
    world.ca.revoke(person, NOW - 4 * DAY, COMPROMISE)
    gone = world.ca.crl(NOW - 2 * DAY, NOW + DAY, since=lifted)
    moments = [NOW + random.randrange(-22 * 24, 3 * 24) * HOUR for _number in range(60)]
    everything = [base, held, lifted, gone]
    seen = set()
    for lists in (everything, [base, held], [lifted], [lifted, gone]):
        known = [world.root.crl(NOW - 30 * DAY, NOW + 30 * DAY), *lists]
        store = TrustStore([world.root.certificate], known, [good])
        for at in moments:
            fresh = TrustStore([world.root.certificate], known, [good])
            answers = [
                each.check_certificate(person, chain=[world.ca.certificate], at=at).sub_indication
                for each in (store, fresh)
            ]
            assert answers[0] == answers[1], (at, lists)
            seen.add(answers[0])
    assert seen == {None, "TRY_LATER", "REVOKED"}


def test_a_crowd_of_responders_costs_no_time(world: World) -> None:
    """Each vouched for by each, and none by the authority."""
    crowd = [world.ca.issue_responder(f"Ж{n}", algorithm="ec", no_check=False) for n in range(8)]
    said = [
        world.ca.ocsp(about.certificate, responder=by) for about in crowd for by in crowd if about is not by
    ]
    said.append(world.ca.ocsp(world.person.certificate, responder=crowd[0]))
    started = time.process_time()
    assert world.verdict(ocsps=said) == "TRY_LATER"
    assert time.process_time() - started < 5
