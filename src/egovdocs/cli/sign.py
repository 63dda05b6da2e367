"""``egovdocs sign``: sign a document with a key file, without a site."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from egovdocs.cli.command_errors import CommandFailed, report_errors
from egovdocs.cli.command_files import FILE, read_password, replace_file
from egovdocs.signing import SigningError, load_pkcs12
from egovdocs.signing import sign as sign_document


@click.command()
@click.option("--key", type=FILE, required=True, help="The key file (.p12 or .pfx).")
@click.option(
    "--password-file", type=FILE, help="A file whose first line is the password. [default: a prompt]"
)
@click.argument("source", metavar="IN.xml", type=FILE)
@click.argument("target", metavar="OUT.xml", type=click.Path(path_type=Path, dir_okay=False))
def sign(key: Path, password_file: Path | None, source: Path, target: Path) -> None:
    """Sign IN.xml and write OUT.xml: an enveloped XAdES baseline signature over the whole document.

    Exit code 0: signed; 2: not signed, and OUT.xml is unchanged.
    """
    with report_errors(SigningError, UnicodeDecodeError, exception=CommandFailed):
        signer = load_pkcs12(key.read_bytes(), read_password(password_file))
        certificate, now = signer.certificate, datetime.now(UTC)
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            click.echo("The certificate is not in date: the signature will not be accepted.", err=True)
        replace_file(target, sign_document(source.read_bytes(), signer))
