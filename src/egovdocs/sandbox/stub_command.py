"""``egovdocs gateway``: a stand-in of the e-government gateway (ШЭП), its registers and the ПШЭП."""

from __future__ import annotations

import logging
from pathlib import Path

import click
import waitress
from cryptography.x509 import load_pem_x509_certificate

from egovdocs.cli.files import FILE, told
from egovdocs.integrations.gateway.channel import Gateway, Sender
from egovdocs.sandbox.fault_injection import Mischief, Switches
from egovdocs.sandbox.gateway_stub import MAX_BYTES, CsvRegisters, application, endpoint
from egovdocs.sandbox.payment_stub import Till
from egovdocs.signing import SigningError, load_pkcs12

PATIENCE = 30.0  # seconds: the site asks the registers before it answers
THREADS = 8  # while some wait for the site, it asks others


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
    "--caller", "callers", type=FILE, multiple=True, required=True, help="A certificate (PEM) that may ask."
)
@click.option("--forward", metavar="URL", help="The site's /gateway, to carry centres' messages to.")
@click.option("--site-certificate", type=FILE, help="The certificate (PEM) of the site's answers there.")
@click.option(
    "--payments",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Stand in for the payment gateway too, and keep its payments in this file.",
)
@click.option(
    "--control",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For tests: a JSON file of what is to go wrong, such as delay, down or forged.",
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
    """Serve a stand-in of the gateway and its registers, for trying out and for tests.

    It speaks the gateway's SOAP over HTTP, checks each caller's signature and signs its answers. With
    --forward it also carries to the site what a centre's own system hands in (egovdocs centre). With
    --payments it has pages to pay at, and tells the site at --forward of each payment.
    """
    if (forward is None) != (site_certificate is None):
        raise click.UsageError("--forward and --site-certificate go together.")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with told(SigningError, ValueError):
        signer = load_pkcs12(key.read_bytes(), password_file.read_text("utf-8").strip())
        certificates = [load_pem_x509_certificate(caller.read_bytes()) for caller in callers]
        site = None
        if forward is not None and site_certificate is not None:
            theirs = load_pem_x509_certificate(site_certificate.read_bytes())
            site = Gateway(forward, signer, theirs, Sender("gateway", ""), timeout=PATIENCE)
        till = None
        if payments is not None:
            till = Till(
                payments,
                f"http://{listen}",
                site,
                lambda: control is not None and Switches.read(control).silent,
            )
            till.keep_telling()
        answer = endpoint(CsvRegisters(data), signer, certificates, site, till).answer
    if control is not None:
        answer = Mischief(answer, signer, control)
    click.echo(f"The stand-in of the gateway listens on http://{listen}")
    waitress.serve(
        application(answer, till), listen=listen, threads=THREADS, max_request_body_size=MAX_BYTES, ident=None
    )
