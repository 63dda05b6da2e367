"""Errors of commands, reported in one line and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click


class CommandFailed(click.ClickException):
    """The command could not do its work: exit code 2, where 1 is a negative result."""

    exit_code = 2


@contextmanager
def report_errors(
    *error_types: type[Exception], exception: type[click.ClickException] = click.ClickException
) -> Iterator[None]:
    """Turn OSError and errors of these types into an exception that click reports in one line.

    :param exception: the type that is raised instead.
    """
    try:
        yield
    except error_types as problem:
        raise exception(str(problem)) from None
    except OSError as problem:
        text = f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
        raise exception(text) from None
