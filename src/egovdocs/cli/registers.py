"""``egovdocs registers``: what the site knows of persons, entities and powers of attorney by itself."""

from __future__ import annotations

from pathlib import Path

import click

from egovdocs.cli.sites import config_option, database, read_settings
from egovdocs.content import bootstrap
from egovdocs.registers import CsvError, EmbeddedRegisters
from egovdocs.registers.entries import KINDS


@click.group()
def registers() -> None:
    """Load the embedded registers, which stand in for the state's."""


@registers.command()
@config_option
@click.argument("register", type=click.Choice(list(KINDS)))
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def load(config: Path, register: str, file: Path) -> None:
    """Enter the entries of FILE.csv into a register; those that are there already are replaced.

    A file is entered whole or not at all. The site must not be running.
    """
    with database(read_settings(config)) as opened:
        try:
            with opened.transaction() as connection:
                count = EmbeddedRegisters(bootstrap(connection.root())).load(register, file)
        except CsvError as problem:
            raise click.ClickException(str(problem)) from None
    click.echo(f"{register}: {count} entries of {file.name}")
