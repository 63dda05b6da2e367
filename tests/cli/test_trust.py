"""``egovdocs trust`` as whoever runs a site uses it."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from tests.signing.openssl import OpensslAuthority

from egovdocs.cli.trust import trust
from egovdocs.sandbox.authority import Authority
from egovdocs.signing import TrustStore

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.create("НУЦ", algorithm="ec")


@pytest.fixture(scope="module")
def ca(root: Authority) -> Authority:
    return root.intermediate("НУЦ 2", algorithm="ec")


@pytest.fixture
def store(tmp_path: Path, root: Authority) -> Path:
    (tmp_path / "store" / "anchors").mkdir(parents=True)
    (tmp_path / "store" / "anchors" / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    return tmp_path / "store"


class Site:
    """A web site whose files a test puts in place."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.answer: Callable[[bytes], bytes] = bytes
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                body = site.files.get(self.path)
                self.send_response(302 if self.path == "/moved.crl" else 404 if body is None else 200)
                self.send_header("Location", "/root.crl")
                self.end_headers()
                self.wfile.write(body or b"")

            def do_POST(self) -> None:
                assert self.headers["Content-Type"] == "application/ocsp-request"
                body = site.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(trust, [str(each) for each in arguments])


def held(store: Path, name: str = "root.crl") -> datetime:
    return x509.load_der_x509_crl((store / "crls" / name).read_bytes()).last_update_utc


def test_lists_are_fetched_and_renewed(store: Path, site: Site, root: Authority, ca: Authority) -> None:
    site.files["/root.crl"] = root.crl(NOW - 2 * HOUR, NOW + HOUR)
    pem = x509.load_der_x509_crl(ca.crl(NOW - 2 * HOUR)).public_bytes(Encoding.PEM)
    site.files["/lists/ca"] = pem
    addresses = store / "addresses"
    addresses.write_text(f"# НУЦ\n{site.url}/root.crl\n\n", "utf-8")
    command = ("fetch", "--store", store, "--addresses", addresses, "--from", f"{site.url}/lists/ca?latest")
    site.files["/lists/ca?latest"] = pem
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert "root.crl: renewed, fresh until" in result.output
    assert sorted(path.name for path in (store / "crls").iterdir()) == ["ca.crl", "root.crl"]
    assert len(TrustStore.from_folder(store).crls) == 2

    assert "root.crl: nothing newer" in run(*command).output
    site.files["/root.crl"] = root.crl(NOW - HOUR, NOW + 2 * HOUR)
    assert "root.crl: renewed" in run(*command).output
    assert held(store) == NOW - HOUR
    # What was said before is kept.
    assert held(store, f"root-{NOW - 2 * HOUR:%Y%m%dT%H%M%SZ}.crl") == NOW - 2 * HOUR
    assert len(TrustStore.from_folder(store).crls) == 3
    assert run("status", "--store", store).output.count("\n") == 2
    site.files["/root.crl"] = root.crl(NOW, NOW + 2 * HOUR)
    assert run(*command, "--no-keep").exit_code == 0
    assert len(list((store / "crls").iterdir())) == 3


def test_what_is_not_taken(store: Path, site: Site, root: Authority, ca: Authority) -> None:
    (store / "crls").mkdir()
    good = root.crl(NOW - HOUR)
    (store / "crls" / "root.crl").write_bytes(good)
    impostor = Authority(ca.key, root.certificate)
    for body, reason in (
        (root.crl(NOW - 2 * HOUR), "older than the stored one"),
        (root.crl(NOW + HOUR, NOW + 2 * HOUR), "from the future"),
        (impostor.crl(NOW), "not signed by"),
        (ca.crl(NOW), "the stored one by"),
        (good[:-1], "not a revocation list"),
        (b"<html>", "not a revocation list"),
        (b"", "not a revocation list"),
    ):
        site.files["/root.crl"] = body
        result = run("fetch", "--store", store, "--from", f"{site.url}/root.crl")
        assert result.exit_code == 1, result.output
        assert reason in result.output
        assert (store / "crls" / "root.crl").read_bytes() == good
    assert [path.name for path in (store / "crls").iterdir()] == ["root.crl"]


