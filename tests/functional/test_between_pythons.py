"""A database written by one Python opens, and holds the same, in every other.

The environment variable ``EGOVDOCS_PYTHONS`` names the other interpreters, one a line, each with egovdocs and
what it needs installed: ``make pythons`` sets it. Without it this Python reads what it has written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PYTHONS = [sys.executable, *os.environ.get("EGOVDOCS_PYTHONS", "").split()]
SCRIPT = Path(__file__).with_name("between_pythons.py")


def run(python: str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [python, SCRIPT, *arguments], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{python}: {done.stderr}"
    return done.stdout


@pytest.mark.parametrize("writer", PYTHONS)
def test_a_database_is_the_same_for_every_python(writer: str, tmp_path: Path) -> None:
    run(writer, "write", tmp_path)
    digests = {reader: run(reader, "read", tmp_path) for reader in PYTHONS}
    assert len(set(digests.values())) == 1, digests
