"""Key files: PKCS#12 and PEM."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import KeyFileError, UnsupportedKey, WrongPassword, load_pem, load_pkcs12


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("Корневой", algorithm="ec")


@pytest.fixture(scope="module")
def authority(root: Authority) -> Authority:
    return root.intermediate("НУЦ", algorithm="ec")


@pytest.fixture(scope="module")
def person(authority: Authority) -> IssuedKey:
    return authority.issue_person("Ахметов Ержан Серікұлы", "680503250034", algorithm="ec")


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


def test_a_wrong_password(person: IssuedKey) -> None:
    with pytest.raises(WrongPassword):
        load_pkcs12(person.pkcs12("secret"), "Secret")


@pytest.mark.parametrize("data", [b"", b"<xml/>", b"0\x03\x02\x01\x01", b"-----BEGIN PRIVATE KEY-----"])
def test_files_that_are_no_key_file(data: bytes) -> None:
    with pytest.raises(KeyFileError, match="not a key file"):
        load_pkcs12(data, "secret")


def test_a_file_without_a_key(person: IssuedKey) -> None:
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


def test_pem_with_the_certificate_of_another_key(authority: Authority, person: IssuedKey) -> None:
    pem = person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeyFileError, match="not this key's"):
        load_pem(pem, authority.certificate)


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
