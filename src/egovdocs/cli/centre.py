"""``egovdocs centre``: what a public service centre's own system says to the site, through the gateway."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree

from egovdocs.cli.files import FILE, Failure, read_password, replace_file, told
from egovdocs.integrations import registration_messages
from egovdocs.integrations.centres import hand_in_messages, state_query_messages
from egovdocs.integrations.centres.hand_in_messages import Scan
from egovdocs.integrations.errors import ExternalSystemError
from egovdocs.integrations.gateway.client import Fault, GatewayClient
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.integrations.registration_messages import RegistrationRefusal
from egovdocs.signing import SigningError, holder, load_pkcs12, sign

OUT = click.Path(path_type=Path, dir_okay=False)
PATIENCE = 60.0  # seconds: gateway and site ask others before they answer

T = TypeVar("T")


@click.group()
@click.option("--gateway", "url", required=True, help="The gateway's address.")
@click.option("--gateway-certificate", type=FILE, required=True, help="The gateway's certificate (PEM).")
@click.option("--key", type=FILE, required=True, help="The centre's system's key (.p12).")
@click.option("--password-file", type=FILE, help="A file whose first line is the key's password.")
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
    """Hand requests in through the gateway, and ask what became of them, as a centre's own system does."""
    logging.getLogger("egovdocs.integrations").setLevel(logging.CRITICAL)  # what is wrong is said once
    try:
        certificate = load_pem_x509_certificate(gateway_certificate.read_bytes())
    except ValueError:
        raise Failure(f"{gateway_certificate} is no certificate in PEM") from None
    with told(SigningError, by=Failure):
        system = load_pkcs12(key.read_bytes(), read_password(password_file))
        context.obj = GatewayClient(url, system, certificate, Sender(sender, ""), timeout=PATIENCE)


@centre.command("hand-in")
@click.option("--receipt", type=OUT, help="Where to write the sealed receipt.")
@click.argument("request", metavar="SIGNED.xml", type=FILE)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=FILE)
@click.pass_obj
def hand_in(gateway: GatewayClient, receipt: Path | None, request: Path, files: tuple[Path, ...]) -> None:
    """Hand in a request that an operator has signed (egovdocs sign), with the files it names.

    Exit 0 when it is registered, 1 when the regulation refuses it (P4), 2 when there is no answer or a fault.
    Whoever saw no answer hands the same SIGNED.xml in again: it has one number.
    """
    scans = [Scan(file.name, file.read_bytes()) for file in files]
    try:
        question = hand_in_messages.build_request(request.read_bytes(), scans)
    except ValueError:
        raise Failure(f"{request} is not in UTF-8, or no XML") from None
    answer = _ask(gateway, hand_in_messages.SERVICE, question, registration_messages.parse_response)
    if isinstance(answer, RegistrationRefusal):
        click.echo(f"{answer.step}: {answer.ru}")
        sys.exit(1)
    if receipt is not None:
        replace_file(receipt, answer.receipt)
    registered = f"registered {answer.registered_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{answer.number}, {registered}, due {answer.deadline}")


@centre.command()
@click.option("--outcome", type=OUT, help="Where to write the outcome, once there is one.")
@click.option("--handed-over-by", type=FILE, help="The key of the operator who has handed it over.")
@click.option("--operator-password-file", type=FILE, help="A file with that key's password.")
@click.argument("number")
@click.pass_obj
def state(
    gateway: GatewayClient,
    outcome: Path | None,
    handed_over_by: Path | None,
    operator_password_file: Path | None,
    number: str,
) -> None:
    """Ask where the request of a NUMBER stands; or tell that its outcome was handed over."""
    signer = gateway.signer
    if handed_over_by is not None:
        with told(SigningError, by=Failure):
            signer = load_pkcs12(handed_over_by.read_bytes(), read_password(operator_password_file))
    question = state_query_messages.StateQuery(
        centre=holder(signer.certificate).bin or "", number=number, handed_over=handed_over_by is not None
    )
    data = state_query_messages.build_request(sign(state_query_messages.build_query(question), signer))
    answer = _ask(gateway, state_query_messages.SERVICE, data, state_query_messages.parse_response)
    if outcome is not None and answer.outcome is not None:
        replace_file(outcome, answer.outcome)
    handed = f", handed over {answer.handed_over_at:%Y-%m-%d %H:%M} UTC" if answer.handed_over_at else ""
    click.echo(f"{answer.number}: {answer.state} ({answer.ru}), due {answer.deadline}{handed}")


def _ask(
    gateway: GatewayClient, service: str, question: etree._Element, read: Callable[[etree._Element], T]
) -> T:
    """:raises Failure: there is no answer that can be used."""
    try:
        return gateway.call(service, question, read)
    except Fault as fault:
        raise Failure(f"{fault.code}: {fault.explanation}") from None
    except ExternalSystemError as problem:
        raise Failure(f"{problem}. Whether it arrived is not known: send the same again.") from None
