"""Lists and responses made by OpenSSL, and ours read by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from tests.signing.trust.openssl_authority import OpensslAuthority

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module", params=["ec", "rsa"])
def root(request: pytest.FixtureRequest) -> Authority:
    return Authority.create("Корень", algorithm=request.param, not_before=NOW - 90 * DAY)


@pytest.fixture
def openssl(root: Authority, tmp_path: Path) -> OpensslAuthority:
    return OpensslAuthority(root, tmp_path / "openssl")


@pytest.fixture(scope="module")
def people(root: Authority) -> list[IssuedKey]:
    return [
        root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec", not_before=NOW - 60 * DAY)
        for _number in range(3)
    ]


def ocsp_request(root: Authority, *keys: IssuedKey, digest: SHA1 | SHA256 | None = None) -> bytes:
    (key,) = keys
    builder = ocsp.OCSPRequestBuilder().add_certificate(key.certificate, root.certificate, digest or SHA1())
    return builder.build().public_bytes(Encoding.DER)


def verdict(root: Authority, key: IssuedKey, *lists: bytes, ocsps: tuple[bytes, ...] = ()) -> str | None:
    store = TrustStore([root.certificate], lists, ocsps)
    return store.check_certificate(key.certificate).sub_indication


@pytest.mark.parametrize("name", ["by key", "by name"])
@pytest.mark.parametrize("delegated", [False, True])
def test_responses(
    name: str, delegated: bool, root: Authority, people: list[IssuedKey], openssl: OpensslAuthority
) -> None:
    revoked = {
        people[1].certificate.serial_number: (NOW - DAY, "keyCompromise"),
        people[2].certificate.serial_number: (NOW - DAY, "certificateHold"),
    }
    openssl.register(*(each.certificate for each in people), revoked=revoked)
    responder = root.issue_responder("Жауапкер", algorithm="rsa") if delegated else None
    options = ["-nmin", "60", *(["-resp_key_id"] if name == "by key" else [])]
    for digest in (SHA1(), SHA256()):
        for key, expected in zip(people, (None, "REVOKED", "TRY_LATER"), strict=True):
            statement = openssl.ocsp(ocsp_request(root, key, digest=digest), *options, responder=responder)
            assert verdict(root, key, ocsps=(statement,)) == expected
    # A certificate that is not in the register is unknown.
    openssl.register(revoked={})
    unknown = openssl.ocsp(ocsp_request(root, people[0]), *options, responder=responder)
    assert verdict(root, people[0], ocsps=(unknown,)) == "TRY_LATER"


def test_a_response_by_an_unauthorised_signer(
    root: Authority, people: list[IssuedKey], openssl: OpensslAuthority
) -> None:
    openssl.register(people[0].certificate, revoked={})
    statement = openssl.ocsp(ocsp_request(root, people[0]), responder=people[1])
    assert verdict(root, people[0], ocsps=(statement,)) == "TRY_LATER"


def test_lists_and_deltas(root: Authority, people: list[IssuedKey], openssl: OpensslAuthority) -> None:
    certificates = [each.certificate for each in people]
    held = {certificates[2].serial_number: (NOW - 2 * DAY, "certificateHold")}
    openssl.register(*certificates, revoked=held)
    base = openssl.crl()
    assert [verdict(root, each, base) for each in people] == [None, None, "TRY_LATER"]
    changed = {
        certificates[1].serial_number: (NOW - HOUR, "keyCompromise"),
        certificates[2].serial_number: (NOW - HOUR, "removeFromCRL"),
    }
    openssl.register(*certificates, revoked=changed)
    delta = openssl.crl(extensions="2.5.29.27 = critical,ASN1:INTEGER:4096")
    assert [verdict(root, each, base, delta) for each in people] == [None, "REVOKED", None]
    assert [verdict(root, each, delta) for each in people] == ["TRY_LATER", "REVOKED", "TRY_LATER"]
    gap = openssl.crl(extensions="2.5.29.27 = critical,ASN1:INTEGER:4097")
    assert [verdict(root, each, base, gap) for each in people] == [None, "REVOKED", "TRY_LATER"]


@pytest.mark.parametrize(
    ("scope", "sub_indication"),
    [
        ("onlyuser = TRUE", None),
        ("onlyCA = TRUE", "TRY_LATER"),
        ("onlyAA = TRUE", "TRY_LATER"),
        ("onlysomereasons = keyCompromise, CACompromise", "TRY_LATER"),
        ("indirectCRL = TRUE", None),
        ("fullname = URI:http://crl.example/part.crl", "TRY_LATER"),
    ],
)
def test_scopes(
    scope: str,
    sub_indication: str | None,
    root: Authority,
    people: list[IssuedKey],
    openssl: OpensslAuthority,
) -> None:
    openssl.register(people[0].certificate, revoked={})
    statement = openssl.crl(extensions="issuingDistributionPoint = critical, @scope", scope=scope)
    assert verdict(root, people[0], statement) == sub_indication


def test_rsa_pss(people: list[IssuedKey], tmp_path: Path) -> None:
    """RSASSA-PSS (RFC 4055)."""
    root = Authority.create("Корень", algorithm="rsa", not_before=NOW - 90 * DAY)
    openssl = OpensslAuthority(root, tmp_path / "pss")
    person = root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec")
    openssl.register(person.certificate, revoked={})
    assert verdict(root, person, openssl.crl("-sigopt", "rsa_padding_mode:pss")) is None
    statement = openssl.ocsp(ocsp_request(root, person), "-nmin", "9", "-rsigopt", "rsa_padding_mode:pss")
    assert verdict(root, person, ocsps=(statement,)) is None
    weak = openssl.ocsp(ocsp_request(root, person), "-nmin", "9", "-rmd", "sha1")
    assert verdict(root, person, ocsps=(weak,)) == "TRY_LATER"


def test_openssl_reads_ours(root: Authority, people: list[IssuedKey], openssl: OpensslAuthority) -> None:
    """Responses and deltas of the demo authority."""
    folder, key = openssl.folder, people[0]
    (folder / "person.pem").write_bytes(key.certificate.public_bytes(Encoding.PEM))
    responder = root.issue_responder("Жауапкер", algorithm="ec")
    for by in (None, responder):
        (folder / "statement").write_bytes(root.ocsp(key.certificate, responder=by))
        statement = openssl.run(
            "ocsp",
            "-sha256",
            "-respin",
            "statement",
            "-issuer",
            "ca.pem",
            "-cert",
            "person.pem",
            "-CAfile",
            "ca.pem",
            "-no_nonce",
        )
        assert "Response verify OK" in statement
        assert "person.pem: good" in statement
    own = Authority(root.key, root.certificate)
    base = own.crl(NOW - 5 * HOUR)
    own.revoke(key.certificate, NOW - HOUR, x509.ReasonFlags.key_compromise)
    delta = own.crl(NOW - HOUR, since=base)
    (folder / "delta").write_bytes(delta)
    read = openssl.run("crl", "-inform", "DER", "-noout", "-text", "-in", "delta", "-CAfile", "ca.pem")
    assert "verify OK" in read
    assert "Delta CRL Indicator" in read
