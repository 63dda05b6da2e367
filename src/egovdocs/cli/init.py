"""``egovdocs init``: the folder of a new site."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import sys
from pathlib import Path

import click

from egovdocs.cli.command_errors import report_errors

TEMPLATES = Path(__file__).parent
IN_TEMPLATE = "/etc/egovdocs"
FOLDERS = ("secrets", "keys", "trust", "trust/anchors", "trust/crls", "trust/ocsp")
PASSWORDS = ("seal", "mail")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make the folder of a new site: settings, secrets, an empty trust store and a unit for systemd.

    Run it as the user that the site is to run as. A folder that holds anything is left as it is.
    """
    folder = folder.absolute()
    if folder.is_dir() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty: choose a new folder")
    if not re.fullmatch(r"[\w./+-]+", str(folder)):  # as it stands, it has a meaning in neither file
        raise click.ClickException("the folder's path may hold letters, digits and . _ + - / only")
    with report_errors():
        make_site_folder(folder)
    user = _user()
    click.echo(f"""\
{folder} is ready for a site. Before it starts:
  site.ini                 set what is marked SET
  keys/seal.p12            the site's seal, its password in secrets/seal
  keys/bank.pem            the certificate of the bank
  trust/anchors/*.pem      the certification authorities; trust/crls/*.crl their revocation lists
  secrets/mail             the password of the mail server's user
  egovdocs.service         the unit for systemd: copy it to /etc/systemd/system/
Then: egovdocs serve --config {folder / "site.ini"}""")
    if user == "root":
        click.echo(
            "Made by root: give the folder to a user of its own, and name it in egovdocs.service.", err=True
        )


def make_site_folder(folder: Path) -> None:
    """Write what a new site needs into a folder, readable by its owner alone.

    :param folder: an absolute path; nothing, or an empty folder.
    :raises OSError: a file or folder can't be made. What is there already is never replaced.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700)
    settings = (TEMPLATES / "production.ini").read_text("utf-8").replace(IN_TEMPLATE, str(folder))
    _write(folder / "site.ini", settings)
    _write(folder / "secrets" / "session", secrets.token_urlsafe(48) + "\n")
    for name in PASSWORDS:
        _write(folder / "secrets" / name, "")
    command = Path(sys.prefix) / "bin" / "egovdocs"
    unit = (TEMPLATES / "egovdocs.service").read_text("utf-8")
    _write(folder / "egovdocs.service", unit.format(user=_user(), command=command, folder=folder))


def _user() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _write(file_name: Path, text: str) -> None:
    handle = os.open(file_name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
