"""``egovdocs serve``: serve the site on one machine."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
from pyramid.paster import setup_logging
from pyramid.scripts.common import get_config_loader

from egovdocs.cli import sites
from egovdocs.cli.command_errors import report_errors
from egovdocs.content import DatabaseError
from egovdocs.schemas import ServiceError
from egovdocs.signing import SigningError


@click.command()
@sites.config_option
def serve(config: Path) -> None:
    """Serve the site. A demo site is created in its folder at the first start."""
    setup_logging(str(config))
    settings = sites.read_settings(config)
    # By name, because production code does not import the sandbox.
    demo = import_module("egovdocs.sandbox.demo_site") if settings.demo else None
    loader = get_config_loader(str(config))
    with report_errors(DatabaseError, ServiceError, SigningError):
        if demo is not None:
            demo.ensure_demo_site(settings, progress=click.echo)
        app = loader.get_wsgi_app()
    if demo is not None:
        click.echo(demo.describe_logins(settings))
    click.echo(f"egovdocs is served at {settings.site_url}  (Ctrl+C stops it)")
    loader.get_wsgi_server()(app)
