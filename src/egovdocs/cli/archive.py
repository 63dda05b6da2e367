"""``egovdocs archive``: export cases, check exported packages, keep evidence from ageing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from egovdocs.app.open_office import open_office
from egovdocs.archive import Exporter, NotRegisteredError, check_bag
from egovdocs.casework.evidence.renew_evidence import documents_to_renew
from egovdocs.casework.evidence.take_evidence import evidence_message, take_evidence
from egovdocs.cli import sites
from egovdocs.cli.verify import CRL, OCSP, SOURCE, Moment, trust_store
from egovdocs.content import ENDED, Case, Site, place_of, site_in
from egovdocs.rendering import render_paper
from egovdocs.signing import SigningError, ValidationPolicy


@click.group()
def archive() -> None:
    """Export cases, check exported packages, keep evidence from ageing."""


@archive.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to.")
@click.option("--case", "numbers", multiple=True, metavar="NUMBER", help="A case. [default: all that ended]")
@sites.config_option
def export(out: Path, numbers: tuple[str, ...], config: Path) -> None:
    """Write a BagIt package for each case of a site that is not running; one that runs has its archive page.

    A case that has a package in the folder already is passed over.
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
        cases = [_case(site, number) for number in numbers] or [*_ended(site)]
        with click.progressbar(cases, label="Exporting", show_pos=True) as shown:
            written = [package for case in shown if (package := _export(exporter, case, out))]
    click.echo(f"{len(written)} written to {out}, {len(cases) - len(written)} there already.")


@archive.command()
@click.option(
    "--trust",
    type=SOURCE,
    multiple=True,
    help="Certificates to trust, or a folder of them: validates the documents too.",
)
@CRL
@OCSP
@click.option("--at", type=Moment(), help="Judge the evidence at this moment. [default: now]")
@click.argument(
    "bags", metavar="BAG...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.pass_context
def check(
    context: click.Context,
    trust: tuple[Path, ...],
    crl: tuple[Path, ...],
    ocsp: tuple[Path, ...],
    at: datetime | None,
    bags: tuple[Path, ...],
) -> None:
    """Tell of each BAG whether every byte is as it was packed; with --trust, whether its documents pass, by
    the evidence packed with them where there is some.

    Exit 0 when all is well, 1 when something is not.
    """
    policy = ValidationPolicy(trust=trust_store(trust, crl, ocsp)) if trust else None
    sound = True
    for bag in bags:
        verdict = check_bag(bag, policy, at=at)
        sound = sound and verdict.sound
        click.echo(f"{bag}: {'in order' if verdict.sound else 'NOT IN ORDER'}")
        for problem in verdict.problems:
            click.echo(f"  {problem}")
        for file, report in verdict.reports.items():
            click.echo(f"  {file}: {report.text()}")
    context.exit(0 if sound else 1)


@archive.command()
@sites.config_option
@click.pass_context
def evidence(context: click.Context, config: Path) -> None:
    """List the documents whose evidence ages within half a year, and those that have none.

    The site must not be running. Exit 0 when there are no such documents, 1 when there are.
    """
    settings = sites.read_settings(config)
    office = open_office(settings)
    found = False
    with sites.database(settings) as opened, site_in(opened) as site:
        for document in documents_to_renew(office, site):
            found = True
            kept = document.kept_evidence
            until = "has none" if kept is None else f"holds until {kept.holds_until:%Y-%m-%d}"
            click.echo(f"{'/'.join(place_of(document))}: {until}")
    context.exit(1 if found else 0)


@archive.command()
@sites.config_option
@click.pass_context
def renew(context: click.Context, config: Path) -> None:
    """Renew evidence that ages within half a year by an archive time-stamp, and take it where there is none.

    The site must not be running; one that runs renews by itself. Exit 0 when all is done, 1 when some is not.
    """
    settings = sites.read_settings(config)
    office = open_office(settings)
    if office.timestamper is None:
        raise click.ClickException("egovdocs.timestamp_url is not set: there is nobody to ask")
    with sites.database(settings) as opened:
        reading = partial(site_in, opened)

        def found() -> list[dict[str, Any]]:
            with reading() as site:
                return [evidence_message(document) for document in documents_to_renew(office, site)]

        before = found()
        for each in before:
            try:
                keep = take_evidence(office, reading, each)
            except SigningError as problem:
                click.echo(f"{'/'.join(each['place'])}: {problem}", err=True)
                continue
            if keep is not None:
                with reading() as site:
                    keep(site)
        left = len(found())
    click.echo(f"{len(before) - left} renewed or taken, {left} not.")
    context.exit(1 if left else 0)


def _case(site: Site, number: str) -> Case:
    case = site.cases.by_number(number)
    if case is None:
        raise click.ClickException(f"there is no case {number}")
    return case


def _ended(site: Site) -> Iterator[Case]:
    return (case for case in site.cases.values() if case.state in ENDED and case.number)


def _export(exporter: Exporter, case: Case, out: Path) -> Path | None:
    try:
        return exporter.export(case, out)
    except FileExistsError:
        return None
    except NotRegisteredError:
        raise click.ClickException(f"case {case.reference} was never handed in") from None
    except OSError as problem:
        raise click.ClickException(str(problem)) from None
