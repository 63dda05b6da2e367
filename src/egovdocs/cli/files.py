"""Files that several commands read or write."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class Failure(click.ClickException):
    """Nothing came of it: exit 2, where 1 is an answer that says no."""

    exit_code = 2


@contextmanager
def told(*wrong: type[Exception], by: type[click.ClickException] = click.ClickException) -> Iterator[None]:
    """Tell in one line what is wrong: that a file can't be read, or, of these kinds, what it holds."""
    try:
        yield
    except wrong as problem:
        raise by(str(problem)) from None
    except OSError as problem:
        raise by(f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)) from None


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
