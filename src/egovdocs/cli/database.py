"""``egovdocs database``: maintenance of the database of a site that is not running."""

from __future__ import annotations

from pathlib import Path

import click

from egovdocs.app.open_office import calendar_of
from egovdocs.casework.statistics.count_case import count_differences, recount_cases
from egovdocs.cli import sites
from egovdocs.cli.command_errors import report_errors
from egovdocs.content import (
    DatabaseError,
    EvolutionStep,
    evolve_database,
    exclusive,
    pack_database,
    pending_steps,
    site_in,
)
from egovdocs.content import mend as mend_storage


@click.group()
def database() -> None:
    """Evolve, pack, compare, rebuild and mend the database of a site that is not running."""


@database.command()
@click.option("--dry-run", is_flag=True, help="Only list the steps.")
@sites.config_option
def evolve(dry_run: bool, config: Path) -> None:
    """Bring the database of an earlier version of egovdocs to the present schema.

    Copy the database before. The steps are listed before they begin; interrupted, the command continues from
    there when it is run again. A database that is up to date is not changed.
    """
    settings = sites.read_settings(config)
    with sites.database(settings, any_version=True) as opened, report_errors(DatabaseError):
        steps = pending_steps(opened)
        if steps:
            click.echo(f"Steps for {settings.database}:")
            for number, step in enumerate(steps, 1):
                click.echo(f"  {number}. {step.title}")
        if dry_run:
            return
        evolve_database(opened, report_progress)
    click.echo("The database is up to date.")


def report_progress(step: EvolutionStep, done: int, total: int) -> None:
    """Print the progress of a step to the standard error.

    :param done: records read so far.
    :param total: of about so many.
    """
    click.echo(f"{step.title}: {done} of {total} records", err=True)


@database.command()
@click.option("--days", default=1.0, show_default=True, help="How far back older states are kept.")
@sites.config_option
def pack(days: float, config: Path) -> None:
    """Remove replaced states of objects. Signed documents are never removed: nothing replaces them."""
    with sites.database(sites.read_settings(config), any_version=True) as opened:
        before = opened.getSize()
        click.echo("Packing …", err=True)
        pack_database(opened, days)
        click.echo(f"{before} bytes before, {opened.getSize()} after.")


@database.command()
@sites.config_option
@click.pass_context
def check(context: click.Context, config: Path) -> None:
    """Compare the indexes and statistics with the objects; exit 1 if they differ."""
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
    """Drop the indexes and statistics, and build them again from the objects."""
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

    It was not acknowledged. The bytes that are cut off are written to data.fs.cut in the same folder.
    """
    place = sites.read_settings(config).database
    if not place.startswith("file://"):
        raise click.ClickException("only a file:// database is mended here")
    with report_errors(DatabaseError):
        cut = mend_storage(Path(place.removeprefix("file://")))
    click.echo(f"{cut} bytes were cut." if cut else "There was nothing to mend.")
