"""Demo sites served for tests: copied from one template, in processes forked from a preloaded parent.

A new interpreter needs about three seconds of CPU time to import the application and load the services, and
a new demo site three more for its keys. Here ``multiprocessing`` starts one process that imports
``tests.preload``, and forks each served site from it; the keys and the database are made once for all workers
of a run.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import subprocess
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from contextlib import contextmanager
from functools import partial
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import _forkserver
from pathlib import Path

import pytest
from tests.shortcuts import cheap_passwords, keep_compiled
from tests.worlds import ini_of

from egovdocs.sandbox import demo_site
from egovdocs.sandbox.authority import Authority, IssuedKey, demo_authority
from egovdocs.sandbox.authority.issued_keys import new_key
from egovdocs.sandbox.demo_people import DemoKeyHolder
from egovdocs.sandbox.running_site import RunningServer, RunningSite, ServerProcess, copy_demo_site
from egovdocs.settings import Settings

PRELOAD = ["tests.preload"]
CONTEXT = multiprocessing.get_context("forkserver")
RSA_KEYS = ("applicant.p12", "signatory.p12")


class PreloadedProcess:
    """A process of ``multiprocessing`` with the methods of ``subprocess.Popen`` that a server needs."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    def poll(self) -> int | None:
        """Return the exit code, None while the process runs."""
        return self._process.exitcode

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL."""
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code.

        :raises subprocess.TimeoutExpired: it still runs after ``timeout`` seconds.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode


def start_preloaded(templates: Path, command: Sequence[str], log: Path) -> ServerProcess:
    """Start ``egovdocs`` in a process forked from the one that has imported everything.

    :param templates: the folder of the compiled templates.
    :param command: the arguments of ``egovdocs``.
    :param log: the file that its output is appended to.
    """
    # The server skips what it cannot import: its children import it then, which is slower and no mistake.
    CONTEXT.set_forkserver_preload(PRELOAD)
    name = f"egovdocs {command[0]}"
    process = CONTEXT.Process(target=_run, args=(templates, list(command), log), name=name, daemon=True)
    process.start()
    return PreloadedProcess(process)


def _run(templates: Path, command: list[str], log: Path) -> None:
    """Run a command in the forked process."""
    from egovdocs.cli import main

    keep_compiled(templates)
    for name in [name for name in os.environ if name.startswith("EGOVDOCS_")]:
        del os.environ[name]
    with log.open("ab") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    main.main(args=command, prog_name="egovdocs")


@contextmanager
def elliptic_keys() -> Iterator[None]:
    """Make the keys of demo sites elliptic, which are quick to make and to load, but for two people's."""
    issue = demo_site._issue

    def issue_mixed(authority: Authority, person: DemoKeyHolder) -> IssuedKey:
        with pytest.MonkeyPatch.context() as patch:
            if person.file in RSA_KEYS:
                patch.setattr(demo_authority, "new_key", new_key)
            return issue(authority, person)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_authority, "new_key", lambda algorithm: new_key("ec"))
        patch.setattr(demo_site, "_issue", issue_mixed)
        yield


def _make_template(folder: Path) -> None:
    """Make the keys and the database of a demo site."""
    cheap_passwords()
    ini = ini_of(folder)
    with elliptic_keys():
        demo_site.ensure_demo_site(Settings.read(ini), lambda step: None)
    config = ConfigParser(interpolation=None)
    config["app:main"] = ini
    with (folder / "site.ini").open("w", encoding="utf-8") as file:
        config.write(file)


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the temporary folder that all workers of a run share."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def compiled_templates(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the compiled templates of a run."""
    folder = run_folder(factory) / "templates"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock that the other workers of this run wait for."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def demo_site_template(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a demo site that others are copied from, made once for all workers of a run."""
    run = run_folder(factory)
    folder = run / "demo-site"
    with locked(run / "demo-site.lock"):
        if not folder.exists():
            new = run / "demo-site.new"
            _make_template(new)
            new.rename(folder)
    return folder


def make_demo_site(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new demo site, copied from the template; its settings are ``ini_of(folder)``."""
    folder = factory.mktemp("site")
    copy_demo_site(demo_site_template(factory), folder)
    return folder


@contextmanager
def preloaded_sites(factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have ``RunningSite`` copy new sites from the template, and start servers from the preloaded parent."""
    spawn = partial(start_preloaded, compiled_templates(factory))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunningServer, "spawn", staticmethod(spawn))
        patch.setattr(RunningSite, "template", demo_site_template(factory))
        yield
    # The only way to wait for the parent, so that it does not outlive the tests.
    _forkserver._stop()  # type: ignore[attr-defined]