def test_one_silent_address_does_not_keep_the_others_back(store: Path, site: Site, root: Authority) -> None:
    site.files["/root.crl"] = root.crl(NOW)
    urls = [
        f"{site.url}/gone.crl",
        "http://127.0.0.1:9/x.crl",
        f"{site.url}/moved.crl",
        f"{site.url}/root.crl",
    ]
    result = run("fetch", "--store", store, *(part for url in urls for part in ("--from", url)))
    assert result.exit_code == 1
    assert "status 404" in result.output
    assert "status 302" in result.output
    assert "did not respond" in result.output
    assert held(store) == NOW
    assert [path.name for path in (store / "crls").iterdir()] == ["root.crl"]


def test_a_broken_file_is_mended(store: Path, site: Site, root: Authority) -> None:
    (store / "crls").mkdir()
    (store / "crls" / "root.crl").write_bytes(b"half")
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "no revocation list" in result.output
    site.files["/root.crl"] = root.crl(NOW)
    assert run("fetch", "--store", store, "--from", f"{site.url}/root.crl").exit_code == 0
    assert held(store) == NOW


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/a.crl", "file:///etc/passwd", "http://127.0.0.1/", "http://h/..", "x"]
)
def test_addresses_that_are_none(url: str, store: Path) -> None:
    result = run("fetch", "--store", store, "--from", url)
    assert result.exit_code == 2
    assert "not the URL" in result.output


def test_addresses_that_collide_and_none_at_all(store: Path) -> None:
    result = run("fetch", "--store", store, "--from", "http://a/x.crl", "--from", "http://b/x")
    assert result.exit_code == 2
    assert "the same file" in result.output
    assert run("fetch", "--store", store).exit_code == 2


def test_status(store: Path, root: Authority, ca: Authority) -> None:
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "MISSING: a list by C=KZ,CN=НУЦ" in result.output
    (store / "crls").mkdir()
    (store / "crls" / "root.crl").write_bytes(root.crl(NOW - HOUR, NOW + HOUR))
    result = run("status", "--store", store)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("root.crl: fresh until ")
    (store / "crls" / "ca.crl").write_bytes(ca.crl(NOW - 2 * HOUR, NOW - HOUR))
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "ca.crl: STALE since" in result.output
    (store / "crls" / "newer.crl").write_bytes(ca.crl(NOW - HOUR, NOW + HOUR))
    result = run("status", "--store", store)
    assert result.exit_code == 0, result.output
    assert "STALE" not in result.output


def test_status_of_deltas(store: Path, root: Authority) -> None:
    (store / "crls").mkdir()
    base = root.crl(NOW - 5 * HOUR, NOW - HOUR)
    other = root.crl(NOW - 3 * HOUR, NOW + HOUR)
    (store / "crls" / "base.crl").write_bytes(base)
    (store / "crls" / "delta.crl").write_bytes(root.crl(NOW - HOUR, NOW + HOUR, since=base))
    result = run("status", "--store", store)
    assert result.exit_code == 0, result.output
    assert "STALE since" in result.output
    assert "continued by delta.crl" in result.output
    # An earlier delta, kept, is not looked at; a newer one to a list that is not held is told.
    (store / "crls" / "delta-1.crl").write_bytes(root.crl(NOW - 4 * HOUR, NOW - 3 * HOUR, since=base))
    assert run("status", "--store", store).output == result.output
    (store / "crls" / "delta.crl").write_bytes(root.crl(NOW - HOUR, NOW + HOUR, since=other))
    result = run("status", "--store", store)
    assert result.exit_code == 1
    assert "DELTA to a list that is not stored" in result.output


def test_deltas_are_fetched_too(store: Path, site: Site, root: Authority) -> None:
    base = root.crl(NOW - 5 * HOUR, NOW + HOUR)
    site.files["/ca.crl"] = base
    site.files["/ca_d.crl"] = root.crl(NOW - 4 * HOUR, NOW, since=base)
    command = ("fetch", "--store", store, "--from", f"{site.url}/ca.crl", "--from", f"{site.url}/ca_d.crl")
    assert run(*command).exit_code == 0
    site.files["/ca.crl"] = newer = root.crl(NOW - 2 * HOUR, NOW + HOUR)
    site.files["/ca_d.crl"] = root.crl(NOW - HOUR, NOW + HOUR, since=newer)
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert result.output.count("renewed") == 2
    result = run("status", "--store", store)
    assert (result.exit_code, result.output.count("fresh until")) == (0, 2), result.output


