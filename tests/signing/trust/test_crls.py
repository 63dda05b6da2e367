"""Revocation lists: extensions, scopes, and who may sign them."""

from __future__ import annotations

from typing import Any

from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from tests.signing.factories import DAY, HOUR, IIN, KEY_USAGES, NAME
from tests.signing.trust.path_factories import MOMENT, fresh_lists, verdict
from tests.signing.trust.revocation_factories import (
    COMPROMISE,
    NOW,
    RevocationWorld,
    delegate,
    scope,
    scoped_crl,
    signed_crl,
    with_distribution_points,
)

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore


def test_the_invalidity_date_is_ignored(revocation_world: RevocationWorld) -> None:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(revocation_world.person.certificate.serial_number)
        .revocation_date(NOW - DAY)
        .add_extension(x509.InvalidityDate((NOW - 30 * DAY).replace(tzinfo=None)), critical=False)
    )
    statement = signed_crl(revocation_world.ca, entry=entry)
    assert revocation_world.verdict(statement) == "REVOKED"
    assert (
        revocation_world.verdict(statement, at=NOW - 2 * DAY, above=revocation_world.root.crl(NOW - 9 * DAY))
        is None
    )


def test_critical_extensions_of_lists(revocation_world: RevocationWorld) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    assert revocation_world.verdict(signed_crl(revocation_world.ca, (strange, False))) is None
    assert revocation_world.verdict(signed_crl(revocation_world.ca, (strange, True))) == "TRY_LATER"
    entry = x509.RevokedCertificateBuilder().serial_number(revocation_world.person.certificate.serial_number)
    entry = entry.revocation_date(NOW - DAY)
    assert revocation_world.verdict(signed_crl(revocation_world.ca, entry=entry)) == "REVOKED"
    assert (
        revocation_world.verdict(
            signed_crl(revocation_world.ca, entry=entry.add_extension(strange, critical=True))
        )
        == "TRY_LATER"
    )
    another = x509.RevokedCertificateBuilder().serial_number(1).revocation_date(NOW - DAY)
    assert (
        revocation_world.verdict(
            signed_crl(revocation_world.ca, entry=another.add_extension(strange, critical=False))
        )
        is None
    )
    assert (
        revocation_world.verdict(
            signed_crl(revocation_world.ca, entry=another.add_extension(strange, critical=True))
        )
        == "TRY_LATER"
    )


def test_freshest_crl_is_ignored(revocation_world: RevocationWorld) -> None:
    """A list that names an address of deltas is complete without them (RFC 5280, 5.2.6)."""
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.example/d.crl")], None, None, None
    )
    assert (
        revocation_world.verdict(signed_crl(revocation_world.ca, (x509.FreshestCRL([point]), False))) is None
    )


def test_lists_of_one_kind_of_certificates(revocation_world: RevocationWorld) -> None:
    assert revocation_world.verdict(scoped_crl(revocation_world.ca, only_contains_user_certs=True)) is None
    assert (
        revocation_world.verdict(scoped_crl(revocation_world.ca, only_contains_ca_certs=True)) == "TRY_LATER"
    )
    assert (
        revocation_world.verdict(scoped_crl(revocation_world.ca, only_contains_attribute_certs=True))
        == "TRY_LATER"
    )
    own = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR)
    assert (
        revocation_world.verdict(own, above=scoped_crl(revocation_world.root, only_contains_ca_certs=True))
        is None
    )
    assert (
        revocation_world.verdict(own, above=scoped_crl(revocation_world.root, only_contains_user_certs=True))
        == "TRY_LATER"
    )


def test_lists_of_some_reasons(revocation_world: RevocationWorld) -> None:
    reasons = [each for each in x509.ReasonFlags if each.name not in ("unspecified", "remove_from_crl")]
    first, others = frozenset(reasons[:3]), frozenset(reasons[3:])
    assert revocation_world.verdict(scoped_crl(revocation_world.ca, only_some_reasons=first)) == "TRY_LATER"
    parts = [scoped_crl(revocation_world.ca, only_some_reasons=each) for each in (first, others)]
    assert revocation_world.verdict(*parts) is None
    revocation_world.ca.revoke(revocation_world.person.certificate, NOW - DAY, COMPROMISE)
    assert revocation_world.verdict(scoped_crl(revocation_world.ca, only_some_reasons=first)) == "REVOKED"


