"""``egovdocs archive evidence`` and ``renew``: list and renew evidence that is about to age."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from egovdocs.app.open_office import open_office
from egovdocs.casework.evidence.renew_evidence import documents_to_renew
from egovdocs.casework.evidence.take_evidence import evidence_message, take_evidence
from egovdocs.cli import sites
from egovdocs.content import place_of, site_in
from egovdocs.signing import SigningError


@click.command()
@sites.config_option
@click.pass_context
def evidence(context: click.Context, config: Path) -> None:
    """List the documents whose evidence ages within half a year, and those without evidence.

    The site must not be running. Exit code 0: there are no such documents; 1: there are.
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


@click.command()
@sites.config_option
@click.pass_context
def renew(context: click.Context, config: Path) -> None:
    """Renew evidence that ages within half a year by an archive time-stamp, and take missing evidence.

    The site must not be running; a running site does this itself. Exit code 0: all is done; 1: some is not.
    """
    settings = sites.read_settings(config)
    office = open_office(settings)
    if office.timestamper is None:
        raise click.ClickException("egovdocs.timestamp_url is not set: there is no time-stamping service")
    with sites.database(settings) as opened:
        reading = partial(site_in, opened)

        def remaining() -> list[dict[str, Any]]:
            with reading() as site:
                return [evidence_message(document) for document in documents_to_renew(office, site)]

        before = remaining()
        for message in before:
            try:
                store = take_evidence(office, reading, message)
            except SigningError as problem:
                click.echo(f"{'/'.join(message['place'])}: {problem}", err=True)
                continue
            if store is not None:
                with reading() as site:
                    store(site)
        left = len(remaining())
    click.echo(f"{len(before) - left} renewed or taken, {left} not.")
    context.exit(1 if left else 0)
