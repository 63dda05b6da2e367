"""``egovdocs trust``: what trust needs day by day, revocation lists and time."""

from __future__ import annotations

from pathlib import Path

import click
import waitress

from egovdocs.signing import SigningError, load_pkcs12
from egovdocs.signing.timestamping import EXAMPLE_POLICY, TimestampAuthority
from egovdocs.signing.timestamps import MAX_BYTES

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def trust() -> None:
    """Keep revocation lists fresh, and give time-stamps."""


@trust.command()
@click.option("--key", type=FILE, required=True, help="The authority's key file (.p12 or .pfx).")
@click.option(
    "--password-file", type=FILE, help="A file whose first line is the password; asked for when left out."
)
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:3161", show_default=True)
@click.option(
    "--policy", metavar="OID", default=EXAMPLE_POLICY, show_default=True, help="The policy of the tokens."
)
def tsa(key: Path, password_file: Path | None, listen: str, policy: str) -> None:
    """Run a time-stamping authority (RFC 3161 over HTTP) until stopped."""
    try:
        authority = TimestampAuthority(load_pkcs12(key.read_bytes(), _password(password_file)), policy)
    except (SigningError, UnicodeDecodeError) as problem:
        raise click.ClickException(str(problem)) from None
    try:
        server = waitress.create_server(
            authority, listen=listen, ident=None, max_request_body_size=MAX_BYTES + 1, threads=2
        )
    except (OSError, ValueError) as problem:
        raise click.ClickException(f"{listen}: {problem}") from None
    click.echo(f"Time-stamps at http://{server.effective_host}:{server.effective_port}/")
    server.run()


def _password(file: Path | None) -> str:
    if file is None:
        return str(click.prompt("Password", hide_input=True, default="", show_default=False, err=True))
    return "".join(file.read_text("utf-8").splitlines()[:1])
