"""``egovdocs serve``: the site, on one machine."""

from __future__ import annotations

from pathlib import Path

import click
from pyramid.paster import setup_logging
from pyramid.scripts.common import get_config_loader

from egovdocs.cli import sites
from egovdocs.cli.demo_site import ensure_demo_site, logins


@click.command()
@sites.config_option
def serve(config: Path) -> None:
    """Start the site. A demo site is created in its folder on the first start."""
    setup_logging(str(config))
    settings = sites.read_settings(config)
    if settings.demo:
        ensure_demo_site(settings, progress=click.echo)
    loader = get_config_loader(str(config))
    app = loader.get_wsgi_app()
    if settings.demo:
        click.echo(logins(settings))
    click.echo(f"egovdocs is served at {settings.site_url}  (Ctrl+C stops it)")
    loader.get_wsgi_server()(app)
