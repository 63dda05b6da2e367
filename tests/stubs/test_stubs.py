"""The stubs under ``stubs/`` keep mypy able to find mistakes in persistent objects."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REJECTED = Path(__file__).with_name("rejected.py")


def test_mypy_finds_each_mistake_and_no_other(tmp_path: Path) -> None:
    expected = {
        (number, mark[1])
        for number, line in enumerate(REJECTED.read_text("utf-8").splitlines(), 1)
        if (mark := re.search(r"# error: ([a-z-]+)$", line))
    }
    assert len(expected) > 10
    # A cache of its own, which no other run of mypy writes at the same time.
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path), "--follow-imports=silent"]
    done = subprocess.run([*command, str(REJECTED)], cwd=ROOT, capture_output=True, text=True, timeout=600)
    found = {
        (int(line), code)
        for line, code in re.findall(r"rejected\.py:(\d+): error: .* \[([a-z-]+)\]", done.stdout)
    }
    assert found == expected, done.stdout + done.stderr
