"""Time-stamps: ours read by OpenSSL, OpenSSL's read by us, and all that can be wrong with one."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from egovdocs.signing import Revocation, TrustStore, UnsupportedKey
from egovdocs.signing.authority import Authority, IssuedKey
from egovdocs.signing.timestamping import QUERY, REPLY, TimestampAuthority
from egovdocs.signing.timestamps import (
    BadTimestamp,
    TimestampRefused,
    TimestampService,
    TimestampToken,
    TimestampUnavailable,
    UntrustedTimestamp,
    read_response,
    read_token,
    verify_token,
)

OCTETS = "Өтініш".encode()
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clockwork:
    """An authority, its time-stamping key, and whoever trusts them."""

    root: Authority
    ca: Authority
    key: IssuedKey
    tsa: TimestampAuthority
    store: TrustStore


@pytest.fixture(scope="module", params=["ec", "rsa"])
def clockwork(request: pytest.FixtureRequest) -> Clockwork:
    root = Authority.create("Корень", algorithm="ec")
    ca = root.intermediate("Центр", algorithm="ec")
    key = ca.issue_timestamping("Уақыт", algorithm=request.param)
    store = TrustStore([root.certificate], [root.crl(), ca.crl()])
    return Clockwork(root, ca, key, TimestampAuthority(key.signer), store)


@pytest.fixture(scope="module")
def ec() -> Clockwork:
    root = Authority.create("Корень", algorithm="ec", not_before=datetime.now(UTC) - 400 * DAY)
    ca = root.intermediate("Центр", algorithm="ec", not_before=datetime.now(UTC) - 400 * DAY)
    key = ca.issue_timestamping("Уақыт", algorithm="ec", not_before=datetime.now(UTC) - 300 * DAY)
    store = TrustStore([root.certificate], [root.crl(), ca.crl()])
    return Clockwork(root, ca, key, TimestampAuthority(key.signer), store)


def request_for(octets: bytes = OCTETS, **changes: Any) -> tsp.TimeStampReq:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": _sha256(octets)}
    fields = {"version": "v1", "message_imprint": imprint, "nonce": 2**70 + 1, "cert_req": True}
    return tsp.TimeStampReq({**fields, **changes})


def _sha256(octets: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(octets).digest()


def stamped(tsa: TimestampAuthority, octets: bytes = OCTETS) -> TimestampToken:
    return read_response(tsa.respond(request_for(octets).dump()))


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[[IssuedKey], str]]:
    """Starts ``egovdocs trust tsa`` as a process of its own."""
    running: list[subprocess.Popen[str]] = []

    def start(key: IssuedKey) -> str:
        (tmp_path / "tsa.p12").write_bytes(key.pkcs12("secret"))
        (tmp_path / "password").write_text("secret\n")
        command = [sys.executable, "-m", "egovdocs", "trust", "tsa", "--key", str(tmp_path / "tsa.p12")]
        command += ["--password-file", str(tmp_path / "password"), "--listen", "127.0.0.1:0"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().split()[-1]

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=10)


def test_a_token_from_a_process_of_its_own(clockwork: Clockwork, serving: Callable[[IssuedKey], str]) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    token = TimestampService(serving(clockwork.key)).stamp(OCTETS)
    assert before <= token.time <= datetime.now(UTC)
    assert token.certificate == clockwork.key.certificate
    assert token.chain == (clockwork.ca.certificate,)
    verdict = verify_token(token, OCTETS, clockwork.store)
    assert verdict.chain[-1] == clockwork.root.certificate


def test_openssl_asks_and_verifies(
    clockwork: Clockwork, serving: Callable[[IssuedKey], str], tmp_path: Path
) -> None:
    url = serving(clockwork.key)
    data, query, reply, root, chain = (tmp_path / n for n in ("data", "q.tsq", "r.tsr", "r.pem", "c.pem"))
    data.write_bytes(OCTETS)
    root.write_bytes(clockwork.root.certificate.public_bytes(Encoding.PEM))
    chain.write_bytes(clockwork.ca.certificate.public_bytes(Encoding.PEM))
    for digest, certificates in (("-sha256", ["-cert"]), ("-sha512", ["-cert"]), ("-sha384", [])):
        openssl("ts", "-query", "-data", data, digest, *certificates, "-out", query)
        answer = requests.post(url, query.read_bytes(), headers={"Content-Type": QUERY}, timeout=10)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, REPLY)
        reply.write_bytes(answer.content)
        trusted = ["-CAfile", root, "-untrusted", chain]
        if not certificates:
            chain.write_bytes(
                clockwork.key.certificate.public_bytes(Encoding.PEM)
                + clockwork.ca.certificate.public_bytes(Encoding.PEM)
            )
        assert "Verification: OK" in openssl("ts", "-verify", "-in", reply, "-queryfile", query, *trusted)
        assert "Verification: OK" in openssl("ts", "-verify", "-in", reply, "-data", data, *trusted)


def openssl(*arguments: str | Path) -> str:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
