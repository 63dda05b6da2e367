"""``egovdocs trust tsa``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.trust.trust_commands import run

from egovdocs.sandbox.authority import Authority


def test_the_key_must_be_for_time_stamps(tmp_path: Path, root: Authority) -> None:
    key = tmp_path / "key.p12"
    (tmp_path / "password").write_text("secret\n")
    key.write_bytes(root.issue_person("ИВАНОВ ИВАН", "900101300017", algorithm="ec").pkcs12("secret"))
    result = run("tsa", "--key", key, "--password-file", tmp_path / "password")
    assert result.exit_code == 1
    assert "not for time-stamps" in result.output
    (tmp_path / "password").write_text("wrong\n")
    assert "password" in run("tsa", "--key", key, "--password-file", tmp_path / "password").output


def test_all_commands_are_in_the_group() -> None:
    command = [sys.executable, "-m", "egovdocs", "trust", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in ("tsa", "fetch", "status", "ask"))
