"""Files that several commands read or write."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def read_password(file: Path | None) -> str:
    """Return the first line of a file; prompt for the password when there is none."""
    if file is None:
        return str(click.prompt("Password", hide_input=True, default="", show_default=False, err=True))
    return "".join(file.read_text("utf-8").splitlines()[:1])


def replace_file(target: Path, data: bytes) -> None:
    """Write a file atomically: it has its old or its whole new content, also after a power failure."""
    target = target.resolve()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
