"""``egovdocs trust``: keep the revocation data of a trust store current, and serve time-stamps."""

from __future__ import annotations

import click

from egovdocs.cli.trust.ask_responder import ask
from egovdocs.cli.trust.fetch_lists import fetch
from egovdocs.cli.trust.serve_timestamps import tsa
from egovdocs.cli.trust.show_status import status


@click.group()
def trust() -> None:
    """Keep revocation lists current, query OCSP responders, and serve time-stamps."""


trust.add_command(tsa)
trust.add_command(fetch)
trust.add_command(status)
trust.add_command(ask)
