"""``egovdocs archive export``: write packages of cases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from egovdocs.app.check_editions import check_editions
from egovdocs.app.open_office import open_office
from egovdocs.archive import Exporter, NotRegisteredError
from egovdocs.cli import sites
from egovdocs.cli.command_errors import report_errors
from egovdocs.content import ENDED, Case, DatabaseError, Site, site_in
from egovdocs.rendering import render_paper


@click.command()
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write to."
)
@click.option(
    "--case", "numbers", multiple=True, metavar="NUMBER", help="A case. [default: all that have ended]"
)
@sites.config_option
def export(out: Path, numbers: tuple[str, ...], config: Path) -> None:
    """Write a BagIt package for each case of a site that is not running (a running site has a page for it).

    A case whose package is in the folder already is skipped.
    """
    settings = sites.read_settings(config)
    office = open_office(settings)
    render = partial(
        render_paper,
        services=office.services,
        site_url=office.site_url,
        language="ru",
        zone=office.calendar.zone,
    )
    exporter = Exporter(policy=office.policy(), render=render, organisation=office.site_url)
    with sites.database(settings) as opened, site_in(opened) as site:
        with report_errors(DatabaseError):
            check_editions(site, office.services)
        cases = [_find_case(site, number) for number in numbers] or [*_ended_cases(site)]
        with click.progressbar(cases, label="Exporting", show_pos=True) as shown:
            written = [package for case in shown if (package := _export(exporter, case, out))]
    click.echo(f"{len(written)} written to {out}, {len(cases) - len(written)} there already.")


def _find_case(site: Site, number: str) -> Case:
    case = site.cases.by_number(number)
    if case is None:
        raise click.ClickException(f"there is no case {number}")
    return case


def _ended_cases(site: Site) -> Iterator[Case]:
    return (case for case in site.cases.values() if case.state in ENDED and case.number)


def _export(exporter: Exporter, case: Case, out: Path) -> Path | None:
    """Return the written package; None when there is one already.

    :raises click.ClickException: the case was never registered, or a file can't be written.
    """
    try:
        return exporter.export(case, out)
    except FileExistsError:
        return None
    except NotRegisteredError:
        raise click.ClickException(f"case {case.reference} was never registered") from None
    except OSError as problem:
        raise click.ClickException(str(problem)) from None
