"""Verdicts on certificates at moments."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from tests.signing.factories import DAY, HOUR, IIN, KEY_USAGES, NAME, SigningWorld
from tests.signing.trust.path_factories import (
    MOMENT,
    OddCertificates,
    distinguished_name,
    fresh_lists,
    verdict,
)
from tests.signing.trust.revocation_factories import NOW, RevocationWorld, ocsp_response, scope

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Revocation, TrustStore, ValidationPolicy, sign, validate
from egovdocs.signing.trust.certificates import PARSE_ERRORS


def test_a_valid_certificate(root: Authority, ca: Authority, person: IssuedKey) -> None:
    store = TrustStore([root.certificate], fresh_lists(root, ca))
    answer = store.check_certificate(person.certificate, chain=[ca.certificate], at=MOMENT)
    assert answer.passed
    assert answer.chain == (person.certificate, ca.certificate, root.certificate)
    assert [check.name for check in answer.checks] == ["chain", "validity", "revocation"]
    assert answer is store.check_certificate(
        person.certificate, chain=[ca.certificate], at=MOMENT + timedelta(hours=1)
    )


def test_an_intermediate_authority_can_be_the_anchor(ca: Authority, person: IssuedKey) -> None:
    assert verdict(TrustStore([ca.certificate], fresh_lists(ca)), person) is None


@pytest.mark.parametrize(
    ("days", "sub_indication"), [(-101, "NOT_YET_VALID"), (-99, None), (99, None), (101, "EXPIRED")]
)
def test_dates(
    days: int, sub_indication: str | None, root: Authority, ca: Authority, person: IssuedKey
) -> None:
    at = MOMENT + days * DAY
    store = TrustStore([root.certificate], fresh_lists(root, ca, at=at))
    assert verdict(store, person, at) == sub_indication
    assert verdict(TrustStore([person.certificate]), person, at) == sub_indication


def test_the_last_second_of_validity(root: Authority, ca: Authority, person: IssuedKey) -> None:
    store = TrustStore([root.certificate], fresh_lists(root, ca))
    end = person.certificate.not_valid_after_utc
    unseen = {"revocation": Revocation.NONE}
    assert [verdict(store, person, end + step * timedelta(seconds=1), **unseen) for step in (-1, 0, 1)] == [
        None,
        None,
        "EXPIRED",
    ]


def test_untrusted(ca: Authority, person: IssuedKey) -> None:
    stranger = Authority.create("Корень", algorithm="ec", not_before=MOMENT - 400 * DAY)
    assert (
        verdict(TrustStore([stranger.certificate], fresh_lists(stranger)), person)
        == "NO_CERTIFICATE_CHAIN_FOUND"
    )
    assert verdict(TrustStore([]), person) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_revoked(root: Authority, ca: Authority) -> None:
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=MOMENT - 50 * DAY)
    ca.revoke(key.certificate, MOMENT - 10 * DAY)
    store = TrustStore([root.certificate], fresh_lists(root, ca))
    assert verdict(store, key) == "REVOKED"
    assert verdict(store, key, revocation=Revocation.IF_PRESENT) == "REVOKED"
    assert verdict(store, key, revocation=Revocation.NONE) is None
    # A list also proves the status before it was made.
    assert verdict(store, key, MOMENT - 11 * DAY) is None
    assert verdict(TrustStore([key.certificate], fresh_lists(ca)), key) == "REVOKED"


def test_a_revoked_authority(root: Authority) -> None:
    ca = root.intermediate("Отозванный центр", algorithm="ec", not_before=MOMENT - 50 * DAY)
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=MOMENT - 50 * DAY)
    root.revoke(ca.certificate, MOMENT - 10 * DAY)
    assert verdict(TrustStore([root.certificate], fresh_lists(root, ca)), key) == "REVOKED_CA_NO_POE"


def test_no_fresh_list(root: Authority, ca: Authority, person: IssuedKey) -> None:
    for known in ([], fresh_lists(ca), fresh_lists(root), fresh_lists(root, ca, at=MOMENT - 10 * DAY)):
        store = TrustStore([root.certificate], known)
        assert verdict(store, person) == "TRY_LATER"
        assert verdict(store, person, revocation=Revocation.IF_PRESENT) is None
        assert verdict(store, person, revocation=Revocation.NONE) is None


def issue_certificate(
    issuer: Authority,
    key: Any,
    *,
    ca: bool = False,
    usage: str = "digital_signature",
    path: int | None = None,
    subject: x509.Name | None = None,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject or x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{usage} {ca}")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MOMENT - DAY)
        .not_valid_after(MOMENT + DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
        .add_extension(x509.KeyUsage(**{flag: flag == usage for flag in KEY_USAGES}), critical=True)
        .sign(issuer.key, SHA256())
    )


def test_a_self_signed_certificate_is_trusted_only_as_an_anchor(world: SigningWorld, root: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = Authority.create("Сам себе", algorithm="ec", not_before=MOMENT - DAY)
    issued = IssuedKey(key, issue_certificate(own, key), ())
    document = sign(b"<a/>", issued.signer)
    assert validate(document, world.policy(), at=MOMENT).sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert validate(document, ValidationPolicy(trust=TrustStore([issued.certificate])), at=MOMENT).passed


def test_an_end_entity_anchor(odd: OddCertificates) -> None:
    person = odd.person(dates=(MOMENT - 2 * DAY, MOMENT))
    for at, expected in (
        (MOMENT - DAY, None),
        (MOMENT + DAY, "EXPIRED"),
        (MOMENT - 3 * DAY, "NOT_YET_VALID"),
    ):
        assert odd.verdict(person, at, anchors=[person.certificate]) == expected
    below = odd.person(Authority(person.key, person.certificate, person.issuers))
    assert odd.verdict(below, anchors=[person.certificate]) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_changed_certificates(odd: OddCertificates) -> None:
    """Any change of a certificate results in a verdict."""
    constraints = x509.NameConstraints([x509.DirectoryName(distinguished_name("Мекеме", "Некто"))], None)
    ca = odd.authority(more=[(constraints, True), (x509.PolicyConstraints(3, 0), False)])
    person = odd.person(ca, more=[(x509.OCSPNoCheck(), False), (x509.InhibitAnyPolicy(0), False)])
    random = Random(5280)
    store = TrustStore([odd.root.certificate], [odd.root.crl(MOMENT - DAY, MOMENT + DAY)])
    parsed = 0
    for _round in range(1500):
        pair = []
        for certificate in (person.certificate, ca.certificate):
            octets = bytearray(certificate.public_bytes(Encoding.DER))
            for _change in range(random.choice([0, 1, 1, 2])):
                octets[random.randrange(len(octets))] = random.randrange(256)
            try:
                pair.append(x509.load_der_x509_certificate(bytes(octets)))
            except (ValueError, x509.InvalidVersion):
                break
        if len(pair) == 2:
            parsed += 1
            assert store.check_certificate(pair[0], chain=pair[1:], at=MOMENT).sub_indication is not None
    assert parsed > 300


def test_changed_lists_and_responses(revocation_world: RevocationWorld) -> None:
    """A changed list or response proves nothing, and raises nothing."""
    key = revocation_world.ca.issue_responder("Жауапкер", algorithm="ec")
    revocation_world.ca.revoke(revocation_world.other.certificate, NOW - DAY, x509.ReasonFlags.superseded)
    own = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR, scope=scope(only_contains_user_certs=True))
    statement = ocsp_response(revocation_world, key=key.key, named=key.certificate, carries=[key.certificate])
    signed = len(asn1_crl.CertificateList.load(own)["tbs_cert_list"].dump())
    random = Random(6960)
    read = 0
    for _round in range(300):
        octets = bytearray(random.choice([own, statement]))
        place = random.randrange(len(octets))
        octets[place] ^= random.randrange(1, 256)
        is_list = len(octets) == len(own)
        try:
            store = TrustStore(
                [revocation_world.root.certificate],
                [revocation_world.above, *([bytes(octets)] if is_list else [])],
                [] if is_list else [bytes(octets)],
            )
        except PARSE_ERRORS:
            continue
        read += 1
        answer = store.check_certificate(
            revocation_world.person.certificate,
            chain=[revocation_world.ca.certificate, key.certificate],
            at=NOW,
        )
        # Only what is outside of the signature may change.
        allowed = ("TRY_LATER",) if is_list and place < signed else ("TRY_LATER", None)
        assert answer.sub_indication in allowed, (place, bytes(octets))
    assert read > 50