def test_lists_of_one_distribution_point(revocation_world: RevocationWorld) -> None:
    uri = [x509.UniformResourceIdentifier("http://crl.example/1.crl")]
    part = scoped_crl(revocation_world.ca, full_name=uri)
    assert revocation_world.verdict(part) == "TRY_LATER"
    point = x509.DistributionPoint(uri, None, None, None)
    elsewhere = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("http://crl.example/2.crl")], None, None, None
    )
    for points, expected in (([point], None), ([elsewhere], "TRY_LATER"), ([elsewhere, point], None)):
        assert (
            revocation_world.verdict(part, key=with_distribution_points(revocation_world, *points))
            == expected
        )
    own_name = [x509.DirectoryName(revocation_world.ca.certificate.subject)]
    assert revocation_world.verdict(scoped_crl(revocation_world.ca, full_name=own_name)) is None
    relative = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "1")])
    part = scoped_crl(revocation_world.ca, relative_name=relative)
    whole = x509.DirectoryName(x509.Name([*revocation_world.ca.certificate.subject.rdns, relative]))
    assert revocation_world.verdict(part) == "TRY_LATER"
    for near in (
        x509.DistributionPoint(None, relative, None, None),
        x509.DistributionPoint([whole], None, None, None),
    ):
        assert revocation_world.verdict(part, key=with_distribution_points(revocation_world, near)) is None


def test_a_list_by_another_subject_of_the_authority(revocation_world: RevocationWorld) -> None:
    """A certificate for lists by the same authority does not let its holder sign the authority's lists."""
    for crl_sign in (True, False):
        sibling = delegate(revocation_world, revocation_world.other, crl_sign=crl_sign)
        statement = signed_crl(revocation_world.ca, name=sibling.certificate.subject, key=sibling.key)
        assert revocation_world.verdict(statement, chain=[sibling.certificate]) == "TRY_LATER"


def test_an_authority_cannot_confirm_itself(revocation_world: RevocationWorld) -> None:
    """Nor can another certificate of its key."""
    second = IssuedKey(revocation_world.ca.key, revocation_world.ca.certificate, revocation_world.ca.issuers)
    twin = delegate(revocation_world, second, issuer=revocation_world.root, crl_sign=True)
    own = revocation_world.ca.crl(NOW - HOUR, NOW + HOUR)
    store = TrustStore([revocation_world.root.certificate], [own])
    answer = store.check_certificate(
        revocation_world.person.certificate, chain=[revocation_world.ca.certificate, twin.certificate], at=NOW
    )
    assert answer.sub_indication == "TRY_LATER"


def test_an_authority_with_a_new_key(revocation_world: RevocationWorld) -> None:
    """It signs its lists with the new key, about old certificates too."""
    renewed = revocation_world.root.intermediate("Центр", algorithm="ec", not_before=NOW - 10 * DAY)
    statement = renewed.crl(NOW - HOUR, NOW + HOUR)
    assert revocation_world.verdict(statement) == "TRY_LATER"
    assert revocation_world.verdict(statement, chain=[renewed.certificate]) is None
    renewed.revoke(revocation_world.person.certificate, NOW - DAY)
    assert revocation_world.verdict(renewed.crl(NOW - HOUR), chain=[renewed.certificate]) == "REVOKED"
    # An authority of the same name under another root is not accepted.
    stranger = Authority.create("Корень", algorithm="ec", not_before=NOW - 400 * DAY)
    foreign = stranger.intermediate("Центр", algorithm="ec", not_before=NOW - 10 * DAY)
    statement = foreign.crl(NOW - HOUR, NOW + HOUR)
    assert (
        revocation_world.verdict(statement, chain=[foreign.certificate, stranger.certificate]) == "TRY_LATER"
    )
    # Lists of a revoked key are ignored.
    revocation_world.root.revoke(renewed.certificate, NOW - 9 * DAY)
    assert revocation_world.verdict(renewed.crl(NOW - HOUR), chain=[renewed.certificate]) == "TRY_LATER"


