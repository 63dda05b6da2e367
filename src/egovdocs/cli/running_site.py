"""A demo site in a folder of its own, served by a process of its own on a free port."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import requests

INI = """\
[app:main]
use = egg:egovdocs
egovdocs.demo = true
egovdocs.site_url = http://127.0.0.1:{port}
egovdocs.database = file://{folder}/site
egovdocs.session_secret = {secret}
egovdocs.trust = {folder}/trust
egovdocs.seal_key = {folder}/keys/seal.p12
egovdocs.seal_password = {secret}
egovdocs.timestamp_key = {folder}/keys/tsa.p12
egovdocs.timestamp_password = {secret}
egovdocs.bank_certificate = {folder}/keys/bank.pem
egovdocs.bank_key = {folder}/keys/bank.p12
egovdocs.bank_password = {secret}
egovdocs.demo_folder = {folder}/demo
egovdocs.mail = file://{folder}/mail
egovdocs.monthly_index =
    2013-01-01 = 1731
    2025-01-01 = 3932

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:{port}
threads = 4

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain

[formatter_plain]
format = %(asctime)s %(levelname)s %(name)s %(message)s
"""


class RunningSite:
    """Serves a demo site until the ``with`` block ends.

    :param folder: keeps the database, keys and log; a site that is already there is served again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = folder / "demo" / "keys"
        self.log = folder / "server.log"
        self._config = folder / "site.ini"
        if not self._config.exists():
            folder.mkdir(parents=True, exist_ok=True)
            self._config.write_text(
                INI.format(folder=folder.resolve(), port=_free_port(), secret=secrets.token_hex(24))
            )
            self._config.chmod(0o600)
        self.url = next(
            line.split("=", 1)[1].strip()
            for line in self._config.read_text().splitlines()
            if line.startswith("egovdocs.site_url")
        )

    def __enter__(self) -> RunningSite:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, patience: float = 90) -> None:
        """Start the server and wait until it answers.

        :param patience: seconds to wait.
        :raises RuntimeError: it did not come up; the message ends with its log.
        """
        environ = {name: value for name, value in os.environ.items() if not name.startswith("EGOVDOCS_")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "egovdocs", "serve", "--config", str(self._config)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=environ,
            )
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    session.get(self.url, timeout=5)
                return
            except requests.ConnectionError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the site did not come up:\n{self.log.read_text('utf-8')[-3000:]}")

    def stop(self) -> None:
        """Ask the server to end and wait for it."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End the server as a power cut would: without a chance to tidy up."""
        self._process.kill()
        self._process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
