"""``egovdocs gateway``: serve the stub of the e-government gateway, its registers and the payment gateway."""

from __future__ import annotations

import logging
from pathlib import Path

import click
import waitress
from cryptography.x509 import load_pem_x509_certificate

from egovdocs.cli.command_errors import report_errors
from egovdocs.cli.command_files import FILE
from egovdocs.integrations.gateway.client import GatewayClient
from egovdocs.integrations.gateway.messages import Sender
from egovdocs.sandbox.fault_injection import FaultInjection, Faults
from egovdocs.sandbox.gateway_stub import MAX_BYTES, CsvRegisters, application, stub_endpoint
from egovdocs.sandbox.payment_stub import PaymentStub
from egovdocs.signing import SigningError, load_pkcs12

SITE_TIMEOUT = 30.0  # seconds: the site queries the registers before it responds
THREADS = 8  # while some wait for the site, others serve the site's queries


@click.command()
@click.option("--listen", default="127.0.0.1:6544", show_default=True, help="Address and port.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="A folder with persons.csv, entities.csv and powers.csv.",
)
@click.option("--key", type=FILE, required=True, help="The gateway's own key (.p12).")
@click.option("--password-file", type=FILE, required=True, help="A file with the key's password.")
@click.option(
    "--caller",
    "callers",
    type=FILE,
    multiple=True,
    required=True,
    help="The certificate (PEM) of a system whose requests are accepted.",
)
@click.option(
    "--forward", metavar="URL", help="The site's /gateway, where centres' requests are forwarded to."
)
@click.option("--site-certificate", type=FILE, help="The certificate (PEM) that signs the site's responses.")
@click.option(
    "--payments",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Act as the payment gateway too, and store its payments in this file.",
)
@click.option(
    "--control",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For tests: a JSON file of faults to inject, such as delay, down or forged.",
)
def gateway(
    listen: str,
    data: Path,
    key: Path,
    password_file: Path,
    callers: tuple[Path, ...],
    forward: str | None,
    site_certificate: Path | None,
    payments: Path | None,
    control: Path | None,
) -> None:
    """Serve a stub of the gateway and its registers, for trials and tests.

    It implements the gateway's SOAP over HTTP, verifies each caller's signature and signs its responses. With
    --forward it also forwards to the site what a centre's own system sends (egovdocs centre). With --payments
    it has pages to pay at, and sends a notice of each payment to the site at --forward.
    """
    if (forward is None) != (site_certificate is None):
        raise click.UsageError("--forward and --site-certificate go together.")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with report_errors(SigningError, ValueError):
        signer = load_pkcs12(key.read_bytes(), password_file.read_text("utf-8").strip())
        certificates = [load_pem_x509_certificate(caller.read_bytes()) for caller in callers]
        site = None
        if forward is not None and site_certificate is not None:
            certificate = load_pem_x509_certificate(site_certificate.read_bytes())
            site = GatewayClient(forward, signer, certificate, Sender("gateway", ""), timeout=SITE_TIMEOUT)
        payment_stub = None
        if payments is not None:
            payment_stub = PaymentStub(
                payments,
                f"http://{listen}",
                site,
                lambda: control is not None and Faults.read(control).silent,
            )
            payment_stub.start_notifying()
        reply = stub_endpoint(CsvRegisters(data), signer, certificates, site, payment_stub).reply
    if control is not None:
        reply = FaultInjection(reply, signer, control)
    click.echo(f"The gateway stub listens on http://{listen}")
    waitress.serve(
        application(reply, payment_stub),
        listen=listen,
        threads=THREADS,
        max_request_body_size=MAX_BYTES,
        ident=None,
    )