def test_indirect_lists(revocation_world: RevocationWorld) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Списки")])
    lister = delegate(
        revocation_world, revocation_world.other, issuer=revocation_world.root, subject=name, crl_sign=True
    )
    point = x509.DistributionPoint(None, None, None, [x509.DirectoryName(name)])
    key = with_distribution_points(revocation_world, point)

    def about(issuer: x509.Name | None, **what: Any) -> bytes:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(key.certificate.serial_number)
            .revocation_date(NOW - DAY / 2)
        )
        if issuer is not None:
            entry = entry.add_extension(x509.CertificateIssuer([x509.DirectoryName(issuer)]), critical=True)
        extension = scope(**{"indirect_crl": True, **what})
        return signed_crl(revocation_world.ca, (extension, True), name=name, key=lister.key, entry=entry)

    def verdict(statement: bytes, asked: IssuedKey = key) -> str | None:
        return revocation_world.verdict(statement, key=asked, chain=[lister.certificate])

    assert verdict(about(revocation_world.root.certificate.subject)) is None
    assert verdict(about(revocation_world.ca.certificate.subject)) == "REVOKED"
    # An entry without an issuer is about the list's issuer.
    assert verdict(about(None)) is None
    # Not for a certificate that does not name the list's signer.
    assert verdict(about(revocation_world.ca.certificate.subject), revocation_world.person) == "TRY_LATER"
    # Nor when the list is not marked as indirect.
    assert verdict(signed_crl(revocation_world.ca, name=name, key=lister.key)) == "TRY_LATER"
    # A list of an authority may also be about certificates of others.
    entries = [
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(NOW - DAY)
        .add_extension(x509.CertificateIssuer([x509.DirectoryName(issuer)]), critical=True)
        .build()
        for serial, issuer in (
            (revocation_world.other.certificate.serial_number, revocation_world.ca.certificate.subject),
            (revocation_world.person.certificate.serial_number, revocation_world.root.certificate.subject),
        )
    ]
    own = signed_crl(revocation_world.ca, (scope(indirect_crl=True), True), entries=entries)
    assert revocation_world.verdict(own) is None
    assert revocation_world.verdict(own, key=revocation_world.other) == "REVOKED"


def test_a_list_by_an_authority_that_may_not_sign_lists(revocation_world: RevocationWorld) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Без списков")])
    usage = x509.KeyUsage(False, False, False, False, False, True, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(revocation_world.root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(revocation_world.root.key, SHA256())
    )
    authority = Authority(key, certificate, revocation_world.root.chain)
    person = authority.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - DAY)
    statement = authority.crl(NOW - HOUR, NOW + HOUR)
    assert revocation_world.verdict(statement, key=person, chain=[certificate]) == "TRY_LATER"
    good = authority.ocsp(person.certificate)
    assert revocation_world.verdict(key=person, chain=[certificate], ocsps=[good]) is None


def test_a_list_with_a_weak_signature(revocation_world: RevocationWorld) -> None:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(revocation_world.ca.certificate.subject)
        .last_update(NOW - HOUR)
        .next_update(NOW + HOUR)
    )
    good = builder.sign(revocation_world.ca.key, SHA256()).public_bytes(Encoding.DER)
    assert revocation_world.verdict(good) is None
    parsed = asn1_crl.CertificateList.load(good)
    parsed["tbs_cert_list"]["signature"] = parsed["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}
    parsed["signature"] = revocation_world.ca.key.sign(parsed["tbs_cert_list"].dump(), ec.ECDSA(SHA1()))  # type: ignore[call-arg, arg-type]
    assert revocation_world.verdict(parsed.dump(force=True)) == "TRY_LATER"


def test_a_list_by_another_key(root: Authority, ca: Authority, person: IssuedKey) -> None:
    forger = Authority(ec.generate_private_key(ec.SECP256R1()), ca.certificate, ca.issuers)
    forger.revoke(person.certificate, MOMENT - DAY)
    assert verdict(TrustStore([root.certificate], fresh_lists(root, forger)), person) == "TRY_LATER"
    assert verdict(TrustStore([root.certificate], fresh_lists(root, ca, forger)), person) is None


def test_a_list_made_after_the_certificate_expired(root: Authority, ca: Authority, person: IssuedKey) -> None:
    late = MOMENT + 200 * DAY
    assert verdict(TrustStore([root.certificate], fresh_lists(root, ca, at=late)), person) == "TRY_LATER"


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
