"""Certificates, key files and the small authority."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from egovdocs.sandbox.authority import AUTHENTICATION_KEY, Authority, IssuedKey
from egovdocs.signing import (
    KeyFileError,
    Role,
    UnsupportedKey,
    WrongPassword,
    holder,
    load_pem,
    load_pkcs12,
)


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("Корневой", algorithm="ec")


@pytest.fixture(scope="module")
def authority(root: Authority) -> Authority:
    return root.intermediate("НУЦ", algorithm="ec")


@pytest.fixture(scope="module")
def person(authority: Authority) -> IssuedKey:
    return authority.issue_person("Ахметов Ержан Серікұлы", "680503250034", algorithm="ec")


def test_a_person(person: IssuedKey) -> None:
    read = holder(person.certificate)
    assert (read.name, read.surname, read.patronymic) == (
        "АХМЕТОВ ЕРЖАН СЕРІКҰЛЫ",
        "АХМЕТОВ",
        "СЕРІКҰЛЫ",
    )
    assert (read.iin, read.bin, read.identifier) == ("680503250034", "", "680503250034")
    assert read.roles == {Role.NATURAL_PERSON}


def test_an_organisations_person(authority: Authority) -> None:
    issued = authority.issue_employee(
        "Ким Анна", "760212350620", "ТОО «Шипа»", "940140000385", role=Role.FIRST_HEAD, algorithm="ec"
    )
    read = holder(issued.certificate)
    assert (read.name, read.organisation) == ("КИМ АННА", "ТОО «Шипа»")
    assert (read.iin, read.bin, read.identifier) == ("760212350620", "940140000385", "940140000385")
    assert read.roles == {Role.LEGAL_ENTITY, Role.FIRST_HEAD}


def test_an_information_system(authority: Authority) -> None:
    read = holder(authority.issue_system("Портал", "950341000052", algorithm="ec").certificate)
    assert (read.name, read.iin, read.identifier) == ("Портал", "", "950341000052")
    assert Role.INFORMATION_SYSTEM in read.roles


@pytest.mark.parametrize(
    ("subject", "iin", "bin"),
    [
        ({NameOID.SERIAL_NUMBER: "BIN940140000380"}, "", "940140000380"),
        ({NameOID.SERIAL_NUMBER: "IIN123456789011"}, "123456789011", ""),
        ({NameOID.SERIAL_NUMBER: "IIN12345678901"}, "", ""),
        ({NameOID.SERIAL_NUMBER: "680503250034"}, "", ""),
        ({NameOID.ORGANIZATIONAL_UNIT_NAME: "Отдел"}, "", ""),
    ],
)
def test_identifiers_are_read_by_shape(authority: Authority, subject: dict, iin: str, bin: str) -> None:
    read = holder(authority.issue(subject, [], algorithm="ec").certificate)
    assert (read.iin, read.bin) == (iin, bin)


def test_signing_and_authentication_keys_differ_in_usage(authority: Authority, person: IssuedKey) -> None:
    other = authority.issue_person("А Б", "680503250034", purpose=AUTHENTICATION_KEY, algorithm="ec")
    usages = [
        issued.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        for issued in (person, other)
    ]
    assert [usage.content_commitment for usage in usages] == [True, False]
    assert [usage.key_encipherment for usage in usages] == [False, True]


@pytest.mark.parametrize("password", ["secret", "Құпия сөз 123", ""])
def test_a_key_file_opens_with_its_password(person: IssuedKey, password: str) -> None:
    if not password:
        data = pkcs12.serialize_key_and_certificates(
            None, person.key, person.certificate, person.issuers, NoEncryption()
        )
    else:
        data = person.pkcs12(password)
    signer = load_pkcs12(data, password)
    assert signer.certificate == person.certificate
    assert signer.chain == person.issuers[:-1]
    assert len(signer.sign(b"data")) == 64


def test_a_key_file_stays_shut_with_another(person: IssuedKey) -> None:
    with pytest.raises(WrongPassword):
        load_pkcs12(person.pkcs12("secret"), "Secret")


@pytest.mark.parametrize("data", [b"", b"<xml/>", b"0\x03\x02\x01\x01", b"-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_key_file(data: bytes) -> None:
    with pytest.raises(KeyFileError, match="not a key file"):
        load_pkcs12(data, "secret")


def test_a_file_of_certificates_alone(person: IssuedKey) -> None:
    data = pkcs12.serialize_key_and_certificates(None, None, None, [person.certificate], NoEncryption())
    with pytest.raises(KeyFileError, match="no key"):
        load_pkcs12(data, "")


def test_keys_of_another_kind(authority: Authority) -> None:
    for key in (
        ec.generate_private_key(ec.SECP384R1()),
        rsa.generate_private_key(public_exponent=65537, key_size=1024),
    ):
        certificate = _certify(authority, key.public_key())
        data = pkcs12.serialize_key_and_certificates(None, key, certificate, None, NoEncryption())
        with pytest.raises(UnsupportedKey):
            load_pkcs12(data, "")


def test_pem(person: IssuedKey) -> None:
    pem = person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = load_pem(pem, person.certificate.public_bytes(Encoding.PEM), reversed(person.issuers))
    assert (signer.certificate, signer.chain) == (person.certificate, person.issuers[:-1])


def test_pem_with_another_keys_certificate(authority: Authority, person: IssuedKey) -> None:
    pem = person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeyFileError, match="not this key's"):
        load_pem(pem, authority.certificate)


def test_the_authority_survives_being_kept(authority: Authority, person: IssuedKey, tmp_path: Path) -> None:
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


def test_openssl_finds_the_chain_whole_and_the_revoked_revoked(root: Authority, tmp_path: Path) -> None:
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


def _certify(
    authority: Authority, public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.certificate.subject)
        .public_key(public_key)
        .serial_number(1)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(authority.key, SHA256())
    )
