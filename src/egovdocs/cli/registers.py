"""``egovdocs registers``: what the site knows of persons, entities and powers of attorney by itself."""

from __future__ import annotations

from pathlib import Path

import click

from egovdocs.cli.files import FILE, told
from egovdocs.cli.sites import config_option, database, read_settings
from egovdocs.content import site_in
from egovdocs.integrations.state_registers.csv_entries import ENTRY_TYPES, CsvError
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters


@click.group()
def registers() -> None:
    """Load the embedded registers, which stand in for the state's."""


@registers.command()
@config_option
@click.argument("register", type=click.Choice(list(ENTRY_TYPES)))
@click.argument("file", metavar="FILE.csv", type=FILE)
def load(config: Path, register: str, file: Path) -> None:
    """Enter the entries of FILE.csv into a register; those that are there already are replaced.

    A file is entered whole or not at all. The site must not be running.
    """
    with database(read_settings(config)) as opened, told(CsvError), site_in(opened) as site:
        count = EmbeddedRegisters(site).load(register, file)
    click.echo(f"{register}: {count} entries of {file.name}")
