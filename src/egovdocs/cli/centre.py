"""``egovdocs centre``: send messages of a centre's own system to the site, through the gateway."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree

from egovdocs.cli.command_errors import CommandFailed, report_errors
from egovdocs.cli.command_files import FILE, read_password, replace_file
from egovdocs.integrations import registration_messages
from egovdocs.integrations.centres import hand_in_messages, state_query_messages
from egovdocs.integrations.centres.hand_in_messages import Scan
from egovdocs.integrations.external_system_errors import ExternalSystemError
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.registration_messages import RegistrationRefusal
from egovdocs.signing import SigningError, holder, load_pkcs12, sign

OUT = click.Path(path_type=Path, dir_okay=False)
TIMEOUT = 60.0  # seconds: the gateway and the site query others before they respond

T = TypeVar("T")


@click.group()
@click.option("--gateway", "url", required=True, help="The gateway's URL.")
@click.option("--gateway-certificate", type=FILE, required=True, help="The gateway's certificate (PEM).")
@click.option("--key", type=FILE, required=True, help="The key of the centre's system (.p12).")
@click.option(
    "--password-file", type=FILE, help="A file whose first line is the password. [default: a prompt]"
)
@click.option("--sender", default="centre", show_default=True, help="The centre's login at the gateway.")
@click.pass_context
def centre(
    context: click.Context,
    url: str,
    gateway_certificate: Path,
    key: Path,
    password_file: Path | None,
    sender: str,
) -> None:
    """Hand in requests through the gateway and query their state, as a centre's own system does."""
    logging.getLogger("egovdocs.integrations").setLevel(logging.CRITICAL)  # the command reports the error
    try:
        certificate = load_pem_x509_certificate(gateway_certificate.read_bytes())
    except ValueError:
        raise CommandFailed(f"{gateway_certificate} is not a certificate in PEM") from None
    with report_errors(SigningError, exception=CommandFailed):
        signer = load_pkcs12(key.read_bytes(), read_password(password_file))
        context.obj = GatewayClient(url, signer, certificate, Sender(sender, ""), timeout=TIMEOUT)


@centre.command("hand-in")
@click.option("--receipt", type=OUT, help="The file to write the receipt to.")
@click.argument("request", metavar="SIGNED.xml", type=FILE)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=FILE)
@click.pass_obj
def hand_in(client: GatewayClient, receipt: Path | None, request: Path, files: tuple[Path, ...]) -> None:
    """Hand in a request that an operator has signed (egovdocs sign), with the files it names.

    Exit code 0: registered; 1: refused by the regulation (P4); 2: no response or a fault. After no response
    the same SIGNED.xml can be handed in again: it is registered once.
    """
    scans = [Scan(file.name, file.read_bytes()) for file in files]
    try:
        data = hand_in_messages.build_request(request.read_bytes(), scans)
    except ValueError:
        raise CommandFailed(f"{request} is not in UTF-8, or not XML") from None
    result = _call(client, hand_in_messages.SERVICE, data, registration_messages.parse_response)
    if isinstance(result, RegistrationRefusal):
        click.echo(f"{result.step}: {result.ru}")
        sys.exit(1)
    if receipt is not None:
        replace_file(receipt, result.receipt)
    registered = f"registered {result.registered_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{result.number}, {registered}, due {result.deadline}")


@centre.command()
@click.option("--outcome", type=OUT, help="The file to write the outcome to, once there is one.")
@click.option("--handed-over-by", type=FILE, help="The key of the operator who has handed it over.")
@click.option("--operator-password-file", type=FILE, help="A file with that key's password.")
@click.argument("number")
@click.pass_obj
def state(
    client: GatewayClient,
    outcome: Path | None,
    handed_over_by: Path | None,
    operator_password_file: Path | None,
    number: str,
) -> None:
    """Query the state of the request NUMBER, or state that its outcome was handed over."""
    signer = client.signer
    if handed_over_by is not None:
        with report_errors(SigningError, exception=CommandFailed):
            signer = load_pkcs12(handed_over_by.read_bytes(), read_password(operator_password_file))
    query = state_query_messages.StateQuery(
        centre=holder(signer.certificate).bin or "", number=number, handed_over=handed_over_by is not None
    )
    data = state_query_messages.build_request(sign(state_query_messages.build_query(query), signer))
    found = _call(client, state_query_messages.SERVICE, data, state_query_messages.parse_response)
    if outcome is not None and found.outcome is not None:
        replace_file(outcome, found.outcome)
    handed_over = f", handed over {found.handed_over_at:%Y-%m-%d %H:%M} UTC" if found.handed_over_at else ""
    click.echo(f"{found.number}: {found.state} ({found.ru}), due {found.deadline}{handed_over}")


def _call(
    client: GatewayClient, service: str, data: etree._Element, parse: Callable[[etree._Element], T]
) -> T:
    """:raises CommandFailed: there is no usable response."""
    try:
        return client.call(service, data, parse)
    except Fault as fault:
        raise CommandFailed(f"{fault.code}: {fault.explanation}") from None
    except ExternalSystemError as problem:
        raise CommandFailed(f"{problem}. It is not known whether it arrived: send the same again.") from None
