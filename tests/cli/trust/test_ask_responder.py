"""``egovdocs trust ask``, with openssl as the responder."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from tests.cli.trust.trust_commands import HOUR, NOW, FileServer, run
from tests.signing.trust.openssl_authority import OpensslAuthority

from egovdocs.sandbox.authority import Authority
from egovdocs.signing import TrustStore


@pytest.fixture
def openssl(root: Authority, tmp_path: Path) -> OpensslAuthority:
    return OpensslAuthority(root, tmp_path / "openssl")


def test_a_response_is_stored(
    store: Path, server: FileServer, root: Authority, openssl: OpensslAuthority, tmp_path: Path
) -> None:
    person = root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").certificate
    (tmp_path / "person.pem").write_bytes(person.public_bytes(Encoding.PEM))
    server.respond = openssl.ocsp
    command = ("ask", "--store", store, "--from", f"{server.url}/ocsp", tmp_path / "person.pem")
    openssl.register(person, revoked={})
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("person.pem: good, fresh until ")
    assert TrustStore.from_folder(store).check_certificate(person).passed
    (stored,) = (store / "ocsp").iterdir()
    assert stored.name == f"{person.serial_number:x}.ocsp"
    assert f"{stored.name}: good, fresh until" in run("status", "--store", store).output

    openssl.register(person, revoked={person.serial_number: (NOW - HOUR, "keyCompromise")})
    result = run(*command)
    assert result.exit_code == 0
    assert "person.pem: revoked on " in result.output
    assert TrustStore.from_folder(store).check_certificate(person).sub_indication == "REVOKED"


def test_responses_that_are_not_stored(
    store: Path, server: FileServer, root: Authority, ca: Authority, openssl: OpensslAuthority, tmp_path: Path
) -> None:
    people = [root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec") for _number in range(2)]
    person, other = (each.certificate for each in people)
    (tmp_path / "person.pem").write_bytes(person.public_bytes(Encoding.PEM))
    openssl.register(person, revoked={})
    nonce = x509.OCSPNonce(b"0123456789abcdef")
    replayed = ocsp.OCSPRequestBuilder().add_certificate(person, root.certificate, SHA256())
    other_request = replayed.add_extension(nonce, critical=False).build().public_bytes(Encoding.DER)
    for respond, reason in (
        (lambda _request: openssl.ocsp(other_request), "to another request"),
        (lambda _request: root.ocsp(other), "about another certificate"),
        (lambda request: openssl.ocsp(request, responder=people[1]), "not signed by"),
        (lambda _request: root.ocsp(person, NOW - 5 * HOUR, NOW - HOUR), "not current"),
        (lambda _request: root.ocsp(person, NOW + HOUR, NOW + 2 * HOUR), "not current"),
        (lambda _request: b"<html>", "sent no OCSP response"),
        (lambda _request: bytes(70_000), "exceeds 65536 bytes"),
    ):
        server.respond = respond
        result = run("ask", "--store", store, "--from", server.url, tmp_path / "person.pem")
        assert result.exit_code == 1, result.output
        assert reason in result.output
        assert list((store / "ocsp").iterdir()) == []
    openssl.register(revoked={})
    server.respond = openssl.ocsp
    assert (
        "unknown to the responder"
        in run("ask", "--store", store, "--from", server.url, tmp_path / "person.pem").output
    )
    foreign = ca.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").certificate
    (tmp_path / "person.pem").write_bytes(foreign.public_bytes(Encoding.PEM))
    result = run("ask", "--store", store, "--from", server.url, tmp_path / "person.pem")
    assert "neither in the file nor an anchor" in result.output
    whole = foreign.public_bytes(Encoding.PEM) + ca.certificate.public_bytes(Encoding.PEM)
    (tmp_path / "person.pem").write_bytes(whole)
    server.respond = lambda _request: ca.ocsp(foreign)
    assert run("ask", "--store", store, "--from", server.url, tmp_path / "person.pem").exit_code == 0
