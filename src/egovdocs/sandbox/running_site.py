"""A demo site served by a process of its own on a free port, and the stand-in of the gateway beside it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from egovdocs.sandbox.demo_site import PASSWORD, REGISTERS

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
{more}
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

GATEWAY = """\
egovdocs.registers = gateway
egovdocs.gateway_url = {url}
egovdocs.gateway_certificate = {folder}/demo/gateway/gateway.pem
egovdocs.gateway_key = {folder}/demo/gateway/site.p12
egovdocs.gateway_password = {password}
egovdocs.gateway_sender = egovdocs
egovdocs.gateway_sender_password = {password}
egovdocs.gateway_timeout = 10
"""


class Running:
    """A server of ours in a process of its own until the ``with`` block ends.

    :param command: what ``egovdocs`` is told.
    :param url: where it answers then.
    :param log: what it writes.
    """

    def __init__(self, command: Sequence[str], url: str, log: Path) -> None:
        self.url = url
        self.log = log
        self._command = [sys.executable, "-m", "egovdocs", *command]

    def __enter__(self) -> Self:
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
                self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environ
            )
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    session.get(self.url, timeout=5)
                return
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the server did not come up:\n{self.log.read_text('utf-8')[-3000:]}")

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


class RunningSite(Running):
    """Serves a demo site until the ``with`` block ends.

    :param folder: keeps the database, keys and log; a site that is already there is served again.
    :param gateway: the address of a gateway that the state's registers are asked over.
    :param settings: of a new site, besides those that every demo site has.
    """

    def __init__(self, folder: Path, gateway: str = "", **settings: object) -> None:
        self.folder = folder
        self.keys = folder / "demo" / "keys"
        config = folder / "site.ini"
        if not config.exists():
            folder.mkdir(parents=True, exist_ok=True)
            more = GATEWAY.format(folder=folder.resolve(), url=gateway, password=PASSWORD) if gateway else ""
            more += "".join(f"egovdocs.{name} = {value}\n" for name, value in settings.items())
            config.write_text(
                INI.format(folder=folder.resolve(), port=free_port(), secret=secrets.token_hex(24), more=more)
            )
            config.chmod(0o600)
        url = next(
            line.split("=", 1)[1].strip()
            for line in config.read_text().splitlines()
            if line.startswith("egovdocs.site_url")
        )
        super().__init__(["serve", "--config", str(config)], url, folder / "server.log")


class RunningGateway(Running):
    """Serves the stand-in of the gateway for the demo site of a folder, with the keys the site made.

    :ivar keys: the folder of the keys of the gateway, the site and a centre's system.
    :ivar control: the file of what is to go wrong.
    :ivar payments: the file of the payments made there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        keys = self.keys = folder / "demo" / "gateway"
        self.control = folder / "control.json"
        self.payments = folder / "payments.json"
        port = free_port()
        options = {
            "listen": f"127.0.0.1:{port}",
            "data": REGISTERS,
            "key": keys / "gateway.p12",
            "password-file": keys / "password",
            "caller": keys / "site.pem",
            "control": self.control,
            "payments": self.payments,
        }
        command = ["gateway", *(f"--{name}={value}" for name, value in options.items())]
        super().__init__(command, f"http://127.0.0.1:{port}", folder / "gateway.log")

    def switch(self, **switches: object) -> None:
        """Have these go wrong from now on, and nothing else: see ``sandbox.fault_injection.Faults``."""
        new = self.control.with_suffix(".new")
        new.write_text(json.dumps(switches))
        new.replace(self.control)

    def forward_to(self, site: RunningSite) -> None:
        """From the next start on, carry what a centre's system sends to the site, and tell it of payments."""
        self._command += [
            f"--caller={self.keys / 'centre.pem'}",
            f"--forward={site.url}/gateway",
            f"--site-certificate={self.keys / 'site.pem'}",
        ]


def free_port() -> int:
    """A port of this machine that nobody else is given while this process lives, served or not."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # so that a server of ours may bind it, too
    probe.bind(("127.0.0.1", 0))
    port = int(probe.getsockname()[1])
    probe.detach()
    return port
