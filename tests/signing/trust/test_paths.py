"""Certification paths."""

from __future__ import annotations

import time
from itertools import permutations
from typing import Any

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256
from tests.signing.factories import DAY, IIN, NAME
from tests.signing.trust.path_factories import (
    MOMENT,
    OddCertificates,
    distinguished_name,
    fresh_lists,
    issue_certificate,
    resign,
    verdict,
)

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore


def test_the_name_of_another_authority(root: Authority, ca: Authority) -> None:
    impostor = Authority(ec.generate_private_key(ec.SECP256R1()), ca.certificate, ca.issuers).issue_person(
        NAME, IIN, algorithm="ec", not_before=MOMENT - DAY
    )
    store = TrustStore([root.certificate], fresh_lists(root, ca))
    assert verdict(store, impostor) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_person_is_no_authority(root: Authority, ca: Authority, person: IssuedKey) -> None:
    pretender = Authority(person.key, person.certificate, person.issuers)
    key = pretender.issue_person("ЖЕРТВА АННА", IIN, algorithm="ec", not_before=MOMENT - DAY)
    store = TrustStore([root.certificate], fresh_lists(root, ca, pretender))
    assert verdict(store, key) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_a_path_longer_than_allowed(root: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    first = Authority(
        key, issue_certificate(root, key, ca=True, usage="key_cert_sign", path=0), (root.certificate,)
    )
    second = first.intermediate("Второй", algorithm="ec", not_before=MOMENT - DAY)
    issued = second.issue_person(NAME, IIN, algorithm="ec", not_before=MOMENT - DAY)
    store = TrustStore([root.certificate], fresh_lists(root, first, second))
    assert verdict(store, issued) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_many_certificates_of_one_name_take_little_time() -> None:
    crowd = Authority.create("Толпа", algorithm="ec", not_before=MOMENT - DAY)
    same = [
        issue_certificate(crowd, crowd.key, ca=True, subject=crowd.certificate.subject)
        for _number in range(15)
    ]
    issued = crowd.issue_person(NAME, IIN, algorithm="ec", not_before=MOMENT - DAY)
    store = TrustStore([Authority.create("Толпа", algorithm="ec", not_before=MOMENT - DAY).certificate])
    started = time.process_time()
    answer = store.check_certificate(issued.certificate, chain=same, at=MOMENT)
    assert answer.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "options",
    [
        {"ca": False},
        {"ca": None},
        {"usage": ("digital_signature", "crl_sign")},
        {"path": 0, "below": True},
        {"more": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00"), True)]},
        {"dates": (MOMENT - 50 * DAY, MOMENT - DAY)},
        {"dates": (MOMENT + DAY, MOMENT + 50 * DAY)},
        {"more": [(x509.PolicyConstraints(0, None), True)]},
    ],
)
def test_authorities_that_may_not_issue(options: dict[str, Any], odd: OddCertificates) -> None:
    options = dict(options)
    below = options.pop("below", False)
    authority = odd.authority(**options)
    if below:
        assert odd.verdict(odd.person(authority)) is None
        authority = odd.authority(authority, "Ниже")
    assert odd.verdict(odd.person(authority)) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_unusual_authorities_that_may_issue(odd: OddCertificates) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    for options in ({"usage": None}, {"path": 0}, {"more": [(strange, False)]}):
        assert odd.verdict(odd.person(odd.authority(**options))) is None


def test_an_authority_is_judged_at_the_moment(odd: OddCertificates) -> None:
    ended = odd.authority(dates=(MOMENT - 50 * DAY, MOMENT - DAY))
    assert odd.verdict(odd.person(ended), MOMENT - 2 * DAY) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ca": False}, "no certification authority"),
        ({"usage": ("digital_signature", "crl_sign")}, "not for that"),
        ({"path": 0}, "longer than"),
        (
            {"more": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00"), True)]},
            "critical extension",
        ),
        (
            {
                "more": [
                    (
                        x509.NameConstraints(
                            None, [x509.DirectoryName(distinguished_name("Мекеме", "Некто"))]
                        ),
                        True,
                    )
                ]
            },
            "may certify",
        ),
    ],
)
def test_reasons(options: dict[str, Any], words: str, odd: OddCertificates) -> None:
    authority = odd.authority(**options)
    if "path" in options:
        authority = odd.authority(authority, "Ниже")
    person = odd.person(authority)
    answer = TrustStore([odd.root.certificate]).check_certificate(
        person.certificate, chain=person.issuers[:-1], at=MOMENT
    )
    assert words in str(answer.reason)


