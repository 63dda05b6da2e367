"""``egovdocs archive``: export cases, check packages, renew evidence."""

from __future__ import annotations

import click

from egovdocs.cli.archive.check_packages import check
from egovdocs.cli.archive.export_cases import export
from egovdocs.cli.archive.renew_ageing import evidence, renew


@click.group()
def archive() -> None:
    """Export cases, check exported packages, and renew evidence before it ages."""


archive.add_command(export)
archive.add_command(check)
archive.add_command(evidence)
archive.add_command(renew)
