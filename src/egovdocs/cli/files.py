"""Files that several commands read or write."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def read_password(file: Path | None) -> str:
    """The first line of a file; asked for when there is none."""
    if file is None:
        return str(click.prompt("Password", hide_input=True, default="", show_default=False, err=True))
    return "".join(file.read_text("utf-8").splitlines()[:1])


def replace_file(target: Path, data: bytes) -> None:
    """Put the whole file in place at once, and only when it is safe on the disk."""
    target = target.resolve()
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
