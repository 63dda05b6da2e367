"""``egovdocs database``: packing, comparing and mending the database of a site that is not running."""

from __future__ import annotations

from pathlib import Path

import click

from egovdocs.app.open_office import calendar_of
from egovdocs.casework.statistics.count_case import count_differences, recount_cases
from egovdocs.cli import sites
from egovdocs.cli.command_errors import report_errors
from egovdocs.content import DatabaseError, exclusive, site_in
from egovdocs.content.storage import mend as mend_storage
from egovdocs.content.storage import pack_database


@click.group()
def database() -> None:
    """Pack, compare, rebuild and mend the database of a site that is not running."""


@database.command()
@click.option("--days", default=1.0, show_default=True, help="How far back older states are kept.")
@sites.config_option
def pack(days: float, config: Path) -> None:
    """Drop replaced states of objects. Signed documents are never dropped: nothing replaces them."""
    with sites.database(sites.read_settings(config)) as opened:
        before = opened.getSize()
        click.echo("Packing …", err=True)
        pack_database(opened, days)
        click.echo(f"{before} bytes before, {opened.getSize()} after.")


@database.command()
@sites.config_option
@click.pass_context
def check(context: click.Context, config: Path) -> None:
    """Compare the indexes and statistics with the objects; exit 1 when they differ."""
    settings = sites.read_settings(config)
    with sites.database(settings) as opened, site_in(opened) as site:
        click.echo("Comparing …", err=True)
        differences = [*site.index_differences(), *count_differences(calendar_of(settings), site)]
    for line in differences:
        click.echo(line)
    click.echo(f"{len(differences)} differences.")
    context.exit(1 if differences else 0)


@database.command()
@sites.config_option
def rebuild(config: Path) -> None:
    """Drop the indexes and statistics and make them anew from the objects."""
    settings = sites.read_settings(config)
    with sites.database(settings) as opened, site_in(opened) as site:
        exclusive(site)
        click.echo("Rebuilding …", err=True)
        site.rebuild_indexes()
        recount_cases(calendar_of(settings), site)
    click.echo("The indexes and statistics are new.")


@database.command()
@sites.config_option
def mend(config: Path) -> None:
    """Cut off what a power loss left half written, so that the database opens again.

    Nobody was told that it was kept. What is cut is put beside the database, in data.fs.cut.
    """
    place = sites.read_settings(config).database
    if not place.startswith("file://"):
        raise click.ClickException("only a file:// database is mended here")
    with report_errors(DatabaseError):
        cut = mend_storage(Path(place.removeprefix("file://")))
    click.echo(f"{cut} bytes were cut." if cut else "There was nothing to mend.")
