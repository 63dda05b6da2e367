"""What the commands that work on a site share: the option of its ini file, its settings, its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pyramid.paster import get_appsettings
from ZODB import DB

from egovdocs.cli.command_errors import report_errors
from egovdocs.content import DatabaseError, open_database
from egovdocs.settings import Settings, SettingsError

config_option = click.option(
    "--config",
    default="development.ini",
    show_default=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The site's ini file.",
)


def read_settings(config: Path) -> Settings:
    """Return the settings of an ini file.

    :raises click.ClickException: settings are missing or wrong; the message names each.
    """
    try:
        return Settings.read(get_appsettings(str(config)))
    except SettingsError as problem:
        raise click.ClickException(f"{config} is not ready:\n{problem}") from None


@contextmanager
def database(settings: Settings, *, any_version: bool = False) -> Iterator[DB]:
    """Open the database of a site that is not running.

    :param any_version: one of another schema version, too.
    :raises click.ClickException: it can't be opened; the message says why.
    """
    with report_errors(DatabaseError):
        opened = open_database(settings.database, any_version=any_version)
    try:
        yield opened
    finally:
        opened.close()
