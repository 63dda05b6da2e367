"""The files of a trust store."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from tests.signing.factories import DAY
from tests.signing.trust.path_factories import MOMENT, fresh_lists, verdict

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustError, TrustStore


def numbered_crl(
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


def test_a_store_from_a_folder(tmp_path: Path, root: Authority, ca: Authority, person: IssuedKey) -> None:
    (tmp_path / "anchors").mkdir()
    (tmp_path / "crls").mkdir()
    both = b"".join(each.certificate.public_bytes(Encoding.PEM) for each in (root, ca))
    (tmp_path / "anchors" / "all.pem").write_bytes(both)
    (tmp_path / "crls" / "root.crl").write_bytes(fresh_lists(root)[0])
    pem = x509.load_der_x509_crl(fresh_lists(ca)[0]).public_bytes(Encoding.PEM)
    (tmp_path / "crls" / "ca.crl").write_bytes(pem)
    store = TrustStore.from_folder(tmp_path)
    assert store.anchors == (root.certificate, ca.certificate)
    assert verdict(store, person) is None
    (tmp_path / "ocsp").mkdir()
    for ending in ("ocsp", "der"):
        response = ca.ocsp(person.certificate, MOMENT - DAY, MOMENT + DAY)
        (tmp_path / "ocsp" / f"person.{ending}").write_bytes(response)
        store = TrustStore.from_folder(tmp_path)
    assert len(store.ocsps) == 2
    (tmp_path / "crls" / "ca.crl").unlink()
    assert verdict(TrustStore.from_folder(tmp_path), person) is None


def test_single_values(tmp_path: Path, root: Authority) -> None:
    pem, path = root.certificate.public_bytes(Encoding.PEM), tmp_path / "root.pem"
    path.write_bytes(pem)
    for anchor in (root.certificate, pem, bytearray(pem), memoryview(pem), pem.decode(), path, str(path)):
        assert TrustStore.load(anchor).anchors == TrustStore.load([anchor]).anchors == (root.certificate,)
    (der,) = fresh_lists(root)
    crl = x509.load_der_x509_crl(der)
    for given in (crl, der, bytearray(der), [crl]):
        assert TrustStore.load(root.certificate, given).crls == (crl,)


def _pem(der: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n"


def test_files_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "nothing").write_bytes(b"nothing")
    with pytest.raises(TrustError, match="no certificate"):
        TrustStore.load([tmp_path / "nothing"])
    with pytest.raises(TrustError, match="no revocation list"):
        TrustStore.load([], [b"-----BEGIN CERTIFICATE-----"])


def test_an_anchor_with_a_malformed_name(root: Authority) -> None:
    der = root.certificate.public_bytes(Encoding.DER)
    name = root.certificate.subject.public_bytes()
    spoilt = der.replace(name, name.replace(b"KZ", b"\xff\xff"))
    for given in (spoilt, _pem(spoilt)):
        with pytest.raises(TrustError, match="no certificate"):
            TrustStore.load(given)


@pytest.mark.parametrize("spoilt", ["anchors/a.pem", "crls/a.crl", "ocsp/a.ocsp"])
@pytest.mark.parametrize("content", [b"nothing", b"", None])
def test_an_unreadable_file_is_ignored_and_logged(
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
    (tmp_path / "crls" / "ca.crl").write_bytes(fresh_lists(ca)[0])
    if content is None:
        (tmp_path / spoilt).mkdir()
    else:
        (tmp_path / spoilt).write_bytes(content)
    store = TrustStore.from_folder(tmp_path)
    assert verdict(store, person) is None
    (record,) = caplog.records
    assert (record.levelname, spoilt in record.getMessage()) == ("ERROR", True)


def test_bytes_that_are_no_certificate(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match="b'junk'"):
        TrustStore.load([b"junk"])
    with pytest.raises(TypeError, match="not 3"):
        TrustStore.load([3])  # type: ignore[list-item]
