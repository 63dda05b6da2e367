"""Time-stamps: ours read by OpenSSL, OpenSSL's read by us, and all that can be wrong with one."""

from __future__ import annotations

import contextlib
import hashlib
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
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import Revocation, TrustStore, UnsupportedKey
from egovdocs.signing.errors import (
    BadTimestamp,
    TimestampRefused,
    TimestampUnavailable,
    UntrustedTimestamp,
)
from egovdocs.signing.timestamps.timestamper import TimestampService
from egovdocs.signing.timestamps.tokens import (
    TimestampResponse,
    TimestampToken,
    read_response,
    read_token,
    verify_token,
)
from egovdocs.signing.timestamps.tsa import QUERY, REPLY, TimestampAuthority

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
        process.communicate(timeout=60)


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
        answer = requests.post(url, query.read_bytes(), headers={"Content-Type": QUERY}, timeout=60)
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


def test_openssl_s_tokens_are_read(ec: Clockwork, tmp_path: Path) -> None:
    """Another maker's, with the older ESSCertID and with ESSCertIDv2."""
    pem = ec.key.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "tsa.pem").write_bytes(ec.key.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "chain.pem").write_bytes(ec.ca.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "q.tsq").write_bytes(request_for().dump())
    for digest in ("sha1", "sha256", "sha512"):
        (tmp_path / "tsa.cnf").write_text(
            "[tsa]\ndefault_tsa = it\n[it]\n"
            f"serial = {tmp_path}/serial\nsigner_cert = {tmp_path}/tsa.pem\nsigner_key = {tmp_path}/key.pem\n"
            f"certs = {tmp_path}/chain.pem\nsigner_digest = sha384\ndefault_policy = 1.2.3.4\n"
            f"digests = sha256\ness_cert_id_alg = {digest}\naccuracy = secs:1, millisecs:500\n"
            "tsa_name = yes\nordering = yes\n"
        )
        reply = tmp_path / "r.tsr"
        openssl(
            "ts", "-reply", "-config", tmp_path / "tsa.cnf", "-queryfile", tmp_path / "q.tsq", "-out", reply
        )
        token = read_response(reply.read_bytes())
        verify_token(token, OCTETS, ec.store)
        assert token.policy == "1.2.3.4"
        assert token.nonce == 2**70 + 1


def _imprint(algorithm: str, digest: bytes) -> dict[str, Any]:
    return {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}


_EXTENSION = {"extn_id": "1.2.3", "extn_value": b"\x05\x00"}
_OTHER_CERTIFICATE = tsp.SigningCertificateV2({"certs": [{"cert_hash": b"0" * 32}]})


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
def test_requests_refused(changes: dict[str, Any], failure: str, ec: Clockwork) -> None:
    answer = ec.tsa.respond(request_for(**changes).dump())
    response = TimestampResponse.load(answer, strict=True)
    assert response["status"]["status"].native == "rejection"
    assert response["status"]["fail_info"].native == {failure}
    assert not isinstance(response["time_stamp_token"], cms.ContentInfo)
    with pytest.raises(TimestampRefused, match=failure):
        read_response(answer)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=80))
def test_any_octets_get_an_answer(ec: Clockwork, octets: bytes) -> None:
    with pytest.raises(TimestampRefused, match="bad_data_format"):
        read_response(ec.tsa.respond(octets))


def test_an_authority_out_of_date_stamps_nothing(ec: Clockwork) -> None:
    later = TimestampAuthority(ec.key.signer, clock=lambda: datetime.now(UTC) + 10_000 * DAY)
    with pytest.raises(TimestampRefused, match="out of date"):
        stamped(later)