@pytest.mark.parametrize("on_anchor", [False, True])
def test_name_constraints(on_anchor: bool, odd: OddCertificates) -> None:
    allowed = x509.DirectoryName(
        x509.Name(
            [
                x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "KZ"),
                x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Наши"),
            ]
        )
    )
    for constraints, expected in (
        (x509.NameConstraints([allowed], None), [None, "CERTIFICATE_CHAIN_GENERAL_FAILURE"]),
        (x509.NameConstraints(None, [allowed]), ["CERTIFICATE_CHAIN_GENERAL_FAILURE", None]),
    ):
        kept = odd.authority(more=[(constraints, True)])
        people = [odd.person(kept, organisation=each) for each in ("Наши", "Чужие")]
        anchors = [kept.certificate] if on_anchor else []
        assert [odd.verdict(each, anchors=anchors) for each in people] == expected


def test_the_path_length_of_an_anchor(odd: OddCertificates) -> None:
    short = odd.authority(path=0)
    longer = odd.authority(short, "Ниже")
    assert odd.verdict(odd.person(short), anchors=[short.certificate]) is None
    assert odd.verdict(odd.person(longer), anchors=[short.certificate]) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_cross_certificates(odd: OddCertificates) -> None:
    """One key of an authority, certified by two issuers: the valid path counts, in any order."""
    other = Authority.create("Другой корень", algorithm="ec", not_before=MOMENT - 400 * DAY)
    ca = odd.authority()
    cross = odd.authority(other, key=ca.key)
    expired = odd.authority(key=ca.key, dates=(MOMENT - 50 * DAY, MOMENT - DAY))
    person = odd.person(ca)
    for several in permutations([ca.certificate, cross.certificate, expired.certificate]):
        assert odd.verdict(person, chain=several) is None
        assert odd.verdict(person, chain=several, anchors=[other.certificate]) is None
    for several in permutations([cross.certificate, expired.certificate]):
        assert odd.verdict(person, chain=several) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_two_authorities_of_one_name(odd: OddCertificates) -> None:
    """Two keys of one name: the signature decides which one issued a certificate."""
    first, second = odd.authority(), odd.authority()
    for authority in (first, second):
        person = odd.person(authority)
        for several in permutations([first.certificate, second.certificate]):
            assert odd.verdict(person, chain=several) is None
        assert odd.verdict(person, anchors=[first.certificate, second.certificate]) is None
    assert odd.verdict(odd.person(first), chain=[second.certificate]) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_matching_names(odd: OddCertificates) -> None:
    """Case, spaces and string types are ignored (RFC 5280, 7.1)."""
    ca = odd.authority(name="Orda Centre", organisation="Orda")
    person = odd.person(ca)
    name = asn1_x509.Name.build(
        {"country_name": "KZ", "organization_name": "ORDA", "common_name": "orda  centre "}
    )
    assert odd.verdict(resign(person, ca.key, issuer=name)) is None
    name = asn1_x509.Name.build(
        {"country_name": "KZ", "organization_name": "ORDA", "common_name": "ordacentre"}
    )
    assert odd.verdict(resign(person, ca.key, issuer=name)) == "NO_CERTIFICATE_CHAIN_FOUND"


