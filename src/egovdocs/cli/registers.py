"""``egovdocs registers``: load the embedded registers of persons, entities and powers of attorney."""

from __future__ import annotations

from pathlib import Path

import click

from egovdocs.cli import sites
from egovdocs.cli.command_errors import report_errors
from egovdocs.cli.command_files import FILE
from egovdocs.content import site_in
from egovdocs.integrations.state_registers.csv_entries import ENTRY_TYPES, CsvError
from egovdocs.integrations.state_registers.embedded_registers import EmbeddedRegisters


@click.group()
def registers() -> None:
    """Load the embedded registers, which are used instead of the state's."""


@registers.command()
@sites.config_option
@click.argument("register", type=click.Choice(list(ENTRY_TYPES)))
@click.argument("file", metavar="FILE.csv", type=FILE)
def load(config: Path, register: str, file: Path) -> None:
    """Load the entries of FILE.csv into a register, and replace those that exist.

    A file is loaded completely or, if a line is wrong, not at all. The site must not be running.
    """
    settings = sites.read_settings(config)
    with sites.database(settings) as opened, report_errors(CsvError), site_in(opened) as site:
        count = EmbeddedRegisters(site).load(register, file)
    click.echo(f"{register}: {count} entries of {file.name}")
