"""Servers in processes of their own on free ports: a demo site, and the gateway stub."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from configparser import ConfigParser
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Protocol, Self

import requests

from egovdocs.sandbox.demo_people import PASSWORD, REGISTERS

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


class ServerProcess(Protocol):
    """What a server is controlled by: the part of ``subprocess.Popen`` that is used here."""

    def poll(self) -> int | None: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


def start_process(command: Sequence[str], log: Path) -> ServerProcess:
    """Start ``egovdocs`` in a new interpreter.

    :param command: the arguments of ``egovdocs``.
    :param log: the file that its output is appended to.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("EGOVDOCS_")}
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "egovdocs", *command],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env=environ,
        )


class RunningServer:
    """A server in a process of its own, started and stopped by a ``with`` block.

    :param command: the arguments of ``egovdocs``.
    :param url: the address of the started server.
    :param log: the file of its output.
    :cvar spawn: starts the process.
    """

    spawn: ClassVar[Callable[[Sequence[str], Path], ServerProcess]] = staticmethod(start_process)

    def __init__(self, command: Sequence[str], url: str, log: Path) -> None:
        self.url = url
        self.log = log
        self._command = list(command)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, timeout: float = 90) -> None:
        """Start the server and wait until it responds.

        :param timeout: in seconds.
        :raises RuntimeError: it did not start; the message ends with its log.
        """
        self._process = type(self).spawn(self._command, self.log)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    session.get(self.url, timeout=5)
                return
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text('utf-8')[-3000:]}")

    def stop(self) -> None:
        """Terminate the server and wait for its end."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """Kill the server, so that it can't clean up."""
        self._process.kill()
        self._process.wait(20)


class RunningSite(RunningServer):
    """A demo site.

    :param folder: contains the database, keys and log; an existing site is served again.
    :param gateway: the URL of a gateway to connect the site to.
    :param settings: additional settings of a new site.
    :cvar template: the folder of a demo site that new sites are copied from; None to make each anew.
    """

    template: ClassVar[Path | None] = None

    def __init__(self, folder: Path, gateway: str = "", **settings: object) -> None:
        self.folder = folder
        self.keys = folder / "demo" / "keys"
        config = self.config = folder / "site.ini"
        if not config.exists():
            folder.mkdir(parents=True, exist_ok=True)
            secret = secrets.token_hex(24) if self.template is None else copy_demo_site(self.template, folder)
            more = GATEWAY.format(folder=folder.resolve(), url=gateway, password=PASSWORD) if gateway else ""
            more += "".join(f"egovdocs.{name} = {value}\n" for name, value in settings.items())
            config.write_text(INI.format(folder=folder.resolve(), port=free_port(), secret=secret, more=more))
            config.chmod(0o600)
        url = next(
            line.split("=", 1)[1].strip()
            for line in config.read_text().splitlines()
            if line.startswith("egovdocs.site_url")
        )
        super().__init__(["serve", "--config", str(config)], url, folder / "server.log")


class RunningGateway(RunningServer):
    """The gateway stub for the demo site of a folder, with the keys in that folder.

    :ivar keys: the folder of the keys of the gateway, the site and a centre's system.
    :ivar control: the file of the faults to inject.
    :ivar payments: the file of the payments.
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

    def inject_faults(self, **faults: object) -> None:
        """Inject these faults from now on and no others: the fields of :class:`fault_injection.Faults`."""
        new = self.control.with_suffix(".new")
        new.write_text(json.dumps(faults))
        new.replace(self.control)

    def forward_to(self, site: RunningSite) -> None:
        """From the next start on, forward centres' requests to the site and send it payment notices."""
        self._command += [
            f"--caller={self.keys / 'centre.pem'}",
            f"--forward={site.url}/gateway",
            f"--site-certificate={self.keys / 'site.pem'}",
        ]


def copy_demo_site(template: Path, folder: Path) -> str:
    """Copy the keys and the database of a demo site into an existing folder.

    :returns: the secret of its session, which opens its keys too.
    """
    shutil.copytree(template, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("site.ini", "*.log"))
    ini = ConfigParser(interpolation=None)
    ini.read(template / "site.ini", "utf-8")
    return ini["app:main"]["egovdocs.session_secret"]


def free_port() -> int:
    """Return a port that the system assigns to no other process while this one lives."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # so that the started server can bind it
    probe.bind(("127.0.0.1", 0))
    port = int(probe.getsockname()[1])
    probe.detach()
    return port
