"""Whom to believe, at which moment."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Revocation, TrustError, TrustStore, ValidationPolicy, sign, validate
from egovdocs.signing.xmldsig.signing_key import read_key

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NAME, IIN = "ИВАНОВ ИВАН", "900101300017"
FLAGS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("Корень", algorithm="ec", not_before=NOW - 400 * DAY)


@pytest.fixture(scope="module")
def ca(root: Authority) -> Authority:
    return root.intermediate("Центр", algorithm="ec", not_before=NOW - 390 * DAY)


@pytest.fixture(scope="module")
def person(ca: Authority) -> IssuedKey:
    return ca.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - 100 * DAY, not_after=NOW + 100 * DAY)


def lists(*authorities: Authority, at: datetime = NOW) -> list[bytes]:
    return [each.crl(at - DAY, at + DAY) for each in authorities]


def verdict(store: TrustStore, key: IssuedKey, at: datetime = NOW, **more: Any) -> str | None:
    answer = store.check_certificate(key.certificate, chain=key.issuers[:-1], at=at, **more)
    assert answer.passed is (answer.sub_indication is None)
    return answer.sub_indication


def test_in_order(root: Authority, ca: Authority, person: IssuedKey) -> None:
    store = TrustStore([root.certificate], lists(root, ca))
    answer = store.check_certificate(person.certificate, chain=[ca.certificate], at=NOW)
    assert answer.passed
    assert answer.chain == (person.certificate, ca.certificate, root.certificate)
    assert [check.name for check in answer.checks] == ["chain", "validity", "revocation"]
    assert answer is store.check_certificate(
        person.certificate, chain=[ca.certificate], at=NOW + timedelta(hours=1)
    )


def test_an_intermediate_authority_can_be_the_anchor(ca: Authority, person: IssuedKey) -> None:
    assert verdict(TrustStore([ca.certificate], lists(ca)), person) is None


@pytest.mark.parametrize(
    ("days", "sub_indication"), [(-101, "NOT_YET_VALID"), (-99, None), (99, None), (101, "EXPIRED")]
)
def test_dates(
    days: int, sub_indication: str | None, root: Authority, ca: Authority, person: IssuedKey
) -> None:
    at = NOW + days * DAY
    store = TrustStore([root.certificate], lists(root, ca, at=at))
    assert verdict(store, person, at) == sub_indication
    assert verdict(TrustStore([person.certificate]), person, at) == sub_indication


def test_the_last_second_counts(root: Authority, ca: Authority, person: IssuedKey) -> None:
    store = TrustStore([root.certificate], lists(root, ca))
    end = person.certificate.not_valid_after_utc
    unseen = {"revocation": Revocation.NONE}
    assert [verdict(store, person, end + step * timedelta(seconds=1), **unseen) for step in (-1, 0, 1)] == [
        None,
        None,
        "EXPIRED",
    ]


def test_untrusted(ca: Authority, person: IssuedKey) -> None:
    stranger = Authority.create("Корень", algorithm="ec", not_before=NOW - 400 * DAY)
    assert (
        verdict(TrustStore([stranger.certificate], lists(stranger)), person) == "NO_CERTIFICATE_CHAIN_FOUND"
    )
    assert verdict(TrustStore([]), person) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_borrowed_name(root: Authority, ca: Authority) -> None:
    impostor = Authority(ec.generate_private_key(ec.SECP256R1()), ca.certificate, ca.issuers).issue_person(
        NAME, IIN, algorithm="ec", not_before=NOW - DAY
    )
    store = TrustStore([root.certificate], lists(root, ca))
    assert verdict(store, impostor) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_revoked(root: Authority, ca: Authority) -> None:
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - 50 * DAY)
    ca.revoke(key.certificate, NOW - 10 * DAY)
    store = TrustStore([root.certificate], lists(root, ca))
    assert verdict(store, key) == "REVOKED"
    assert verdict(store, key, revocation=Revocation.IF_PRESENT) == "REVOKED"
    assert verdict(store, key, revocation=Revocation.NONE) is None
    # A list knows what was before it, too.
    assert verdict(store, key, NOW - 11 * DAY) is None
    assert verdict(TrustStore([key.certificate], lists(ca)), key) == "REVOKED"


def test_what_a_stale_list_says_of_the_revoked_stands(root: Authority, ca: Authority) -> None:
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - 50 * DAY)
    ca.revoke(key.certificate, NOW - 40 * DAY)
    store = TrustStore([root.certificate], lists(root, ca, at=NOW - 30 * DAY))
    assert verdict(store, key) == "REVOKED"


def crl(
    issuer: Authority,
    at: datetime,
    entry: tuple[IssuedKey, x509.ReasonFlags] | None = None,
    delta: int | None = None,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + DAY)
        .add_extension(x509.CRLNumber(1 if delta is None else delta + 1), critical=False)
    )
    if delta is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(delta), critical=True)
    if entry is not None:
        key, reason = entry
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(key.certificate.serial_number)
            .revocation_date(at - timedelta(hours=1))
            .add_extension(x509.CRLReason(reason), critical=False)
            .build()
        )
    return builder.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)


def test_a_hold_can_be_lifted(root: Authority, ca: Authority, person: IssuedKey) -> None:
    held = crl(ca, NOW - timedelta(hours=3), (person, x509.ReasonFlags.certificate_hold))
    lifted = crl(ca, NOW - timedelta(hours=2))
    assert verdict(TrustStore([root.certificate], [*lists(root), held]), person) == "TRY_LATER"
    assert verdict(TrustStore([root.certificate], [*lists(root), held, lifted]), person) is None


def test_delta_lists(root: Authority, ca: Authority, person: IssuedKey) -> None:
    base = crl(ca, NOW - timedelta(hours=3))
    delta = crl(ca, NOW - timedelta(hours=2), (person, x509.ReasonFlags.key_compromise), delta=1)
    assert verdict(TrustStore([root.certificate], [*lists(root), base]), person) is None
    assert verdict(TrustStore([root.certificate], [*lists(root), base, delta]), person) == "REVOKED"


def test_answers_change_when_something_begins_or_ends(root: Authority, ca: Authority) -> None:
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - 50 * DAY)
    ca.revoke(key.certificate, NOW)
    store = TrustStore([root.certificate], lists(root, ca))
    steps = [NOW + step * timedelta(seconds=1) for step in (-1, 0, 1, -1)]
    assert [verdict(store, key, at) for at in steps] == [None, "REVOKED", "REVOKED", None]


def test_a_revoked_authority(root: Authority) -> None:
    ca = root.intermediate("Отозванный центр", algorithm="ec", not_before=NOW - 50 * DAY)
    key = ca.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - 50 * DAY)
    root.revoke(ca.certificate, NOW - 10 * DAY)
    assert verdict(TrustStore([root.certificate], lists(root, ca)), key) == "REVOKED_CA_NO_POE"


def test_no_fresh_list(root: Authority, ca: Authority, person: IssuedKey) -> None:
    for known in ([], lists(ca), lists(root), lists(root, ca, at=NOW - 10 * DAY)):
        store = TrustStore([root.certificate], known)
        assert verdict(store, person) == "TRY_LATER"
        assert verdict(store, person, revocation=Revocation.IF_PRESENT) is None
        assert verdict(store, person, revocation=Revocation.NONE) is None


def test_a_list_by_another(root: Authority, ca: Authority, person: IssuedKey) -> None:
    forger = Authority(ec.generate_private_key(ec.SECP256R1()), ca.certificate, ca.issuers)
    forger.revoke(person.certificate, NOW - DAY)
    assert verdict(TrustStore([root.certificate], lists(root, forger)), person) == "TRY_LATER"
    assert verdict(TrustStore([root.certificate], lists(root, ca, forger)), person) is None


def test_a_list_made_after_the_certificate_expired_need_not_name_it(
    root: Authority, ca: Authority, person: IssuedKey
) -> None:
    late = NOW + 200 * DAY
    assert verdict(TrustStore([root.certificate], lists(root, ca, at=late)), person) == "TRY_LATER"


def certificate(
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
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
        .add_extension(x509.KeyUsage(**{flag: flag == usage for flag in FLAGS}), critical=True)
        .sign(issuer.key, SHA256())
    )


@pytest.mark.parametrize(
    ("usage", "sub_indication"),
    [
        ("digital_signature", None),
        ("content_commitment", None),
        ("key_encipherment", "CHAIN_CONSTRAINTS_FAILURE"),
        ("key_cert_sign", "CHAIN_CONSTRAINTS_FAILURE"),
    ],
)
def test_key_usage(usage: str, sub_indication: str | None, root: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issued = IssuedKey(key, certificate(root, key, usage=usage), (root.certificate,))
    assert verdict(TrustStore([root.certificate], lists(root)), issued) == sub_indication
    assert verdict(TrustStore([issued.certificate]), issued) == sub_indication


def test_a_person_is_no_authority(root: Authority, ca: Authority, person: IssuedKey) -> None:
    pretender = Authority(person.key, person.certificate, person.issuers)
    key = pretender.issue_person("ЖЕРТВА АННА", IIN, algorithm="ec", not_before=NOW - DAY)
    store = TrustStore([root.certificate], lists(root, ca, pretender))
    assert verdict(store, key) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_a_path_longer_than_allowed(root: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    first = Authority(
        key, certificate(root, key, ca=True, usage="key_cert_sign", path=0), (root.certificate,)
    )
    second = first.intermediate("Второй", algorithm="ec", not_before=NOW - DAY)
    issued = second.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - DAY)
    store = TrustStore([root.certificate], lists(root, first, second))
    assert verdict(store, issued) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


@pytest.mark.parametrize("bits", [1024, 2048])
def test_short_rsa(bits: int, fill: Any, shapes: Any, world: Any) -> None:
    key = rsa.generate_private_key(65537, bits)  # type: ignore[arg-type]
    issued = IssuedKey(key, certificate(world.root, key), (world.root.certificate,))
    method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    document = fill(f"<a>{shapes.signature(shapes.enveloped, method=method)}</a>", issued)
    report = validate(document, world.policy(revocation=Revocation.NONE), at=NOW)
    assert report.sub_indication == (None if bits == 2048 else "CRYPTO_CONSTRAINTS_FAILURE")


def test_self_signed_is_untrusted_until_named(world: Any, root: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = Authority.create("Сам себе", algorithm="ec", not_before=NOW - DAY)
    issued = IssuedKey(key, certificate(own, key), ())
    document = sign(b"<a/>", issued.signer)
    assert validate(document, world.policy(), at=NOW).sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert validate(document, ValidationPolicy(trust=TrustStore([issued.certificate])), at=NOW).passed


def test_a_crowd_of_certificates_of_one_name_costs_no_time() -> None:
    crowd = Authority.create("Толпа", algorithm="ec", not_before=NOW - DAY)
    same = [
        certificate(crowd, crowd.key, ca=True, subject=crowd.certificate.subject) for _number in range(15)
    ]
    issued = crowd.issue_person(NAME, IIN, algorithm="ec", not_before=NOW - DAY)
    store = TrustStore([Authority.create("Толпа", algorithm="ec", not_before=NOW - DAY).certificate])
    started = time.process_time()
    answer = store.check_certificate(issued.certificate, chain=same, at=NOW)
    assert answer.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert time.process_time() - started < 2


def test_a_moment_without_a_zone_is_utc(root: Authority, ca: Authority, person: IssuedKey) -> None:
    policy = ValidationPolicy(trust=TrustStore([root.certificate], lists(root, ca)))
    assert validate(sign(b"<a/>", person.signer), policy, at=NOW.replace(tzinfo=None)).passed


def test_many_threads(root: Authority, ca: Authority, person: IssuedKey) -> None:
    policy = ValidationPolicy(trust=TrustStore([root.certificate], lists(root, ca)))
    documents = [sign(f"<a>{number}</a>".encode(), person.signer) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda document: validate(document, policy, at=NOW), documents))
    assert all(report.passed for report in reports)
    assert [report.content for report in reports] == [f"<a>{number}</a>".encode() for number in range(40)]


def test_files(tmp_path: Path, root: Authority, ca: Authority, person: IssuedKey) -> None:
    (tmp_path / "anchors").mkdir()
    (tmp_path / "crls").mkdir()
    both = b"".join(each.certificate.public_bytes(Encoding.PEM) for each in (root, ca))
    (tmp_path / "anchors" / "all.pem").write_bytes(both)
    (tmp_path / "crls" / "root.crl").write_bytes(lists(root)[0])
    pem = x509.load_der_x509_crl(lists(ca)[0]).public_bytes(Encoding.PEM)
    (tmp_path / "crls" / "ca.crl").write_bytes(pem)
    store = TrustStore.from_folder(tmp_path)
    assert store.anchors == (root.certificate, ca.certificate)
    assert verdict(store, person) is None
    (tmp_path / "ocsp").mkdir()
    for ending in ("ocsp", "der"):
        response = ca.ocsp(person.certificate, NOW - DAY, NOW + DAY)
        (tmp_path / "ocsp" / f"person.{ending}").write_bytes(response)
        store = TrustStore.from_folder(tmp_path)
    assert len(store.ocsps) == 2
    (tmp_path / "crls" / "ca.crl").unlink()
    assert verdict(TrustStore.from_folder(tmp_path), person) is None


def test_one_alone_needs_no_list(tmp_path: Path, root: Authority) -> None:
    pem, path = root.certificate.public_bytes(Encoding.PEM), tmp_path / "root.pem"
    path.write_bytes(pem)
    for anchor in (root.certificate, pem, bytearray(pem), memoryview(pem), pem.decode(), path, str(path)):
        assert TrustStore.load(anchor).anchors == TrustStore.load([anchor]).anchors == (root.certificate,)
    (der,) = lists(root)
    crl = x509.load_der_x509_crl(der)
    for given in (crl, der, bytearray(der), [crl]):
        assert TrustStore.load(root.certificate, given).crls == (crl,)


def _pem(der: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n"


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "nothing").write_bytes(b"nothing")
    with pytest.raises(TrustError, match="no certificate"):
        TrustStore.load([tmp_path / "nothing"])
    with pytest.raises(TrustError, match="no revocation list"):
        TrustStore.load([], [b"-----BEGIN CERTIFICATE-----"])


def test_an_anchor_whose_name_is_none_is_found_out_at_once(root: Authority) -> None:
    der = root.certificate.public_bytes(Encoding.DER)
    name = root.certificate.subject.public_bytes()
    spoilt = der.replace(name, name.replace(b"KZ", b"\xff\xff"))
    for given in (spoilt, _pem(spoilt)):
        with pytest.raises(TrustError, match="no certificate"):
            TrustStore.load(given)


@pytest.mark.parametrize("spoilt", ["anchors/a.pem", "crls/a.crl", "ocsp/a.ocsp"])
@pytest.mark.parametrize("content", [b"nothing", b"", None])
def test_a_file_that_cannot_be_read_is_left_out_and_named(
    spoilt: str,
    content: bytes | None,
    tmp_path: Path,
    root: Authority,
    ca: Authority,
    person: IssuedKey,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "anchors").mkdir()
    (tmp_path / "crls").mkdir()
    (tmp_path / "ocsp").mkdir()
    (tmp_path / "anchors" / "root.pem").write_bytes(ca.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "crls" / "ca.crl").write_bytes(lists(ca)[0])
    if content is None:
        (tmp_path / spoilt).mkdir()
    else:
        (tmp_path / spoilt).write_bytes(content)
    store = TrustStore.from_folder(tmp_path)
    assert verdict(store, person) is None
    (record,) = caplog.records
    assert (record.levelname, spoilt in record.getMessage()) == ("ERROR", True)


class Shapes:
    """Certificates as no authority of ours makes them."""

    def __init__(self) -> None:
        self.root = Authority.create("Корень", algorithm="ec", not_before=NOW - 400 * DAY)

    def authority(self, issuer: Authority | None = None, name: str = "Странный", **how: Any) -> Authority:
        key = how.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
        issuer = issuer or self.root
        made = self.make(issuer, key, name, **{"ca": True, "usage": ("key_cert_sign", "crl_sign"), **how})
        return Authority(key, made, issuer.chain)

    def person(self, issuer: Authority | None = None, **how: Any) -> IssuedKey:
        key = how.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
        issuer = issuer or self.root
        return IssuedKey(key, self.make(issuer, key, how.pop("name", "Некто"), **how), issuer.chain)

    @staticmethod
    def make(
        issuer: Authority,
        key: Any,
        name: str,
        *,
        ca: bool | None = False,
        path: int | None = None,
        usage: Iterable[str] | None = ("digital_signature",),
        dates: tuple[datetime, datetime] = (NOW - 50 * DAY, NOW + 50 * DAY),
        more: Iterable[tuple[x509.ExtensionType, bool]] = (),
        organisation: str = "Мекеме",
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(organisation, name))
            .issuer_name(issuer.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(dates[0])
            .not_valid_after(dates[1])
        )
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca, path), critical=True)
        if usage is not None:
            builder = builder.add_extension(
                x509.KeyUsage(**{flag: flag in usage for flag in FLAGS}), critical=True
            )
        for extension, critical in more:
            builder = builder.add_extension(extension, critical)
        return builder.sign(issuer.key, SHA256())

    def verdict(
        self, key: IssuedKey, at: datetime = NOW, *, anchors: Iterable[x509.Certificate] = (), **more: Any
    ) -> str | None:
        store = TrustStore(list(anchors) or [self.root.certificate])
        chain = more.pop("chain", key.issuers[:-1])
        return store.check_certificate(
            key.certificate, chain=chain, at=at, **{"revocation": Revocation.NONE, **more}
        ).sub_indication


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "KZ"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common),
        ]
    )


@pytest.fixture(scope="module")
def shapes_of() -> Shapes:
    return Shapes()


def remade(
    issued: IssuedKey, by: Any, *, algorithm: str = "sha256_ecdsa", digest: Any = None, **fields: Any
) -> IssuedKey:
    """The certificate with something else in it, signed anew."""
    parsed = asn1_x509.Certificate.load(issued.certificate.public_bytes(Encoding.DER))
    inner = fields.pop("inner", algorithm)
    parsed["tbs_certificate"]["signature"] = {"algorithm": inner}
    parsed["signature_algorithm"] = {"algorithm": algorithm}
    for name, value in fields.items():
        parsed["tbs_certificate"][name] = value
    signed = parsed["tbs_certificate"].dump(force=True)
    how = [padding.PKCS1v15(), digest or SHA256()] if "rsa" in algorithm else [ec.ECDSA(digest or SHA256())]
    parsed["signature_value"] = by.sign(signed, *how)
    certificate = x509.load_der_x509_certificate(parsed.dump(force=True))
    return IssuedKey(issued.key, certificate, issued.issuers)


@pytest.mark.parametrize(
    "how",
    [
        {"ca": False},
        {"ca": None},
        {"usage": ("digital_signature", "crl_sign")},
        {"path": 0, "below": True},
        {"more": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00"), True)]},
        {"dates": (NOW - 50 * DAY, NOW - DAY)},
        {"dates": (NOW + DAY, NOW + 50 * DAY)},
        {"more": [(x509.PolicyConstraints(0, None), True)]},
    ],
)
def test_an_authority_that_may_not(how: dict[str, Any], shapes_of: Shapes) -> None:
    how = dict(how)
    below = how.pop("below", False)
    authority = shapes_of.authority(**how)
    if below:
        assert shapes_of.verdict(shapes_of.person(authority)) is None
        authority = shapes_of.authority(authority, "Ниже")
    assert shapes_of.verdict(shapes_of.person(authority)) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_an_authority_of_odd_kind_may(shapes_of: Shapes) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    for how in ({"usage": None}, {"path": 0}, {"more": [(strange, False)]}):
        assert shapes_of.verdict(shapes_of.person(shapes_of.authority(**how))) is None


def test_an_authority_out_of_date_was_once_in_date(shapes_of: Shapes) -> None:
    ended = shapes_of.authority(dates=(NOW - 50 * DAY, NOW - DAY))
    assert shapes_of.verdict(shapes_of.person(ended), NOW - 2 * DAY) is None


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"ca": False}, "no certification authority"),
        ({"usage": ("digital_signature", "crl_sign")}, "not for that"),
        ({"path": 0}, "longer than"),
        (
            {"more": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00"), True)]},
            "critical extension",
        ),
        (
            {"more": [(x509.NameConstraints(None, [x509.DirectoryName(_name("Мекеме", "Некто"))]), True)]},
            "may certify",
        ),
    ],
)
def test_what_is_wrong_with_an_authority_is_said(how: dict[str, Any], words: str, shapes_of: Shapes) -> None:
    authority = shapes_of.authority(**how)
    if "path" in how:
        authority = shapes_of.authority(authority, "Ниже")
    person = shapes_of.person(authority)
    answer = TrustStore([shapes_of.root.certificate]).check_certificate(
        person.certificate, chain=person.issuers[:-1], at=NOW
    )
    assert words in str(answer.reason)


@pytest.mark.parametrize("on_anchor", [False, True])
def test_names_an_authority_is_kept_to(on_anchor: bool, shapes_of: Shapes) -> None:
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
        kept = shapes_of.authority(more=[(constraints, True)])
        people = [shapes_of.person(kept, organisation=each) for each in ("Наши", "Чужие")]
        anchors = [kept.certificate] if on_anchor else []
        assert [shapes_of.verdict(each, anchors=anchors) for each in people] == expected


def test_an_anchor_is_kept_to_the_length_it_names(shapes_of: Shapes) -> None:
    short = shapes_of.authority(path=0)
    longer = shapes_of.authority(short, "Ниже")
    assert shapes_of.verdict(shapes_of.person(short), anchors=[short.certificate]) is None
    assert (
        shapes_of.verdict(shapes_of.person(longer), anchors=[short.certificate])
        == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    )


def test_cross_signed(shapes_of: Shapes) -> None:
    """One key of an authority, certified by two: the way that is in order counts, in whatever order."""
    other = Authority.create("Другой корень", algorithm="ec", not_before=NOW - 400 * DAY)
    ca = shapes_of.authority()
    cross = shapes_of.authority(other, key=ca.key)
    expired = shapes_of.authority(key=ca.key, dates=(NOW - 50 * DAY, NOW - DAY))
    person = shapes_of.person(ca)
    for several in permutations([ca.certificate, cross.certificate, expired.certificate]):
        assert shapes_of.verdict(person, chain=several) is None
        assert shapes_of.verdict(person, chain=several, anchors=[other.certificate]) is None
    for several in permutations([cross.certificate, expired.certificate]):
        assert shapes_of.verdict(person, chain=several) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_namesakes(shapes_of: Shapes) -> None:
    """Two keys of one name: a signature tells whose certificate it is."""
    first, second = shapes_of.authority(), shapes_of.authority()
    for authority in (first, second):
        person = shapes_of.person(authority)
        for several in permutations([first.certificate, second.certificate]):
            assert shapes_of.verdict(person, chain=several) is None
        assert shapes_of.verdict(person, anchors=[first.certificate, second.certificate]) is None
    assert (
        shapes_of.verdict(shapes_of.person(first), chain=[second.certificate]) == "NO_CERTIFICATE_CHAIN_FOUND"
    )


def test_names_spelt_otherwise(shapes_of: Shapes) -> None:
    """RFC 5280, 7.1: case, spaces and the kind of string do not count."""
    ca = shapes_of.authority(name="Orda Centre", organisation="Orda")
    person = shapes_of.person(ca)
    name = asn1_x509.Name.build(
        {"country_name": "KZ", "organization_name": "ORDA", "common_name": "orda  centre "}
    )
    assert shapes_of.verdict(remade(person, ca.key, issuer=name)) is None
    name = asn1_x509.Name.build(
        {"country_name": "KZ", "organization_name": "ORDA", "common_name": "ordacentre"}
    )
    assert shapes_of.verdict(remade(person, ca.key, issuer=name)) == "NO_CERTIFICATE_CHAIN_FOUND"


@pytest.mark.parametrize(
    ("algorithm", "digest"), [("sha1_ecdsa", SHA1()), ("sha1_rsa", SHA1()), ("md5_rsa", MD5())]
)
def test_weak_digests(algorithm: str, digest: Any, shapes_of: Shapes) -> None:
    key = rsa.generate_private_key(65537, 2048) if "rsa" in algorithm else None
    ca = shapes_of.authority(key=key)
    person = remade(shapes_of.person(ca), ca.key, algorithm=algorithm, digest=digest)
    assert shapes_of.verdict(person) == "CRYPTO_CONSTRAINTS_FAILURE"
    # An anchor's signature of itself says nothing, and is not asked.
    anchor = remade(IssuedKey(ca.key, ca.certificate, ()), ca.key, algorithm=algorithm, digest=digest)
    assert shapes_of.verdict(shapes_of.person(ca), anchors=[anchor.certificate]) is None
    assert shapes_of.verdict(person, anchors=[anchor.certificate]) == "CRYPTO_CONSTRAINTS_FAILURE"


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP192R1())]
)  # type: ignore[arg-type]
def test_weak_authorities(key: Any, shapes_of: Shapes) -> None:
    ca = shapes_of.authority(key=key)
    assert shapes_of.verdict(shapes_of.person(ca)) == "CRYPTO_CONSTRAINTS_FAILURE"
    assert shapes_of.verdict(shapes_of.person(ca), anchors=[ca.certificate]) == "CRYPTO_CONSTRAINTS_FAILURE"


def test_two_words_on_the_algorithm(shapes_of: Shapes) -> None:
    """What is signed names one, and beside it stands another (RFC 5280, 4.1.1.2)."""
    person = remade(shapes_of.person(), shapes_of.root.key, inner="sha512_ecdsa")
    assert shapes_of.verdict(person) == "NO_CERTIFICATE_CHAIN_FOUND"


@pytest.mark.parametrize(
    ("how", "sub_indication"),
    [
        ({"usage": ("content_commitment",)}, None),
        ({"usage": None}, None),
        ({"ca": None, "usage": None}, None),
        ({"usage": ()}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["1.3.6.1.5.5.7.3.1"], "critical": False}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"], "critical": False}, None),
        ({"purposes": ["2.999.2"], "critical": False}, None),
        ({"purposes": ["1.3.6.1.5.5.7.3.1"], "critical": True}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["2.999.2"], "critical": True}, "CHAIN_CONSTRAINTS_FAILURE"),
        ({"purposes": ["2.999.2", "1.3.6.1.5.5.7.3.36"], "critical": True}, None),
        ({"purposes": ["1.2.398.3.3.4.1.1"], "critical": True}, None),
        ({"strange": False}, None),
        ({"strange": True}, "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    ],
)
def test_what_the_key_is_for(how: dict[str, Any], sub_indication: str | None, shapes_of: Shapes) -> None:
    how = dict(how)
    if "strange" in how:
        strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
        how["more"] = [(strange, how.pop("strange"))]
    if "purposes" in how:
        purposes = x509.ExtendedKeyUsage(list(map(x509.ObjectIdentifier, how.pop("purposes"))))
        how["more"] = [(purposes, how.pop("critical"))]
    assert shapes_of.verdict(shapes_of.person(**how)) == sub_indication


@pytest.mark.parametrize("serial", [0, -1, -(2**64), 2**200])
def test_odd_serial_numbers(serial: int, shapes_of: Shapes) -> None:
    """RFC 5280, 4.1.2.2: who reads certificates should put up with them."""
    person = remade(shapes_of.person(), shapes_of.root.key, serial_number=serial)
    assert shapes_of.verdict(person) is None
    store = TrustStore([shapes_of.root.certificate], [shapes_of.root.crl(NOW - DAY, NOW + DAY)])
    assert store.check_certificate(person.certificate, at=NOW).passed
    strict = Authority(shapes_of.root.key, shapes_of.root.certificate)
    strict.revoke(shapes_of.person().certificate, NOW - 2 * DAY)
    listed = asn1_crl.CertificateList.load(strict.crl(NOW - DAY, NOW + DAY))
    listed["tbs_cert_list"]["revoked_certificates"][0]["user_certificate"] = serial
    listed["signature"] = strict.key.sign(listed["tbs_cert_list"].dump(force=True), ec.ECDSA(SHA256()))
    store = TrustStore([shapes_of.root.certificate], [listed.dump(force=True)])
    assert store.check_certificate(person.certificate, at=NOW).sub_indication == "REVOKED"


def test_anchors_of_odd_kind(shapes_of: Shapes) -> None:
    def root(**how: Any) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        itself = Authority(key, shapes_of.root.certificate)
        issuer = Authority(key, shapes_of.make(itself, key, "Сам"))
        made = shapes_of.make(issuer, key, "Сам", **how)
        return Authority(key, made)

    def under(anchor: Authority, **how: Any) -> str | None:
        return shapes_of.verdict(shapes_of.person(anchor, **how), anchors=[anchor.certificate])

    assert under(root(ca=True, usage=None)) is None
    # Of version 1: no extensions.
    old = root(ca=None, usage=None)
    of_version_1 = remade(IssuedKey(old.key, old.certificate, ()), old.key, version="v1", extensions=None)
    assert of_version_1.certificate.version is x509.Version.v1
    old = Authority(old.key, of_version_1.certificate)
    assert under(old) is None
    # As an intermediate it is no authority.
    between = shapes_of.authority(ca=None, usage=None)
    stripped = remade(
        IssuedKey(between.key, between.certificate, ()), shapes_of.root.key, version="v1", extensions=None
    )
    between = Authority(between.key, stripped.certificate, between.issuers)
    assert shapes_of.verdict(shapes_of.person(between)) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    # Dates are for whoever keeps the store to look at: an anchor is a name and a key (RFC 5280, 6.1.1 (d)).
    assert under(root(ca=True, usage=("key_cert_sign",), dates=(NOW - 50 * DAY, NOW - DAY))) is None
    # Those that issue nothing are trusted as themselves alone.
    for how in ({"ca": None, "usage": None}, {"ca": False}, {"ca": True, "usage": ("digital_signature",)}):
        assert under(root(**how)) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_person_as_an_anchor(shapes_of: Shapes) -> None:
    person = shapes_of.person(dates=(NOW - 2 * DAY, NOW))
    for at, expected in ((NOW - DAY, None), (NOW + DAY, "EXPIRED"), (NOW - 3 * DAY, "NOT_YET_VALID")):
        assert shapes_of.verdict(person, at, anchors=[person.certificate]) == expected
    below = shapes_of.person(Authority(person.key, person.certificate, person.issuers))
    assert shapes_of.verdict(below, anchors=[person.certificate]) == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_store_of_many_authorities(shapes_of: Shapes) -> None:
    authorities = [shapes_of.root, *(Authority.create(f"{number}", algorithm="ec") for number in range(200))]
    store = TrustStore([each.certificate for each in authorities], lists(*authorities))
    assert verdict(store, shapes_of.person()) is None
    another = shapes_of.person()
    started = time.process_time()
    assert verdict(store, another) is None
    assert time.process_time() - started < 0.2


def test_a_certificate_of_unusual_length_is_read_and_not_kept(shapes_of: Shapes) -> None:
    long = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x04\x82\x27\x10" + bytes(10_000))
    der = shapes_of.person(more=[(long, False)]).certificate.public_bytes(Encoding.DER)
    assert read_key(der).certificate == read_key(der).certificate
    assert read_key(der) is not read_key(der)
    usual = shapes_of.person().certificate.public_bytes(Encoding.DER)
    assert read_key(usual) is read_key(usual)


def test_hostile_octets(shapes_of: Shapes) -> None:
    """Whatever is wrong with a certificate, there is an answer."""
    constraints = x509.NameConstraints([x509.DirectoryName(_name("Мекеме", "Некто"))], None)
    ca = shapes_of.authority(more=[(constraints, True), (x509.PolicyConstraints(3, 0), False)])
    person = shapes_of.person(ca, more=[(x509.OCSPNoCheck(), False), (x509.InhibitAnyPolicy(0), False)])
    random = Random(5280)
    store = TrustStore([shapes_of.root.certificate], [shapes_of.root.crl(NOW - DAY, NOW + DAY)])
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
            assert store.check_certificate(pair[0], chain=pair[1:], at=NOW).sub_indication is not None
    assert parsed > 300


def test_what_is_no_certificate_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match="b'junk'"):
        TrustStore.load([b"junk"])
    with pytest.raises(TypeError, match="not 3"):
        TrustStore.load([3])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"max_bytes": "10"}, "max_bytes"),
        ({"max_references": -1}, "max_references"),
        ({"minimal_rsa_bits": None}, "minimal_rsa_bits"),
        ({"curves": "secp256r1"}, "curves"),
        ({"digest_methods": None}, "iterable"),
    ],
)
def test_a_policy_that_is_none(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises((TypeError, ValueError), match=told):
        ValidationPolicy(TrustStore([]), **wrong)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"policy": None}, "policy"),
        ({"at": NOW.date()}, "moment"),
        ({"at": 0}, "moment"),
        ({"at": NOW.isoformat()}, "moment"),
        ({"evidence": b""}, "evidence"),
    ],
)
def test_arguments_that_are_none(wrong: dict[str, Any], told: str) -> None:
    """A mistake of the one who asks is no verdict on the document."""
    with pytest.raises(TypeError, match=told):
        validate(b"<a/>", **{"policy": ValidationPolicy(TrustStore([])), **wrong})