def test_only_a_key_for_time_stamps_stamps(ec: Clockwork) -> None:
    with pytest.raises(UnsupportedKey, match="not for time-stamps"):
        TimestampAuthority(ec.ca.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").signer)


def test_what_http_refuses(ec: Clockwork, serving: Callable[[IssuedKey], str]) -> None:
    url = serving(ec.key)
    typed = {"Content-Type": QUERY}
    assert requests.get(url, timeout=60).status_code == 405
    assert requests.post(url, b"0", timeout=60).status_code == 415
    assert requests.post(url, b"0" * 70_000, headers=typed, timeout=60).status_code == 413
    answer = requests.post(url, b"0", headers=typed, timeout=60)
    assert answer.status_code == 200
    with pytest.raises(TimestampRefused):
        read_response(answer.content)


Answer = Callable[[bytes], tuple[int, str, bytes]]


@pytest.fixture
def answering() -> Iterator[Callable[[Answer], str]]:
    """A server that answers each time-stamp request as it is told."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, body = answer(request)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_service_says_what_it_likes(ec: Clockwork, answering: Callable[[Answer], str]) -> None:
    def asked(answer: Answer, **how: Any) -> TimestampToken:
        return TimestampService(answering(answer), **how).stamp(OCTETS)

    old = ec.tsa.respond(request_for().dump())
    good = asked(lambda request: (200, f"{REPLY}; charset=binary", ec.tsa.respond(request)))
    assert good.covers(OCTETS)
    with pytest.raises(BadTimestamp, match="another request"):
        asked(lambda request: (200, REPLY, old))
    with pytest.raises(BadTimestamp, match="something else"):
        asked(lambda request: (200, REPLY, _instead(ec, request, OCTETS + b"!")))
    with pytest.raises(BadTimestamp, match=r"policy 2\.999\.3161"):
        asked(lambda request: (200, REPLY, ec.tsa.respond(request)), policy="1.2.3")
    with pytest.raises(TimestampUnavailable, match="cannot be read"):
        asked(lambda request: (200, REPLY, b"no answer"))
    with pytest.raises(TimestampUnavailable, match="too long"):
        asked(lambda request: (200, REPLY, b"0" * 100_000))
    with pytest.raises(TimestampUnavailable, match="status 200"):
        asked(lambda request: (200, "text/html", ec.tsa.respond(request)))
    for status in (302, 404, 500):
        with pytest.raises(TimestampUnavailable, match=f"status {status}"):
            asked(lambda request, status=status: (status, REPLY, ec.tsa.respond(request)))  # type: ignore[misc]
    waiting = threading.Event()
    with pytest.raises(TimestampUnavailable, match="did not answer"):
        asked(lambda request: (200, REPLY, bytes(waiting.wait(5))), timeout=0.2)
    waiting.set()
    with pytest.raises(TimestampUnavailable, match="did not answer"):
        TimestampService("http://127.0.0.1:9/").stamp(OCTETS)


def _instead(ec: Clockwork, request: bytes, octets: bytes) -> bytes:
    nonce = tsp.TimeStampReq.load(request)["nonce"].native
    return ec.tsa.respond(request_for(octets, nonce=nonce).dump())


def test_over_other_octets(ec: Clockwork) -> None:
    with pytest.raises(BadTimestamp, match="something else"):
        verify_token(stamped(ec.tsa), b"other", ec.store)


def test_whom_to_believe(ec: Clockwork) -> None:
    token = stamped(ec.tsa)

    def refused(store: TrustStore, token: TimestampToken = token, **how: Any) -> str:
        with pytest.raises(UntrustedTimestamp) as caught:
            verify_token(token, OCTETS, store, **how)
        return str(caught.value)

    assert "not a trusted" in refused(TrustStore([]))
    assert "no fresh" in refused(TrustStore([ec.root.certificate]))
    unseen = TrustStore([ec.root.certificate])
    verify_token(token, OCTETS, unseen, revocation=Revocation.NONE)
    verify_token(token, OCTETS, unseen, revocation=Revocation.IF_PRESENT)
    verify_token(replace(token, chain=()), OCTETS, ec.store, chain=token.chain)
    assert "not a trusted" in refused(ec.store, replace(token, chain=()))
    assert "expired by then" in refused(ec.store, replace(token, time=token.time + 10_000 * DAY))
    assert "not yet valid" in refused(ec.store, replace(token, time=token.time - 350 * DAY))


def test_a_token_without_its_certificate(ec: Clockwork) -> None:
    answer = ec.tsa.respond(request_for(cert_req=False).dump())
    with pytest.raises(BadTimestamp, match="is missing"):
        read_response(answer)
    der = TimestampResponse.load(answer)["time_stamp_token"].dump()
    assert read_token(der, certificates=[ec.key.certificate]).covers(OCTETS)


Change = Callable[[cms.ContentInfo], None]


def _signed(content: cms.ContentInfo) -> Any:
    return content["content"]


def _info(content: cms.ContentInfo) -> Any:
    return _signed(content)["signer_infos"][0]


def _tst_info(**changes: Any) -> Change:
    def change(content: cms.ContentInfo) -> None:
        inner = _signed(content)["encap_content_info"]["content"].parsed
        info = tsp.TSTInfo.load(inner.dump())
        for name, value in changes.items():
            info[name] = value
        _signed(content)["encap_content_info"]["content"] = core.ParsableOctetString(info.dump())

    return change


def _attribute(kind: str, value: Any) -> Change:
    def change(content: cms.ContentInfo) -> None:
        for each in _info(content)["signed_attrs"]:
            if each["type"].native == kind:
                each["values"] = [value]

    return change


def _no_attribute(kind: str) -> Change:
    def change(content: cms.ContentInfo) -> None:
        kept = [each for each in _info(content)["signed_attrs"] if each["type"].native != kind]
        _info(content)["signed_attrs"] = cms.CMSAttributes(kept)

    return change


def _set(name: str, value: Any) -> Change:
    def change(content: cms.ContentInfo) -> None:
        _info(content)[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_tst_info(gen_time=datetime(2020, 1, 1, tzinfo=UTC)), "changed after"),
        (_attribute("message_digest", b"0" * 32), "changed after"),
        (_attribute("content_type", "data"), "cannot be read"),
        (
            _attribute("signing_certificate_v2", _OTHER_CERTIFICATE),
            "another certificate",
        ),
        (_no_attribute("signing_certificate_v2"), "cannot be read"),
        (_no_attribute("message_digest"), "cannot be read"),
        (_set("signature", b"0" * 70), "not made with the key"),
        (_set("digest_algorithm", {"algorithm": "sha1"}), "not allowed: sha1"),
        (_set("signature_algorithm", {"algorithm": "sha1_ecdsa"}), "not allowed: sha1"),
        (_set("signature_algorithm", {"algorithm": "sha256_rsa"}), "kind that is not accepted"),
    ],
)
def test_tampered_tokens(change: Change, reason: str, ec: Clockwork) -> None:
    content = cms.ContentInfo.load(stamped(ec.tsa).der)
    change(content)
    with pytest.raises(BadTimestamp, match=reason):
        read_token(content.dump(force=True))


def test_a_token_that_never_ends(ec: Clockwork) -> None:
    content = cms.ContentInfo.load(stamped(ec.tsa).der)
    _signed(content)["certificates"] = [*_signed(content)["certificates"]] * 100
    with pytest.raises(BadTimestamp, match="cannot be read"):
        read_token(content.dump(force=True))


def test_two_signers(ec: Clockwork) -> None:
    content = cms.ContentInfo.load(stamped(ec.tsa).der)
    _signed(content)["signer_infos"].append(_info(content).copy())
    with pytest.raises(BadTimestamp, match="cannot be read"):
        read_token(content.dump(force=True))


def test_stamped_by_a_key_for_something_else(ec: Clockwork) -> None:
    """A person's key, or one whose extended key usage is not critical, proves no time (RFC 3161, 2.3)."""
    person = ec.ca.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec")
    lax = (
        x509.CertificateBuilder(
            ec.key.certificate.issuer,
            ec.key.certificate.subject,
            ec.key.key.public_key(),
            x509.random_serial_number(),
            ec.key.certificate.not_valid_before_utc,
            ec.key.certificate.not_valid_after_utc,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=False)
        .sign(ec.ca.key, SHA256())
    )
    for key in (person, IssuedKey(ec.key.key, lax, ec.key.issuers)):
        forged = TimestampAuthority(ec.key.signer)
        object.__setattr__(forged, "signer", key.signer)
        with pytest.raises(BadTimestamp, match="not for time-stamps"):
            stamped(forged)


_SOME_TOKEN = stamped(
    TimestampAuthority(Authority.create("x", algorithm="ec").issue_timestamping("x").signer)
)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_octets_break_the_reader(data: st.DataObject) -> None:
    der = bytearray(_SOME_TOKEN.der)
    for _each in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 1000))
        der[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        token = read_token(bytes(der))
    except BadTimestamp:
        return
    # What is not signed may change: the certificates beside the authority's own, the way things are written.
    assert token.covers(OCTETS)
    assert (token.time, token.certificate) == (_SOME_TOKEN.time, _SOME_TOKEN.certificate)
