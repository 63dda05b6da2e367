"""``egovdocs archive check``: check exported packages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from egovdocs.archive import check_bag
from egovdocs.cli.trust_options import SOURCE, IsoTime, crl_option, load_trust_store, ocsp_option
from egovdocs.signing import ValidationPolicy


@click.command()
@click.option(
    "--trust",
    type=SOURCE,
    multiple=True,
    help="Trusted certificates, or a folder of them; the documents are validated too.",
)
@crl_option
@ocsp_option
@click.option("--at", type=IsoTime(), help="Validate the evidence at this time. [default: now]")
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
    """Check of each BAG that every file is unchanged since it was packed.

    With --trust, also validate its documents, with the evidence in the package where there is some.

    Exit code 0: all are in order; 1: some are not.
    """
    policy = ValidationPolicy(trust=load_trust_store(trust, crl, ocsp)) if trust else None
    all_sound = True
    for bag in bags:
        verdict = check_bag(bag, policy, at=at)
        all_sound = all_sound and verdict.sound
        click.echo(f"{bag}: {'in order' if verdict.sound else 'NOT IN ORDER'}")
        for problem in verdict.problems:
            click.echo(f"  {problem}")
        for file, report in verdict.reports.items():
            click.echo(f"  {file}: {report.text()}")
    context.exit(0 if all_sound else 1)