@pytest.mark.parametrize(
    ("algorithm", "digest"), [("sha1_ecdsa", SHA1()), ("sha1_rsa", SHA1()), ("md5_rsa", MD5())]
)
def test_weak_digests(algorithm: str, digest: Any, odd: OddCertificates) -> None:
    key = rsa.generate_private_key(65537, 2048) if "rsa" in algorithm else None
    ca = odd.authority(key=key)
    person = resign(odd.person(ca), ca.key, algorithm=algorithm, digest=digest)
    assert odd.verdict(person) == "CRYPTO_CONSTRAINTS_FAILURE"
    # The signature of an anchor on itself is not checked.
    anchor = resign(IssuedKey(ca.key, ca.certificate, ()), ca.key, algorithm=algorithm, digest=digest)
    assert odd.verdict(odd.person(ca), anchors=[anchor.certificate]) is None
    assert odd.verdict(person, anchors=[anchor.certificate]) == "CRYPTO_CONSTRAINTS_FAILURE"


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP192R1())]
)  # type: ignore[arg-type]
def test_weak_keys_of_authorities(key: Any, odd: OddCertificates) -> None:
    ca = odd.authority(key=key)
    assert odd.verdict(odd.person(ca)) == "CRYPTO_CONSTRAINTS_FAILURE"
    assert odd.verdict(odd.person(ca), anchors=[ca.certificate]) == "CRYPTO_CONSTRAINTS_FAILURE"


def test_two_different_algorithms_in_one_certificate(odd: OddCertificates) -> None:
    """One in the signed part, another beside the signature (RFC 5280, 4.1.1.2)."""
    person = resign(odd.person(), odd.root.key, inner="sha512_ecdsa")
    assert odd.verdict(person) == "NO_CERTIFICATE_CHAIN_FOUND"


@pytest.mark.parametrize("serial", [0, -1, -(2**64), 2**200])
def test_odd_serial_numbers(serial: int, odd: OddCertificates) -> None:
    """Applications should handle them (RFC 5280, 4.1.2.2)."""
    person = resign(odd.person(), odd.root.key, serial_number=serial)
    assert odd.verdict(person) is None
    store = TrustStore([odd.root.certificate], [odd.root.crl(MOMENT - DAY, MOMENT + DAY)])
    assert store.check_certificate(person.certificate, at=MOMENT).passed
    strict = Authority(odd.root.key, odd.root.certificate)
    strict.revoke(odd.person().certificate, MOMENT - 2 * DAY)
    listed = asn1_crl.CertificateList.load(strict.crl(MOMENT - DAY, MOMENT + DAY))
    listed["tbs_cert_list"]["revoked_certificates"][0]["user_certificate"] = serial
    listed["signature"] = strict.key.sign(listed["tbs_cert_list"].dump(force=True), ec.ECDSA(SHA256()))
    store = TrustStore([odd.root.certificate], [listed.dump(force=True)])
    assert store.check_certificate(person.certificate, at=MOMENT).sub_indication == "REVOKED"


def test_unusual_anchors(odd: OddCertificates) -> None:
    def root(**options: Any) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        itself = Authority(key, odd.root.certificate)
        issuer = Authority(key, odd.make(itself, key, "Сам"))
        made = odd.make(issuer, key, "Сам", **options)
        return Authority(key, made)

    def under(anchor: Authority, **options: Any) -> str | None:
        return odd.verdict(odd.person(anchor, **options), anchors=[anchor.certificate])

    assert under(root(ca=True, usage=None)) is None
    # Certificates of version 1 have no extensions.
    old = root(ca=None, usage=None)
    of_version_1 = resign(IssuedKey(old.key, old.certificate, ()), old.key, version="v1", extensions=None)
    assert of_version_1.certificate.version is x509.Version.v1
    old = Authority(old.key, of_version_1.certificate)
    assert under(old) is None
    # As an intermediate such a certificate is no authority.
    between = odd.authority(ca=None, usage=None)
    stripped = resign(
        IssuedKey(between.key, between.certificate, ()), odd.root.key, version="v1", extensions=None
    )
    between = Authority(between.key, stripped.certificate, between.issuers)
    assert odd.verdict(odd.person(between)) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    # The dates of anchors are not checked: an anchor is a name and a key (RFC 5280, 6.1.1 (d)).
    assert under(root(ca=True, usage=("key_cert_sign",), dates=(MOMENT - 50 * DAY, MOMENT - DAY))) is None
    # Anchors that may not issue are trusted only by themselves.
    for options in (
        {"ca": None, "usage": None},
        {"ca": False},
        {"ca": True, "usage": ("digital_signature",)},
    ):
        assert under(root(**options)) == "NO_CERTIFICATE_CHAIN_FOUND"