@pytest.fixture
def openssl(root: Authority, tmp_path: Path) -> OpensslAuthority:
    return OpensslAuthority(root, tmp_path / "openssl")


def test_a_responder_is_asked(
    store: Path, site: Site, root: Authority, openssl: OpensslAuthority, tmp_path: Path
) -> None:
    person = root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").certificate
    (tmp_path / "person.pem").write_bytes(person.public_bytes(Encoding.PEM))
    site.answer = openssl.ocsp
    command = ("ask", "--store", store, "--from", f"{site.url}/ocsp", tmp_path / "person.pem")
    openssl.knows(person, revoked={})
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("person.pem: good, fresh until ")
    assert TrustStore.from_folder(store).check_certificate(person).passed
    (kept,) = (store / "ocsp").iterdir()
    assert kept.name == f"{person.serial_number:x}.ocsp"
    assert f"{kept.name}: good, fresh until" in run("status", "--store", store).output

    openssl.knows(person, revoked={person.serial_number: (NOW - HOUR, "keyCompromise")})
    result = run(*command)
    assert result.exit_code == 0
    assert "person.pem: revoked on " in result.output
    assert TrustStore.from_folder(store).check_certificate(person).sub_indication == "REVOKED"


def test_answers_that_are_not_kept(
    store: Path, site: Site, root: Authority, ca: Authority, openssl: OpensslAuthority, tmp_path: Path
) -> None:
    people = [root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec") for _number in range(2)]
    person, other = (each.certificate for each in people)
    (tmp_path / "person.pem").write_bytes(person.public_bytes(Encoding.PEM))
    openssl.knows(person, revoked={})
    nonce = x509.OCSPNonce(b"0123456789abcdef")
    replayed = ocsp.OCSPRequestBuilder().add_certificate(person, root.certificate, SHA256())
    question = replayed.add_extension(nonce, critical=False).build().public_bytes(Encoding.DER)
    for answer, reason in (
        (lambda _asked: openssl.ocsp(question), "to another request"),
        (lambda _asked: root.ocsp(other), "about another certificate"),
        (lambda asked: openssl.ocsp(asked, responder=people[1]), "not signed by"),
        (lambda _asked: root.ocsp(person, NOW - 5 * HOUR, NOW - HOUR), "not current"),
        (lambda _asked: root.ocsp(person, NOW + HOUR, NOW + 2 * HOUR), "not current"),
        (lambda _asked: b"<html>", "sent no OCSP response"),
        (lambda _asked: bytes(70_000), "exceeds 65536 bytes"),
    ):
        site.answer = answer
        result = run("ask", "--store", store, "--from", site.url, tmp_path / "person.pem")
        assert result.exit_code == 1, result.output
        assert reason in result.output
        assert list((store / "ocsp").iterdir()) == []
    openssl.knows(revoked={})
    site.answer = openssl.ocsp
    assert (
        "unknown to the responder"
        in run("ask", "--store", store, "--from", site.url, tmp_path / "person.pem").output
    )
    stranger = ca.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").certificate
    (tmp_path / "person.pem").write_bytes(stranger.public_bytes(Encoding.PEM))
    result = run("ask", "--store", store, "--from", site.url, tmp_path / "person.pem")
    assert "neither in the file nor an anchor" in result.output
    whole = stranger.public_bytes(Encoding.PEM) + ca.certificate.public_bytes(Encoding.PEM)
    (tmp_path / "person.pem").write_bytes(whole)
    site.answer = lambda _asked: ca.ocsp(stranger)
    assert run("ask", "--store", store, "--from", site.url, tmp_path / "person.pem").exit_code == 0


def test_tsa_wants_a_key_for_time_stamps(tmp_path: Path, root: Authority) -> None:
    key = tmp_path / "key.p12"
    (tmp_path / "password").write_text("secret\n")
    key.write_bytes(root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").pkcs12("secret"))
    result = run("tsa", "--key", key, "--password-file", tmp_path / "password")
    assert result.exit_code == 1
    assert "not for time-stamps" in result.output
    (tmp_path / "password").write_text("wrong\n")
    assert "password" in run("tsa", "--key", key, "--password-file", tmp_path / "password").output


def test_the_group_is_registered() -> None:
    command = [sys.executable, "-m", "egovdocs", "trust", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in ("tsa", "fetch", "status", "ask"))
