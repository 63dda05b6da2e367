"""Whom to believe, at which moment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.signing import Revocation, TrustError, TrustStore, ValidationPolicy, sign, validate
from egovdocs.signing.authority import Authority, IssuedKey

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NAME, IIN = "ИВАНОВ ИВАН", "900101300017"


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
    flags = [
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ]
    return (
        x509.CertificateBuilder()
        .subject_name(subject or x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{usage} {ca}")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path), critical=True)
        .add_extension(x509.KeyUsage(**{flag: flag == usage for flag in flags}), critical=True)
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


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "nothing").write_bytes(b"nothing")
    with pytest.raises(TrustError, match="no certificate"):
        TrustStore.load([tmp_path / "nothing"])
    with pytest.raises(TrustError, match="no revocation list"):
        TrustStore.load([], [b"-----BEGIN CERTIFICATE-----"])


@pytest.mark.parametrize("spoilt", ["anchors/a.pem", "crls/a.crl"])
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
