"""``egovdocs registers``: what the site knows of persons, entities and powers of attorney by itself."""

from __future__ import annotations

from pathlib import Path

import click
from pyramid.paster import get_appsettings

from egovdocs.content import DatabaseError, bootstrap, open_database
from egovdocs.registers import CsvError, EmbeddedRegisters
from egovdocs.registers.entries import KINDS
from egovdocs.settings import Settings, SettingsError

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def registers() -> None:
    """Load the embedded registers, which stand in for the state's."""


@registers.command()
@click.option(
    "--config", default="development.ini", show_default=True, type=FILE, help="The site's ini file."
)
@click.argument("register", type=click.Choice(list(KINDS)))
@click.argument("file", metavar="FILE.csv", type=FILE)
def load(config: Path, register: str, file: Path) -> None:
    """Enter the entries of FILE.csv into a register; those that are there already are replaced.

    A file is entered whole or not at all. The site must not be running on a file:// database.
    """
    try:
        settings = Settings.read(get_appsettings(str(config)))
        database = open_database(settings.database)
    except (SettingsError, DatabaseError) as problem:
        raise click.ClickException(str(problem)) from None
    try:
        with database.transaction() as connection:
            count = EmbeddedRegisters(bootstrap(connection.root())).load(register, file)
    except CsvError as problem:
        raise click.ClickException(str(problem)) from None
    finally:
        database.close()
    click.echo(f"{register}: {count} entries of {file.name}")
