"""``egovdocs trust tsa``: serve time-stamps."""

from __future__ import annotations

from pathlib import Path

import click
import waitress

from egovdocs.cli.command_errors import report_errors
from egovdocs.cli.command_files import FILE, read_password
from egovdocs.signing import SigningError, load_pkcs12
from egovdocs.signing.timestamps.tokens import MAX_MESSAGE_BYTES
from egovdocs.signing.timestamps.tsa import EXAMPLE_POLICY, TimestampAuthority


@click.command()
@click.option("--key", type=FILE, required=True, help="The authority's key file (.p12 or .pfx).")
@click.option(
    "--password-file", type=FILE, help="A file whose first line is the password. [default: a prompt]"
)
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:3161", show_default=True)
@click.option(
    "--policy", metavar="OID", default=EXAMPLE_POLICY, show_default=True, help="The policy of the tokens."
)
def tsa(key: Path, password_file: Path | None, listen: str, policy: str) -> None:
    """Run a time-stamping authority (RFC 3161 over HTTP) until stopped."""
    with report_errors(SigningError, UnicodeDecodeError):
        authority = TimestampAuthority(load_pkcs12(key.read_bytes(), read_password(password_file)), policy)
    try:
        server = waitress.create_server(
            authority, listen=listen, ident=None, max_request_body_size=MAX_MESSAGE_BYTES + 1, threads=2
        )
    except (OSError, ValueError) as problem:
        raise click.ClickException(f"{listen}: {problem}") from None
    click.echo(f"Time-stamps at http://{server.effective_host}:{server.effective_port}/")
    server.run()
