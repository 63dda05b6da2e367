"""``egovdocs serve``: the site, on one machine."""

from __future__ import annotations

from pathlib import Path

import click
from pyramid.paster import get_appsettings, setup_logging
from pyramid.scripts.common import get_config_loader

from egovdocs.cli.demo_site import ensure_demo_site, logins
from egovdocs.settings import Settings, SettingsError


@click.command()
@click.option(
    "--config",
    default="development.ini",
    show_default=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The site's ini file.",
)
def serve(config: Path) -> None:
    """Start the site. A demo site is created in its folder on the first start."""
    setup_logging(str(config))
    loader = get_config_loader(str(config))
    ini = get_appsettings(str(config))
    try:
        settings = Settings.read(ini)
    except SettingsError as problem:
        raise click.ClickException(f"{config} is not ready:\n{problem}") from None
    if settings.demo:
        ensure_demo_site(settings, progress=click.echo)
    app = loader.get_wsgi_app()
    if settings.demo:
        click.echo(logins(settings))
    click.echo(f"egovdocs is served at {settings.site_url}  (Ctrl+C stops it)")
    loader.get_wsgi_server()(app)
