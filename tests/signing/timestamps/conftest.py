"""Fixtures for the tests of time-stamps."""

from __future__ import annotations

import contextlib
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache

import pytest
from tests.signing.factories import DAY
from tests.signing.timestamps.tsa_factories import Answer, TsaWorld

from egovdocs.sandbox.authority import Authority, IssuedKey
from egovdocs.signing import TrustStore
from egovdocs.signing.timestamps.tsa import TimestampAuthority


@pytest.fixture(scope="module", params=["ec", "rsa"])
def tsa_world(request: pytest.FixtureRequest) -> TsaWorld:
    root = Authority.create("Корень", algorithm="ec")
    ca = root.intermediate("Центр", algorithm="ec")
    key = ca.issue_timestamping("Уақыт", algorithm=request.param)
    store = TrustStore([root.certificate], [root.crl(), ca.crl()])
    return TsaWorld(root, ca, key, TimestampAuthority(key.signer), store)


@pytest.fixture(scope="module")
def ec_tsa() -> TsaWorld:
    root = Authority.create("Корень", algorithm="ec", not_before=datetime.now(UTC) - 400 * DAY)
    ca = root.intermediate("Центр", algorithm="ec", not_before=datetime.now(UTC) - 400 * DAY)
    key = ca.issue_timestamping("Уақыт", algorithm="ec", not_before=datetime.now(UTC) - 300 * DAY)
    store = TrustStore([root.certificate], [root.crl(), ca.crl()])
    return TsaWorld(root, ca, key, TimestampAuthority(key.signer), store)


@pytest.fixture(scope="module")
def serve_tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[IssuedKey], str]]:
    """A function that runs ``egovdocs trust tsa``, once for each key, and returns its address."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "password").write_text("secret\n")
    processes: list[subprocess.Popen[str]] = []

    @cache
    def start(key: IssuedKey) -> str:
        (folder / "tsa.p12").write_bytes(key.pkcs12("secret"))
        command = [sys.executable, "-m", "egovdocs", "trust", "tsa", "--key", str(folder / "tsa.p12")]
        command += ["--password-file", str(folder / "password"), "--listen", "127.0.0.1:0"]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
        processes.append(process)
        assert process.stdout is not None
        return process.stdout.readline().split()[-1]

    yield start
    for process in processes:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def serve_answers() -> Iterator[Callable[[Answer], str]]:
    """A function that runs a server, which answers each request with the result of a function."""
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
