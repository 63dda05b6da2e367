"""docs/paths.md tells which test goes which way through the regulation's tables, and none is missing."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def test_every_way_is_gone_and_the_page_says_by_which_test() -> None:
    command = [sys.executable, PROJECT / "tools" / "paths.py", "--check"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT)
    assert run.returncode == 0, run.stderr
