"""The time-stamping authority, in the process and over HTTP, with OpenSSL as a client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.signing.factories import DAY
from tests.signing.timestamps.tsa_factories import DATA, TsaWorld, openssl, request_for, stamp

from egovdocs.sandbox.authority import IssuedKey
from egovdocs.signing import UnsupportedKey
from egovdocs.signing.errors import TimestampRefused
from egovdocs.signing.timestamps.timestamper import TimestampService
from egovdocs.signing.timestamps.tokens import TimestampResponse, read_response, verify_token
from egovdocs.signing.timestamps.tsa import QUERY, REPLY, TimestampAuthority


def test_a_token_from_a_served_authority(tsa_world: TsaWorld, serve_tsa: Callable[[IssuedKey], str]) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    token = TimestampService(serve_tsa(tsa_world.key)).stamp(DATA)
    assert before <= token.time <= datetime.now(UTC)
    assert token.certificate == tsa_world.key.certificate
    assert token.chain == (tsa_world.ca.certificate,)
    verdict = verify_token(token, DATA, tsa_world.store)
    assert verdict.chain[-1] == tsa_world.root.certificate


def test_openssl_requests_and_verifies(
    tsa_world: TsaWorld, serve_tsa: Callable[[IssuedKey], str], tmp_path: Path
) -> None:
    url = serve_tsa(tsa_world.key)
    data, query, reply, root, chain = (tmp_path / n for n in ("data", "q.tsq", "r.tsr", "r.pem", "c.pem"))
    data.write_bytes(DATA)
    root.write_bytes(tsa_world.root.certificate.public_bytes(Encoding.PEM))
    chain.write_bytes(tsa_world.ca.certificate.public_bytes(Encoding.PEM))
    for digest, certificates in (("-sha256", ["-cert"]), ("-sha512", ["-cert"]), ("-sha384", [])):
        openssl("ts", "-query", "-data", data, digest, *certificates, "-out", query)
        answer = requests.post(url, query.read_bytes(), headers={"Content-Type": QUERY}, timeout=60)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, REPLY)
        reply.write_bytes(answer.content)
        trusted = ["-CAfile", root, "-untrusted", chain]
        if not certificates:
            chain.write_bytes(
                tsa_world.key.certificate.public_bytes(Encoding.PEM)
                + tsa_world.ca.certificate.public_bytes(Encoding.PEM)
            )
        assert "Verification: OK" in openssl("ts", "-verify", "-in", reply, "-queryfile", query, *trusted)
        assert "Verification: OK" in openssl("ts", "-verify", "-in", reply, "-data", data, *trusted)


def _imprint(algorithm: str, digest: bytes) -> dict[str, Any]:
    return {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}


_EXTENSION = {"extn_id": "1.2.3", "extn_value": b"\x05\x00"}


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"version": 2}, "bad_request"),
        ({"req_policy": "1.2.3.4"}, "unaccepted_policy"),
        ({"message_imprint": _imprint("sha1", b"1" * 20)}, "bad_alg"),
        ({"message_imprint": _imprint("sha256", b"1" * 20)}, "bad_data_format"),
        ({"extensions": [_EXTENSION]}, "unaccepted_extensions"),
    ],
)
def test_refused_requests(changes: dict[str, Any], failure: str, ec_tsa: TsaWorld) -> None:
    answer = ec_tsa.tsa.respond(request_for(**changes).dump())
    response = TimestampResponse.load(answer, strict=True)
    assert response["status"]["status"].native == "rejection"
    assert response["status"]["fail_info"].native == {failure}
    assert not isinstance(response["time_stamp_token"], cms.ContentInfo)
    with pytest.raises(TimestampRefused, match=failure):
        read_response(answer)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_get_a_response(ec_tsa: TsaWorld, data: bytes) -> None:
    with pytest.raises(TimestampRefused, match="bad_data_format"):
        read_response(ec_tsa.tsa.respond(data))


def test_an_expired_authority_refuses(ec_tsa: TsaWorld) -> None:
    later = TimestampAuthority(ec_tsa.key.signer, clock=lambda: datetime.now(UTC) + 10_000 * DAY)
    with pytest.raises(TimestampRefused, match="out of date"):
        stamp(later)


def test_only_a_time_stamping_key_is_accepted(ec_tsa: TsaWorld) -> None:
    with pytest.raises(UnsupportedKey, match="not for time-stamps"):
        TimestampAuthority(ec_tsa.ca.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").signer)


def test_requests_that_http_refuses(ec_tsa: TsaWorld, serve_tsa: Callable[[IssuedKey], str]) -> None:
    url = serve_tsa(ec_tsa.key)
    typed = {"Content-Type": QUERY}
    assert requests.get(url, timeout=60).status_code == 405
    assert requests.post(url, b"0", timeout=60).status_code == 415
    assert requests.post(url, b"0" * 70_000, headers=typed, timeout=60).status_code == 413
    answer = requests.post(url, b"0", headers=typed, timeout=60)
    assert answer.status_code == 200
    with pytest.raises(TimestampRefused):
        read_response(answer.content)
