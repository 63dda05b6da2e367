"""Helpers of the tests of ``egovdocs trust``."""

from __future__ import annotations

import http.server
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result
from cryptography import x509

from egovdocs.cli.trust import trust

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


class FileServer:
    """A web server of files and of an OCSP responder, which a test sets."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.respond: Callable[[bytes], bytes] = bytes
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = owner.files.get(self.path)
                self.send_response(302 if self.path == "/moved.crl" else 404 if body is None else 200)
                self.send_header("Location", "/root.crl")
                self.end_headers()
                self.wfile.write(body or b"")

            def do_POST(self) -> None:
                assert self.headers["Content-Type"] == "application/ocsp-request"
                body = owner.respond(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(trust, [str(each) for each in arguments])


def stored_time(store: Path, name: str = "root.crl") -> datetime:
    """Return when a stored list was made."""
    return x509.load_der_x509_crl((store / "crls" / name).read_bytes()).last_update_utc
