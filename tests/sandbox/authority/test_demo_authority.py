"""The demo authority, and OpenSSL as its judge."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from egovdocs.sandbox.authority import AUTHENTICATION_KEY, Authority, IssuedKey


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("Корневой", algorithm="ec")


@pytest.fixture(scope="module")
def authority(root: Authority) -> Authority:
    return root.intermediate("НУЦ", algorithm="ec")


@pytest.fixture(scope="module")
def person(authority: Authority) -> IssuedKey:
    return authority.issue_person("Ахметов Ержан Серікұлы", "680503250034", algorithm="ec")


def test_signing_and_authentication_keys_differ_in_usage(authority: Authority, person: IssuedKey) -> None:
    other = authority.issue_person("А Б", "680503250034", purpose=AUTHENTICATION_KEY, algorithm="ec")
    usages = [
        issued.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        for issued in (person, other)
    ]
    assert [usage.content_commitment for usage in usages] == [True, False]
    assert [usage.key_encipherment for usage in usages] == [False, True]


def test_save_and_load(authority: Authority, person: IssuedKey, tmp_path: Path) -> None:
    when = datetime(2026, 1, 2, tzinfo=UTC)
    authority.revoke(person.certificate, when, x509.ReasonFlags.superseded)
    authority.save(tmp_path, "secret")
    loaded = Authority.load(tmp_path, "secret")
    assert loaded.chain == authority.chain
    revoked = x509.load_der_x509_crl(loaded.crl()).get_revoked_certificate_by_serial_number(
        person.certificate.serial_number
    )
    assert revoked is not None
    assert revoked.revocation_date_utc == when
    reason = revoked.extensions.get_extension_for_class(x509.CRLReason).value
    assert reason.reason is x509.ReasonFlags.superseded
    with pytest.raises(ValueError, match="password"):
        Authority.load(tmp_path, "another")


def test_openssl_verifies_chains_and_revocation(root: Authority, tmp_path: Path) -> None:
    authority = root.intermediate("НУЦ", algorithm="ec")
    kept, revoked = (authority.issue_person("А Б", "680503250034", algorithm="ec") for _ in range(2))
    authority.revoke(revoked.certificate)
    (tmp_path / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "ca.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    crls = [x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM) for crl in (authority.crl(), root.crl())]
    (tmp_path / "crls.pem").write_bytes(b"".join(crls))

    def verify(issued: IssuedKey) -> str:
        (tmp_path / "it.pem").write_bytes(issued.certificate.public_bytes(Encoding.PEM))
        files = ["-CAfile", "root.pem", "-untrusted", "ca.pem", "-CRLfile", "crls.pem", "it.pem"]
        command = ["openssl", "verify", "-x509_strict", "-crl_check_all", *files]
        judged = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return judged.stdout + judged.stderr

    assert verify(kept) == "it.pem: OK\n"
    assert "certificate revoked" in verify(revoked)


def test_validity_can_be_chosen(authority: Authority) -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    issued = authority.issue_person(
        "А Б", "680503250034", not_before=start, not_after=start + timedelta(days=2), algorithm="ec"
    )
    assert issued.certificate.not_valid_after_utc == datetime(2020, 1, 3, tzinfo=UTC)
