"""docs/paths.md tells which test goes which way through the regulation's tables, and none is missing."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
NOT_YET = ("A2", "A3", "B2")


def test_every_way_is_gone_and_the_page_says_by_which_test() -> None:
    command = [sys.executable, PROJECT / "tools" / "paths.py", "--check"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT)
    lost = [line for line in run.stderr.splitlines()[1:] if not line.startswith(NOT_YET)]
    assert lost == [], run.stdout
